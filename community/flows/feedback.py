"""Wishes, votes, what the owner answers, and release notes. Decisions are the site owner's, each a line in the trail."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.roles import OWNER, has_role
from community import access
from community.errors import NotSound, Refused
from community.flows.spaces import ensure_space, join
from community.flows.writing import LONGEST_POST, LONGEST_TITLE, open_topic
from community.models import Release, Space, Topic, Wish, WishVote
from kit import audit, outbox
from kit.clock import now
from kit.locks import lock_rows
from kit.text import RENDERER_VERSION, render_markdown, strip_controls

ABOUT = "feedback:1"
LONGEST_ANSWER = 2_000
# A wish becomes done by the release note that says so: who voted is told once.
BY_HAND = (Wish.State.OPEN, Wish.State.PLANNED, Wish.State.BUILDING, Wish.State.DECLINED)
CLOSED = (Wish.State.DONE, Wish.State.DECLINED)


def wishes_space() -> Space:
    """The public space in which wishes are talked about; made when it is first needed."""
    with translation.override(settings.LANGUAGE_CODE):
        name, description = _("Wishes"), _("What should be here, and is not yet.")
    return ensure_space(slug="wishes", name=name, about=ABOUT, visibility=Space.Visibility.PUBLIC, description=description)


@transaction.atomic
def make_wish(*, author: Any, title: str, source: str, key: str) -> Wish:
    """A wish with its topic and its author's vote. The same author and `key` give the same wish.

    Raises Refused, NotSound or TooFast (community.errors).
    """
    space = wishes_space()
    if access.membership_in(author, space) is None and not space.memberships.filter(user=author).exists():
        join(user=author, space=space)
    topic = open_topic(author=author, space=space, kind=Topic.Kind.WANTED, title=title, source=source, key=key)
    wish, created = Wish.objects.get_or_create(topic=topic, defaults={"created_at": now()})
    if created:
        Topic.objects.filter(pk=topic.pk).update(about=f"wish:{wish.pk}")
        vote(user=author, wish=wish)
        wish.refresh_from_db()
    return wish


@transaction.atomic
def vote(*, user: Any, wish: Wish, on: bool = True) -> Wish:
    """Vote for a wish, once, or take the vote back; for a merged one the vote goes to what it was merged into.

    Raises Refused where the wish is gone, done or declined.
    """
    locked = _locked(wish)
    if locked.merged_into_id:
        locked = _locked(Wish(pk=locked.merged_into_id))
    if locked.state in CLOSED:
        raise Refused(_("This wish is decided."))
    if locked.topic.removed_at is not None:
        raise Refused(_("This wish is gone."))
    if on:
        _row, changed = WishVote.objects.get_or_create(wish=locked, user=user, defaults={"at": now()})
    else:
        changed = bool(WishVote.objects.filter(wish=locked, user=user).delete()[0])
    if changed:
        locked.votes += 1 if on else -1
        locked.save(update_fields=["votes"])
    return locked


@transaction.atomic
def answer_wish(*, by: Any, wish: Wish, state: str, answer: str) -> Wish:
    """Say what becomes of a wish, and why (Markdown); who voted hears of a new state. Raises Refused or NotSound."""
    _require_owner(by)
    locked = _locked(wish)
    answer = strip_controls(answer).strip()
    if locked.merged_into_id or locked.state == Wish.State.DONE or state not in BY_HAND:
        raise Refused(_("This wish is decided."))
    if len(answer) > LONGEST_ANSWER or (state == Wish.State.DECLINED and not answer):
        raise NotSound(_("Say why, in at most %(longest)d characters.") % {"longest": LONGEST_ANSWER})
    before, locked.state, locked.answer = locked.state, state, answer
    locked.answer_html, locked.answered_at = render_markdown(answer) if answer else "", now()
    locked.save(update_fields=["state", "answer", "answer_html", "answered_at"])
    if before != state:
        audit.record(actor=by, action="wish.state", target=f"wish:{locked.pk}", before=before, after=state, reason=answer)
        outbox.write(topic="wish.news", key=f"{locked.pk}:{state}", payload={"wish": locked.pk, "state": state})
    return locked


@transaction.atomic
def merge_wish(*, by: Any, wish: Wish, into: Wish) -> Wish:
    """The same wish twice becomes one: its voters count for the other, each once. Raises Refused."""
    _require_owner(by)
    both: dict[int, Wish] = lock_rows(Wish.objects.all(), [wish.pk, into.pk])
    if len(both) != 2 or any(one.merged_into_id or one.state == Wish.State.DONE for one in both.values()):
        raise Refused(_("These two cannot be merged."))
    gone, stays = both[wish.pk], both[into.pk]
    there = WishVote.objects.filter(wish=stays).values("user")
    WishVote.objects.filter(wish=gone).exclude(user__in=there).update(wish=stays)
    WishVote.objects.filter(wish=gone).delete()
    Wish.objects.filter(merged_into=gone).update(merged_into=stays)
    gone.votes, gone.merged_into = 0, stays
    gone.save(update_fields=["votes", "merged_into"])
    stays.votes = WishVote.objects.filter(wish=stays).count()
    stays.save(update_fields=["votes"])
    audit.record(actor=by, action="wish.merged", target=f"wish:{gone.pk}", after=f"wish:{stays.pk}")
    return stays


@transaction.atomic
def publish_release(*, by: Any, title: str, source: str, wishes: Iterable[Wish], key: str) -> Release:
    """A release note; the wishes that it fulfils are done, and each voter hears of it once. The same `key`: the same note.

    Raises Refused for a wish that is done or merged, NotSound for a note without words.
    """
    _require_owner(by)
    title, source = " ".join(strip_controls(title).split()), strip_controls(source).strip()
    if not title or len(title) > LONGEST_TITLE or not source or len(source) > LONGEST_POST:
        raise NotSound(_("A release note has a title and a text."))
    values = {"title": title, "source": source, "html": render_markdown(source), "renderer": RENDERER_VERSION, "by": by}
    release, created = Release.objects.get_or_create(key=key, defaults={**values, "published_at": now()})
    if not created:
        return release
    fulfilled: dict[int, Wish] = lock_rows(Wish.objects.all(), [wish.pk for wish in wishes])
    if any(one.merged_into_id or one.state == Wish.State.DONE for one in fulfilled.values()):
        raise Refused(_("One of these wishes is done already, or is part of another."))
    Wish.objects.filter(pk__in=fulfilled).update(state=Wish.State.DONE, release=release)
    for pk, wish in fulfilled.items():
        audit.record(actor=by, action="wish.state", target=f"wish:{pk}", before=wish.state, after="done", reason=title)
    if fulfilled:
        outbox.write(topic="release.news", key=str(release.pk), payload={"release": release.pk})
    return release


def export_votes(user: Any) -> dict[str, Any]:
    """The wishes that the person votes for; wishes of their own are exported as the topics that they are."""
    return {"votes": list(WishVote.objects.filter(user=user).order_by("pk").values("wish__topic__title", "at"))}


@transaction.atomic
def forget_votes(user: Any) -> None:
    """Leaving for good: one's votes go, and are counted no more. Wishes stay as topics do, by an author without a name."""
    mine = list(WishVote.objects.filter(user=user).values_list("wish", flat=True))
    lock_rows(Wish.objects.all(), mine)
    WishVote.objects.filter(user=user).delete()
    Wish.objects.filter(pk__in=mine).update(votes=F("votes") - 1)


def _locked(wish: Wish) -> Wish:
    """Votes and merging change a wish only behind its row lock."""
    return Wish.objects.select_for_update(of=("self",)).select_related("topic").get(pk=wish.pk)


def _require_owner(by: Any) -> None:
    if not has_role(by, OWNER):
        raise Refused(_("Only the owner decides about wishes."))
