"""Answers and proof: sent by who wants to come in, looked at by a moderator of that very space, deleted when decided."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community import access, proofs
from community.errors import NotSound, Refused, TooFast
from community.flows.joining import choose_interests, lock_open_space, settle_in
from community.flows.spaces import join
from community.flows.telling import space_path
from community.models import Application, Space
from community.reads.places import moderators_of
from kit import audit, outbox
from kit.clock import now
from kit.storage import new_key
from kit.text import strip_controls
from notices.flows import Words, notify, notify_many, withdraw

LONGEST_ANSWER = 2000
UNUSED = "proof.unused"
FOLDER = "proofs"
State = Application.State


def apply(
    *,
    user: Any,
    space: Space,
    answers: Sequence[str],
    proof: Any = None,
    accepted: int = 0,
    interests: Iterable[str] = (),
) -> Application:
    """Ask to come in: an answer for each of the space's questions, and the document where it wants one.

    Before the document is stored, its key stands in the outbox: whatever dies on the way, an hour later it is deleted
    unless an application that waits holds it. Raises Refused, NotSound, TooLarge or TooFast; then nothing is kept.
    """
    said = _sound_answers(space, answers)
    body, suffix = proofs.checked(proof) if space.asks_proof and proof is not None else (None, "")
    if space.asks_proof and body is None:
        raise NotSound(_("Please add the document that this space asks for."))
    key = new_key(FOLDER, f"x{suffix}") if body is not None else ""
    if body is not None:
        with transaction.atomic():
            _check_rate(user)
            outbox.write(topic=UNUSED, key=key, payload={"key": key}, delay=timedelta(hours=1))
        default_storage.save(key, body)
    try:
        return _apply(user, space, said, key, accepted, interests)
    except Exception:
        if key:
            default_storage.delete(key)
        raise


@transaction.atomic
def _apply(
    user: Any, space: Space, answers: list[dict[str, str]], key: str, accepted: int, interests: Iterable[str]
) -> Application:
    locked = lock_open_space(user, space)
    _check_rate(user)
    if locked.way != Space.Way.ANSWERS:
        raise Refused(_("This space takes no applications (any more)."))
    if access.membership_in(user, locked) is not None:
        raise Refused(_("You are a member already."))
    if [entry["question"] for entry in answers] != locked.questions or locked.asks_proof != bool(key):
        raise NotSound(_("What this space asks has changed. Please look again."))
    if locked.rules and accepted != locked.rules_version:
        raise Refused(_("Please read and accept the rules of this space."))
    if Application.objects.filter(user=user, space=locked, state=State.OPEN).exists():
        raise Refused(_("Your application is waiting already."))
    made = Application.objects.create(
        user=user,
        space=locked,
        answers=answers,
        interests=[tag for tag in locked.interests if tag in set(interests)],
        rules_version=accepted if locked.rules else 0,
        proof_key=key,
        made_at=now(),
    )
    _tell_moderators(made)
    return made


@transaction.atomic
def decide(*, by: Any, application: Application, accept: bool, reason: str = "") -> Application:
    """Let the applicant in, or not, with a reason; by a moderator of that very space and never about oneself. The first
    decision stands. Raises Refused."""
    space, locked = _locked(application)
    standing = access.standing_in(by, space)
    if standing is None or not standing.may_moderate or locked.user_id == by.pk:
        raise Refused(_("Only those who moderate this space do that."))
    if locked.state != State.OPEN:
        return locked
    if accept and space.archived_at is not None:
        raise Refused(_("This space is archived: everything can be read, nothing is added."))
    chosen, version = list(locked.interests), locked.rules_version
    _close(locked, State.ACCEPTED if accept else State.REFUSED, by=by, reason=strip_controls(reason).strip()[:300])
    if accept:
        # Rules that changed meanwhile are accepted before the first post, as by every other member.
        current = space.rules_version if version == space.rules_version else 0
        _let_in(locked.user, space, current, chosen)
    target = f"space:{space.pk}"
    audit.record(actor=by, action="space.application", target=target, before=f"user:{locked.user_id}", after=locked.state)
    _tell_applicant(locked)
    return locked


@transaction.atomic
def withdraw_application(*, user: Any, application: Application) -> None:
    """The applicant thinks better of it: answers and document are deleted."""
    _space, locked = _locked(application)
    if locked.user_id == user.pk and locked.state == State.OPEN:
        _close(locked, State.WITHDRAWN)


@transaction.atomic
def expire_applications() -> int:
    """What nobody decided for `settings.PROOF_KEEP_DAYS` days ends, and its document with it. Returns how many."""
    old = now() - timedelta(days=settings.PROOF_KEEP_DAYS)
    rows = Application.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=State.OPEN, made_at__lt=old)
    ended = list(rows.select_related("space", "user").order_by("pk")[:200])
    for application in ended:
        _close(application, State.EXPIRED)
        _tell_applicant(application)
    return len(ended)


def close_all(space: Space) -> None:
    """Nobody decides any more: the space was archived. Needs a transaction."""
    rows = Application.objects.select_for_update(of=("self",)).filter(space=space, state=State.OPEN)
    for application in rows.select_related("space", "user").order_by("pk"):
        _close(application, State.EXPIRED)
        _tell_applicant(application)


def drop_unused_proof(payload: dict[str, Any]) -> None:
    """Handler of `proof.unused`: delete the document unless an application that waits holds it. Safe to repeat."""
    if not Application.objects.filter(proof_key=payload["key"], state=State.OPEN).exists():
        default_storage.delete(payload["key"])


def forget_person(user: Any) -> None:
    """All applications of a person who leaves for good, documents included (kit.persons). Needs a transaction."""
    for key in Application.objects.filter(user=user).exclude(proof_key="").values_list("proof_key", flat=True):
        _drop(key)
    Application.objects.filter(user=user).delete()


def _locked(application: Application) -> tuple[Space, Application]:
    """Space first, then the application: as every other flow locks them."""
    space = Space.objects.select_for_update().get(pk=application.space_id)
    locked = Application.objects.select_for_update(of=("self",)).select_related("user").get(pk=application.pk)
    locked.space = space
    return space, locked


def _close(application: Application, state: Any, *, by: Any = None, reason: str = "") -> None:
    if application.proof_key:
        _drop(application.proof_key)
    application.state, application.decided_at, application.decided_by, application.reason = state, now(), by, reason
    application.proof_key, application.answers, application.interests = "", [], []
    application.save(
        update_fields=["state", "decided_at", "decided_by", "reason", "proof_key", "answers", "interests"],
    )
    withdraw(keys=[f"application:{application.pk}"])


def _drop(key: str) -> None:
    outbox.write(topic=UNUSED, key=f"{key}:decided", payload={"key": key})


def _let_in(user: Any, space: Space, accepted: int, interests: list[str]) -> None:
    if accepted or not space.rules:
        settle_in(user=user, space=space, accepted=accepted, interests=interests)
    else:
        join(user=user, space=space)
        choose_interests(user=user, space=space, interests=interests)


def _sound_answers(space: Space, answers: Sequence[str]) -> list[dict[str, str]]:
    texts = [strip_controls(answer).strip() for answer in answers]
    if len(texts) != len(space.questions) or not all(texts):
        raise NotSound(_("Please answer every question."))
    if any(len(text) > LONGEST_ANSWER for text in texts):
        raise NotSound(_("An answer has %(longest)d characters at most.") % {"longest": LONGEST_ANSWER})
    return [{"question": question, "answer": text} for question, text in zip(space.questions, texts, strict=True)]


def _check_rate(user: Any) -> None:
    day_ago = now() - timedelta(days=1)
    recent = Application.objects.filter(user=user, made_at__gt=day_ago).order_by("-made_at")
    times = list(recent.values_list("made_at", flat=True))
    limit = settings.APPLICATIONS_PER_DAY
    if len(times) >= limit:
        raise TooFast(max(1, int((times[limit - 1] - day_ago).total_seconds()) + 1))


def _tell_moderators(application: Application) -> None:
    space = application.space
    notify_many(
        users=list(moderators_of(space)),
        kind="community.application",
        key=f"application:{application.pk}",
        words=Words(gettext_noop("Somebody asks to join %(space)s"), "", {"space": space.name}),
        url=f"{space_path(space)}applications/",
        gate=f"space:{space.pk}",
    )


def _tell_applicant(application: Application) -> None:
    space, accepted = application.space, application.state == State.ACCEPTED
    title = gettext_noop("Welcome to %(space)s") if accepted else gettext_noop("Your application to %(space)s was not accepted")
    if application.state == State.EXPIRED:
        title = gettext_noop("Nobody could look at your application to %(space)s in time; what you sent was deleted")
    notify(
        user=application.user,
        kind="community.decision",
        key=f"decision:{application.pk}",
        words=Words(title, "%(reason)s", {"space": space.name, "reason": application.reason}),
        url=space_path(space) if accepted else f"{space_path(space)}join/",
    )
