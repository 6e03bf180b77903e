"""Joining a programme: at once, by application, by invitation; and the channels that the agreement asks for."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kit import audit
from kit.clock import now
from notices.flows import Words, notify
from shop.referrals.models import Admission, Agreement, Case, Channel, Programme, ProgrammeVersion

State = Admission.State


class CannotJoin(Exception):
    """The programme asks for more than a press; the text is for the person."""


class VersionChanged(CannotJoin):
    """The rules changed while they were being read: read them again."""


def signature_of(version: ProgrammeVersion) -> str:
    """The digest of what was agreed to: rules and text, as they stood."""
    read = json.dumps({"rules": version.rules, "text": version.text}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(read.encode()).hexdigest()


@transaction.atomic
def join_programme(*, user: Any, programme: Programme, read: int | None = None) -> Agreement:
    """Accept the rules in force, by record. Joining again changes nothing. `read`: the version's id that the page showed.

    Raises VersionChanged; CannotJoin where the programme is closed, or asks for an application or an invitation.
    """
    row = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    live = Agreement.objects.filter(user=user, programme=row, ended_at=None).first()
    if live is not None:
        return live
    if not row.is_open:
        raise CannotJoin(_("This programme is closed."))
    if is_barred(user) and not _is_invited(user, row):
        raise CannotJoin(_("Your agreement was ended by a decision. Write to the school if you want to come back."))
    if row.joining != Programme.Joining.OPEN and not _is_admitted(user, row):
        raise CannotJoin(_("This programme asks for an application or an invitation first."))
    version = row.versions.order_by("-number")[0]
    if read is not None and read != version.pk:
        raise VersionChanged(_("The rules have just changed. Please read them again."))
    Admission.objects.filter(user=user, programme=row, state=State.INVITED).update(state=State.ACCEPTED, decided_at=now())
    agreement = Agreement.objects.create(
        user=user, programme=row, version=version, signature=signature_of(version), accepted_at=now()
    )
    audit.record(
        actor=user,
        action="agreement.signed",
        target=f"programme:{row.pk}",
        after={"version": version.number, "signature": agreement.signature},
    )
    return agreement


def is_barred(user: Any) -> bool:
    """Whether a case ended this referrer's agreements, by the decision that is in force."""
    ended = Case.Decision.END_AGREEMENT
    return Case.objects.filter(Q(final=ended) | Q(final="", decision=ended), link__owner=user).exists()


def _is_invited(user: Any, programme: Programme) -> bool:
    return Admission.objects.filter(user=user, programme=programme, state=State.INVITED).exists()


def _is_admitted(user: Any, programme: Programme) -> bool:
    states = [State.INVITED, State.ACCEPTED]
    return Admission.objects.filter(user=user, programme=programme, state__in=states).exists()


@transaction.atomic
def apply_to_join(*, user: Any, programme: Programme, message: str) -> Admission:
    """Ask to be let into a programme. Asking again changes nothing; what was refused stays refused.

    Raises CannotJoin for a programme that takes no applications.
    """
    if not programme.is_open or programme.joining != Programme.Joining.APPLICATION:
        raise CannotJoin(_("This programme takes no applications."))
    defaults = {"state": State.WAITING, "message": message.strip()[:1000], "created_at": now()}
    return Admission.objects.get_or_create(user=user, programme=programme, defaults=defaults)[0]


@transaction.atomic
def invite(*, user: Any, programme: Programme, actor: Any) -> Admission:
    """Offer somebody a place; they still agree by themselves. An invitation also answers an application."""
    fields = {"state": State.INVITED, "decided_at": now()}
    row, _made = Admission.objects.update_or_create(
        user=user, programme=programme, defaults=fields, create_defaults={**fields, "created_at": now()}
    )
    audit.record(actor=actor, action="programme.invited", target=f"programme:{programme.pk}", after={"user": user.pk})
    _tell(row, gettext_noop("You are invited: %(programme)s"), gettext_noop("Read the rules and agree, and your link is ready."))
    return row


@transaction.atomic
def decide_application(*, admission: Admission, accept: bool, actor: Any, reason: str = "") -> Admission:
    """Let an applicant in, or not. A decision is final."""
    row = Admission.objects.select_for_update(of=("self",)).select_related("programme", "user").get(pk=admission.pk)
    if row.state != State.WAITING:
        return row
    row.state, row.reason, row.decided_at = State.ACCEPTED if accept else State.REFUSED, reason.strip()[:300], now()
    row.save(update_fields=["state", "reason", "decided_at"])
    audit.record(
        actor=actor,
        action="programme.application",
        target=f"programme:{row.programme_id}",
        before=str(State.WAITING),
        after={"state": str(row.state), "user": row.user_id},
        reason=row.reason,
    )
    if accept:
        _tell(row, gettext_noop("You may join: %(programme)s"), gettext_noop("Read the rules and agree, and your link is ready."))
    else:
        _tell(row, gettext_noop("Not this time: %(programme)s"), gettext_noop("Your application was not accepted."))
    return row


def _tell(row: Admission, title: str, body: str) -> None:
    notify(
        user=row.user,
        kind="promote",
        key=f"admission:{row.pk}:{row.state}",
        url="/promote/",
        words=Words(title, body, {"programme": row.programme.name}),
    )


@transaction.atomic
def end_agreement(*, agreement: Agreement, actor: Any, reason: str) -> None:
    """From now on this referrer's links to the programme earn nothing; what was earned stays."""
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.ended_at is None:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        after = {"user": row.user_id, "ended_at": row.ended_at.isoformat()}
        audit.record(actor=actor, action="agreement.ended", target=f"programme:{row.programme_id}", after=after, reason=reason)


@transaction.atomic
def register_channel(*, user: Any, kind: str, address: str) -> Channel:
    """Name a place where one shares. Naming it again changes nothing."""
    values = {"kind": kind, "address": address.strip()[:300]}
    return Channel.objects.get_or_create(user=user, ended_at=None, **values, defaults={"registered_at": now()})[0]


def end_channel(*, channel: Channel) -> None:
    """One no longer shares there; the record stays."""
    Channel.objects.filter(pk=channel.pk, ended_at=None).update(ended_at=now())
