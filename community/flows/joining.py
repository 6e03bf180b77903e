"""Coming in by oneself: through an open door, with a credential, a code or an invitation; accepting rules, naming interests."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.emails import folded_email, verified_emails
from community import door, ways
from community.errors import Refused, TooFast
from community.flows.spaces import join
from community.models import CodeGuess, Interest, Membership, Pass, Space
from kit.clock import now

MINUTE = timedelta(minutes=1)


@transaction.atomic
def join_by_oneself(*, user: Any, space: Space, accepted: int = 0, interests: Iterable[str] = ()) -> Membership:
    """A place in a space whose door is open to this person: to everybody, or to holders of a credential.

    `accepted` is the version of the rules that the person accepted. Raises Refused.
    """
    locked = lock_open_space(user, space)
    given = ways.place_given(user, locked)
    if locked.way not in door.BY_ONESELF and not given:
        raise Refused(_("This space cannot be joined by oneself."))
    return settle_in(user=user, space=locked, accepted=accepted, interests=interests, source=given)


@transaction.atomic
def join_with_invitation(*, user: Any, space: Space, secret: str, accepted: int = 0, interests: Iterable[str] = ()) -> Membership:
    """A place by an invitation's link, whatever the space's way in. One for an e-mail address serves its owner alone.

    Raises Refused.
    """
    locked = lock_open_space(user, space)
    return _use_pass(user, locked, secret, (Pass.Kind.LINK, Pass.Kind.EMAIL), accepted, interests)


def join_with_code(*, user: Any, space: Space, code: str, accepted: int = 0, interests: Iterable[str] = ()) -> Membership:
    """A place by a code that is typed. A wrong one is remembered even though it is refused. Raises Refused or TooFast."""
    with transaction.atomic():
        guess = _note_guess(user)
    with transaction.atomic():
        locked = lock_open_space(user, space)
        if locked.way != Space.Way.CODE:
            raise Refused(_("This space cannot be joined by a code."))
        membership = _use_pass(user, locked, door.folded_code(code), (Pass.Kind.CODE,), accepted, interests)
        guess.delete()
        return membership


@transaction.atomic
def accept_rules(*, user: Any, space: Space, accepted: int) -> None:
    """The member accepts the rules as they are now. Raises Refused where they changed since they were shown."""
    locked = Space.objects.select_for_update().get(pk=space.pk)
    _require_current(locked, accepted)
    live = Membership.objects.filter(user=user, space=locked, ended_at=None, rules_version__lt=locked.rules_version)
    live.update(rules_version=locked.rules_version, rules_accepted_at=now())


@transaction.atomic
def choose_interests(*, user: Any, space: Space, interests: Iterable[str]) -> None:
    """These of the space's topics of interest and no others; what the space does not offer is left out."""
    wanted = [tag for tag in space.interests if tag in set(interests)]
    Interest.objects.filter(user=user, space=space).exclude(tag__in=wanted).delete()
    Interest.objects.bulk_create([Interest(user=user, space=space, tag=tag) for tag in wanted], ignore_conflicts=True)


def settle_in(*, user: Any, space: Space, accepted: int, interests: Iterable[str], source: str = "") -> Membership:
    """The place itself, with what was accepted and chosen at the door. Needs the space's lock."""
    _require_current(space, accepted)
    membership = join(user=user, space=space, source=source)
    accept_rules(user=user, space=space, accepted=accepted)
    choose_interests(user=user, space=space, interests=interests)
    membership.refresh_from_db()
    return membership


def lock_open_space(user: Any, space: Space) -> Space:
    """The space under its lock: its way in and its rules stay as they are until the person is in. Raises Refused."""
    locked = Space.objects.select_for_update().get(pk=space.pk)
    if locked.archived_at is not None:
        raise Refused(_("This space is archived: everything can be read, nothing is added."))
    if door.was_removed(user, locked):
        raise Refused(_("Those who run this space ended your place here."))
    return locked


def lock_pass(space: Space, secret: str, kinds: Iterable[Any]) -> Pass | None:
    """The pass under its lock, so that the last use is given once."""
    return Pass.objects.select_for_update().filter(space=space, secret=secret, kind__in=kinds).first() if secret else None


def _use_pass(user: Any, space: Space, secret: str, kinds: Iterable[Any], accepted: int, interests: Iterable[str]) -> Membership:
    found = lock_pass(space, secret, kinds)
    if found is None or not door.is_live(found):
        raise Refused(_("This code or invitation is not valid (any more)."))
    if found.email and folded_email(found.email) not in verified_emails(user.pk):
        raise Refused(_("This invitation is for another e-mail address. Add it to your account and confirm it, then come back."))
    known = Membership.objects.filter(user=user, space=space, ended_at=None).exists()
    membership = settle_in(user=user, space=space, accepted=accepted, interests=interests)
    if not known:
        found.used += 1
        found.save(update_fields=["used"])
    return membership


def _require_current(space: Space, accepted: int) -> None:
    if space.rules and accepted != space.rules_version:
        raise Refused(_("Please read and accept the rules of this space."))


def _note_guess(user: Any) -> CodeGuess:
    """Count a code before it is looked at, so that many at once cannot pass; a good one is forgotten. Raises TooFast."""
    minute_ago = now() - MINUTE
    CodeGuess.objects.filter(at__lte=minute_ago).delete()
    guess = CodeGuess.objects.create(user=user, at=now())
    times = list(CodeGuess.objects.filter(user=user).exclude(pk=guess.pk).order_by("-at").values_list("at", flat=True))
    limit = settings.SPACE_CODE_GUESSES_PER_MINUTE
    if len(times) >= limit:
        raise TooFast(max(1, int((times[limit - 1] - minute_ago).total_seconds()) + 1))
    return guess
