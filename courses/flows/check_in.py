"""打卡: once a local day, with a line, a picture or a sound; missed days are made up for by cards (補卡)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from courses.files import store
from courses.models import CheckIn, CheckInReport, Cohort, Enrolment, Media
from courses.permissions import Can, people_with
from courses.reads.check_ins import is_missed
from kit import audit
from kit.clock import local_date, now
from kit.text import strip_controls
from notices.flows import Words, notify_many

SEEN_OR_HEARD: tuple[Any, ...] = (Media.Kind.IMAGE, Media.Kind.AUDIO, Media.Kind.VIDEO)


class NoCardLeft(Exception):
    """All make-up cards of this class are used."""


class NotMissed(Exception):
    """That day needs no card: it is checked in, a day off, not yet over, or before day 1."""


def check_in(*, enrolment: Enrolment, note: str = "", file: Any = None, is_hidden: bool = False) -> CheckIn:
    """Check in for the learner's local today. A second time the same day only adds what was missing: the note, the file.

    Raises FileRefused; then nothing is written.
    """
    note, moment = strip_controls(note).strip()[:300], now()
    stored = store(file=file, folder="check-in", limit=settings.CHECK_IN_MAX_BYTES, kinds=SEEN_OR_HEARD) if file else None
    added = {"key": stored.key, "content_type": stored.content_type} if stored else {}
    values = {"note": note, "is_hidden": is_hidden, "at": moment, **added}
    day = local_date(moment, enrolment.user.time_zone)
    row, created = CheckIn.objects.get_or_create(enrolment=enrolment, day=day, defaults=values)
    if not created:
        own = CheckIn.objects.filter(pk=row.pk)
        if note:
            own.filter(note="").update(note=note)
        if added:
            own.filter(key="").update(**added)
        row.refresh_from_db()
    return row


@transaction.atomic
def make_up(*, enrolment: Enrolment, day: date) -> CheckIn:
    """Use a card for a missed day. Raises NotMissed and NoCardLeft. The seat is locked: two tabs spend one card."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort", "user")
    seat = rows.get(pk=enrolment.pk)
    if seat.state != Enrolment.State.ACTIVE or not is_missed(seat, day):
        raise NotMissed
    if seat.check_ins.filter(by_card=True).count() >= seat.cohort.make_up_cards:
        raise NoCardLeft
    return CheckIn.objects.create(enrolment=seat, day=day, by_card=True, is_hidden=True, at=now())


@transaction.atomic
def set_make_up_cards(*, cohort: Cohort, cards: int, actor: Any) -> None:
    """How many cards each student of the class has in all; what is spent stays spent."""
    row = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before, row.make_up_cards = row.make_up_cards, cards
    if before != cards:
        row.save(update_fields=["make_up_cards"])
        audit.record(actor=actor, action="cohort.make_up_cards", target=row.seat_ref, before=before, after=cards)


def hide_check_in(*, check_in: CheckIn, is_hidden: bool) -> None:
    """Its maker takes it off the class's wall, or puts it back."""
    CheckIn.objects.filter(pk=check_in.pk).update(is_hidden=is_hidden)


@transaction.atomic
def report_check_in(*, check_in: CheckIn, reporter: Any, reason: str) -> None:
    """Somebody of the class shows it to the team, once each; the team is told of the first. It stays until they take it off."""
    row = CheckIn.objects.select_for_update(of=("self",)).select_related("enrolment__cohort__course").get(pk=check_in.pk)
    report, created = CheckInReport.objects.get_or_create(
        check_in=row, reporter=reporter, defaults={"reason": reason.strip()[:300], "at": now()}
    )
    if created:
        cohort = row.enrolment.cohort
        words = Words(gettext_noop("A check-in of %(class)s was reported"), report.reason, {"class": cohort.name})
        team = people_with(cohort.course, Can.ANSWER)
        notify_many(
            users=team,
            kind="course.report",
            key=f"check_in:{row.pk}:reported",
            url=reverse("courses:wall", args=[cohort.slug]),
            words=words,
        )


@transaction.atomic
def remove_from_wall(*, check_in: CheckIn, actor: Any) -> None:
    """The course's team takes it off the wall for good; the day still counts for its maker."""
    if CheckIn.objects.filter(pk=check_in.pk, removed_at=None).update(removed_at=now()):
        audit.record(actor=actor, action="check_in.remove", target=f"check_in:{check_in.pk}")
