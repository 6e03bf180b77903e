"""Codes and invitations: made, sent and ended by those who own the space."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.emails import folded_email
from community import access, door
from community.errors import NotSound, Refused
from community.flows.telling import space_path
from community.models import Pass, Space
from kit import audit, outbox
from kit.clock import now
from notices.flows import language_of, send_mail_in_language

SHORTEST_CODE = 6
LONGEST_CODE = 40
INVITED = "space.invited"
# Without what is mistaken for something else when it is read aloud.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@transaction.atomic
def make_code(*, by: Any, space: Space, code: str = "", max_uses: int | None = None, expires_at: datetime | None = None) -> Pass:
    """A code that opens the space; made up where none is given. Raises NotSound for a short, long or known one."""
    require_owner(by, space)
    secret = door.folded_code(code or "".join(secrets.choice(LETTERS) for _n in range(10)))
    if not SHORTEST_CODE <= len(secret) <= LONGEST_CODE:
        raise NotSound(_("A code has 6 to 40 letters and digits."))
    return _make(by, space, Pass.Kind.CODE, secret, max_uses=max_uses, expires_at=expires_at)


@transaction.atomic
def make_link(*, by: Any, space: Space, max_uses: int | None = None, expires_at: datetime | None = None) -> Pass:
    """An invitation that works for whoever holds its link."""
    require_owner(by, space)
    return _make(by, space, Pass.Kind.LINK, secrets.token_urlsafe(24), max_uses=max_uses, expires_at=expires_at)


@transaction.atomic
def invite(*, by: Any, space: Space, email: str) -> Pass:
    """An invitation by e-mail, good once and for this address; a live one to the same address is not sent again.

    Raises Refused beyond `settings.SPACE_INVITATIONS_PER_DAY` by one person: nobody is flooded from here.
    """
    require_owner(by, space)
    address = email.strip().lower()
    live = Pass.objects.filter(space=space, kind=Pass.Kind.EMAIL, ended_at=None, used=0)
    known = next((one for one in live if folded_email(one.email) == folded_email(address)), None)
    if known is not None:
        return known
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    sent = Pass.objects.filter(made_by=by, kind=Pass.Kind.EMAIL, made_at__gt=now() - timedelta(days=1))
    if sent.count() >= settings.SPACE_INVITATIONS_PER_DAY:
        raise Refused(_("Enough invitations for today; go on tomorrow."))
    made = _make(by, space, Pass.Kind.EMAIL, secrets.token_urlsafe(24), max_uses=1, email=address)
    outbox.write(topic=INVITED, key=str(made.pk), payload={"pass": made.pk})
    return made


@transaction.atomic
def end_pass(*, by: Any, one: Pass) -> None:
    """It lets nobody in any more; who came in stays."""
    require_owner(by, one.space)
    if Pass.objects.filter(pk=one.pk, ended_at=None).update(ended_at=now()):
        audit.record(actor=by, action="space.pass_ended", target=f"space:{one.space_id}", before=one.kind, after="ended")


def send_invitation(payload: dict[str, Any]) -> None:
    """Handler of `space.invited`: the mail, in the language of who owns the address, else of who invites."""
    one = Pass.objects.select_related("space", "made_by").filter(pk=payload["pass"]).first()
    if one is None or not door.is_live(one) or one.made_by is None:
        return
    reader = get_user_model().objects.filter(email__iexact=one.email, is_active=True).first()
    send_mail_in_language(
        template="community/mail/invitation",
        to=one.email,
        language=language_of(reader or one.made_by),
        context={
            "space": one.space,
            "inviter": one.made_by.display_name,
            "url": f"{settings.SITE_URL}{space_path(one.space)}join/?key={one.secret}",
        },
    )


def require_owner(by: Any, space: Space) -> access.Standing:
    """The standing of who owns this very space (or the site). Raises Refused."""
    standing = access.standing_in(by, space)
    if standing is None or not standing.may_govern:
        raise Refused(_("Only those who own this space do that."))
    return standing


def _make(by: Any, space: Space, kind: Any, secret: str, **values: Any) -> Pass:
    try:
        with transaction.atomic():
            made = Pass.objects.create(space=space, kind=kind, secret=secret, made_by=by, made_at=now(), **values)
    except IntegrityError as error:
        raise NotSound(_("This code was used here before.")) from error
    audit.record(actor=by, action="space.pass_made", target=f"space:{space.pk}", before="", after=kind)
    return made
