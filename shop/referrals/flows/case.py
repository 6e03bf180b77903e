"""A case from the first report to its end: reported, heard, decided, appealed, decided by another person. Each step has its
clock and its line in the trail; what was earned before stays earned."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.roles import OWNER
from courses.files import Stored, store
from courses.models import Media
from kit import audit
from kit.clock import now
from notices.flows import Words, notify, notify_many
from shop.referrals.flows.agreement import end_agreement
from shop.referrals.flows.clicks import address_hash
from shop.referrals.models import Agreement, Case, CaseEvidence, CaseReport, Link

MOST_PICTURES, PICTURE_BYTES = 3, 8 * 1024**2
State, Decision = Case.State, Case.Decision


class CannotDecide(Exception):
    """The step is not due, or not this person's; the text is for whoever asked."""


class TooManyReports(Exception):
    """More reports an hour from one place than `settings.REPORTS_PER_HOUR`; `retry_after` is in whole seconds (429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


def report_link(
    *, link: Link, reason: str, text: str, seen_at: str, reporter: Any, address: str, pictures: Sequence[Any] = ()
) -> Case:
    """Anyone reports; a second report of the same joins the open case. `address` '' is not counted.

    Raises TooManyReports, FileRefused; then nothing is stored.
    """
    place = address_hash(address, "report") if address else ""
    _refuse_flood(place)
    kept = [
        store(file=file, folder="cases", limit=PICTURE_BYTES, kinds=[str(Media.Kind.IMAGE)]) for file in pictures[:MOST_PICTURES]
    ]
    return _write_report(link, reason, text, seen_at, reporter, place, kept)


def _refuse_flood(place: str) -> None:
    since = now() - timedelta(hours=1)
    times = CaseReport.objects.filter(address_hash=place, at__gt=since).order_by("at").values_list("at", flat=True)
    if place and len(times) >= settings.REPORTS_PER_HOUR:
        raise TooManyReports(int((times[0] - since).total_seconds()) + 1)


@transaction.atomic
def _write_report(link: Link, reason: str, text: str, seen_at: str, reporter: Any, place: str, kept: Sequence[Stored]) -> Case:
    moment = now()
    Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    defaults = {"opened_at": moment, "due_at": moment + timedelta(days=settings.CASE_DECIDE_DAYS)}
    case, is_new = Case.objects.get_or_create(link=link, reason=reason, state=State.OPEN, defaults=defaults)
    report = CaseReport.objects.create(
        case=case, reporter=reporter, seen_at=seen_at[:500], text=text, address_hash=place, at=moment
    )
    CaseEvidence.objects.bulk_create(CaseEvidence(report=report, key=file.key) for file in kept)
    if is_new:
        audit.record(actor=reporter, action="case.opened", target=f"case:{case.pk}", after={"link": link.code, "reason": reason})
        _tell_referrer(
            case, "opened", gettext_noop("Somebody reported your link"), gettext_noop("Read what it is about, and answer.")
        )
        _tell_owners(case, "opened", gettext_noop("A link was reported"))
    return case


@transaction.atomic
def answer_case(*, case: Case, text: str) -> Case:
    """The referrer is heard, until it is decided. Raises CannotDecide afterwards."""
    row = _locked(case)
    if row.state != State.OPEN:
        raise CannotDecide(_("This case is decided already."))
    row.answer, row.answered_at = text.strip(), now()
    row.save(update_fields=["answer", "answered_at"])
    audit.record(actor=row.link.owner, action="case.answered", target=f"case:{row.pk}")
    return row


def may_decide_from(case: Case) -> Any:
    """The referrer has this long to answer before anything but nothing is decided."""
    return case.opened_at + timedelta(days=settings.CASE_ANSWER_DAYS)


@transaction.atomic
def decide_case(*, case: Case, decision: str, reason: str, actor: Any) -> Case:
    """The first decision. A penalty waits until the referrer has answered or had the time to.

    Raises CannotDecide.
    """
    row = _locked(case)
    if row.state != State.OPEN:
        raise CannotDecide(_("This case is decided already."))
    if decision != Decision.NOTHING and row.answered_at is None and now() < may_decide_from(row):
        raise CannotDecide(_("The referrer has not answered yet, and still has time to."))
    row.state, row.decision, row.decision_reason = State.DECIDED, str(Decision(decision)), reason.strip()[:1000]
    row.decided_by, row.decided_at = actor, now()
    row.save(update_fields=["state", "decision", "decision_reason", "decided_by", "decided_at"])
    _put_in_force(row, row.decision, actor, row.decision_reason)
    _record(row, "case.decided", actor, before=str(State.OPEN), after=row.decision, reason=row.decision_reason)
    _tell_referrer(row, "decided", gettext_noop("Your case is decided"), gettext_noop("Read the decision. You can appeal."))
    return row


def may_appeal_until(case: Case) -> Any:
    """The last moment to appeal; None before a decision."""
    return case.decided_at + timedelta(days=settings.CASE_APPEAL_DAYS) if case.decided_at else None


@transaction.atomic
def appeal_case(*, case: Case, text: str) -> Case:
    """Once, in time. The decision stays in force until the appeal is decided. Raises CannotDecide."""
    row = _locked(case)
    until = may_appeal_until(row)
    if row.state != State.DECIDED or until is None or now() > until:
        raise CannotDecide(_("This case cannot be appealed (any more)."))
    row.state, row.appeal, row.appealed_at = State.APPEALED, text.strip(), now()
    row.due_at, row.escalated_at = now() + timedelta(days=settings.CASE_DECIDE_DAYS), None
    row.save(update_fields=["state", "appeal", "appealed_at", "due_at", "escalated_at"])
    audit.record(actor=row.link.owner, action="case.appealed", target=f"case:{row.pk}", before=row.decision)
    _tell_owners(row, "appealed", gettext_noop("A decision about a link is appealed"))
    return row


@transaction.atomic
def decide_appeal(*, case: Case, decision: str, reason: str, actor: Any) -> Case:
    """The last word, by another owner than the first decision where there is one. A milder one takes back what was switched off.

    Raises CannotDecide.
    """
    row = _locked(case)
    if row.state != State.APPEALED:
        raise CannotDecide(_("There is no appeal to decide."))
    if row.decided_by_id == actor.pk and owners().exclude(pk=actor.pk).exists():
        raise CannotDecide(_("You took the first decision: another owner decides the appeal."))
    row.state, row.final, row.final_reason = State.CLOSED, str(Decision(decision)), reason.strip()[:1000]
    row.final_by, row.closed_at = actor, now()
    row.save(update_fields=["state", "final", "final_reason", "final_by", "closed_at"])
    _take_back(row, actor)
    _put_in_force(row, row.final, actor, row.final_reason)
    _record(row, "case.appeal_decided", actor, before=row.decision, after=row.final, reason=row.final_reason)
    _tell_referrer(row, "closed", gettext_noop("Your appeal is decided"), gettext_noop("Read the last word on your case."))
    return row


@transaction.atomic
def watch_cases() -> int:
    """Overdue cases are escalated to all owners, once a stage; what nobody appealed in time is closed. How many changed."""
    moment, changed = now(), 0
    waiting = Case.objects.filter(state__in=[State.OPEN, State.APPEALED], due_at__lt=moment, escalated_at=None)
    for row in waiting.select_for_update(of=("self",)).order_by("pk"):
        row.escalated_at = moment
        row.save(update_fields=["escalated_at"])
        audit.record(actor=None, action="case.escalated", target=f"case:{row.pk}", before=row.state)
        _tell_owners(row, f"overdue:{row.state}", gettext_noop("A case is overdue: please decide"))
        changed += 1
    over = Case.objects.filter(state=State.DECIDED, decided_at__lt=moment - timedelta(days=settings.CASE_APPEAL_DAYS))
    for row in over.select_for_update(of=("self",)).order_by("pk"):
        row.state, row.closed_at = State.CLOSED, moment
        row.save(update_fields=["state", "closed_at"])
        audit.record(actor=None, action="case.closed", target=f"case:{row.pk}", before=str(State.DECIDED))
        changed += 1
    return changed


def _put_in_force(row: Case, decision: str, actor: Any, reason: str) -> None:
    """What is earned already stays; links that are switched off bring nobody any more."""
    if decision == Decision.KILL_LINKS:
        Link.objects.filter(pk=row.link_id, killed_at=None).update(killed_at=now())
    if decision == Decision.END_AGREEMENT:
        Link.objects.filter(owner=row.link.owner_id, killed_at=None).update(killed_at=now())
        for agreement in Agreement.objects.filter(user=row.link.owner_id, ended_at=None).order_by("pk"):
            end_agreement(agreement=agreement, actor=actor, reason=reason)


def _take_back(row: Case, actor: Any) -> None:
    """What the first decision switched off works again, but for what another case keeps off. An agreement that it ended is
    signed anew by who wants to go on."""
    if row.decision in (Decision.KILL_LINKS, Decision.END_AGREEMENT):
        off = Link.objects.filter(owner=row.link.owner_id).exclude(killed_at=None)
        if row.decision == Decision.KILL_LINKS:
            off = off.filter(pk=row.link_id)
        for other in Case.objects.filter(link__owner=row.link.owner_id).exclude(pk=row.pk):
            if other.in_force == Decision.KILL_LINKS:
                off = off.exclude(pk=other.link_id)
            elif other.in_force == Decision.END_AGREEMENT:
                off = off.exclude(created_at__lte=other.closed_at if other.final else other.decided_at)
        off.update(killed_at=None)
        audit.record(actor=actor, action="case.links_restored", target=f"case:{row.pk}")


def owners() -> QuerySet[User]:
    """Who decides."""
    return User.objects.filter(groups__name=OWNER, is_active=True)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("link__owner").get(pk=case.pk)


def _record(row: Case, action: str, actor: Any, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=f"case:{row.pk}", **values)


def _tell_referrer(row: Case, step: str, title: str, body: str) -> None:
    words = Words(title, body, {})
    notify(user=row.link.owner, kind="promote", key=f"case:{row.pk}:{step}", url=f"/promote/cases/{row.pk}/", words=words)


def _tell_owners(row: Case, step: str, title: str) -> None:
    words = Words(title, gettext_noop("Read it and decide within %(days)s days."), {"days": settings.CASE_DECIDE_DAYS})
    notify_many(users=owners(), kind="case", key=f"case:{row.pk}:{step}", url=f"/admin/shop/cases/{row.pk}/", words=words)
