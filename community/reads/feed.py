"""The feed of one person: what those they follow brought and liked, newest first. Nobody ranks it.

Fan-out on read, in two ways. Who follows many finds a page among the newest rows of all: those are walked, STEPS of them at
most. Where that is not enough, the newest row of each person followed is asked; only those whose newest rows are the newest
of all can have part in the page, and only their rows are read. Either costs the same whatever the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse

from accounts.models import User
from community.access import readable_spaces
from community.reads import cursor
from community.reads.feed_sql import BY_TAG, FOLLOWED, WALKED, statement
from kit import feeds, things
from kit.pictures import CARD, THUMB, picture_urls
from kit.text import fold

PAGE = 20
MOST_INTERESTS = 50
STEPS = 8000
LIKED, INTERESTS = "liked", "interests"


@dataclass
class Entry:
    """One thing in a feed: `people` brought or liked (`verb`) it; `at` is the newest of it; its card with `picture_url`."""

    ref: str
    verb: str
    label: Any
    at: Any
    people: list[Any]
    card: things.Card
    picture_url: str = ""


@dataclass
class FeedPage:
    """`older` is the cursor of what follows, or ''."""

    entries: list[Entry] = field(default_factory=list)
    older: str = ""


def feed_page(
    request: Any,
    *,
    show: str = "",
    before: str = "",
    interests: Sequence[str] = (),
    muted: Sequence[int] = (),
    limit: int = PAGE,
) -> FeedPage:
    """A page of the feed of the person behind `request`. `show`: '' for all, a kind, `liked`, or `interests` (whoever
    brought it, by the words in `interests`). What the person may not see now is not there.
    """
    moment, pk = cursor.read(before)
    values = {"me": request.user.pk, "moment": moment, "pk": pk, "muted": list(muted), "limit": limit + 1}
    kind = "" if show in (LIKED, INTERESTS) else show
    tags = [fold(word)[:40] for word in interests[:MOST_INTERESTS]]
    rows = _found(show, request.user, {**values, "kind": kind, "tags": tags, "steps": STEPS})
    page, last = rows[:limit], rows[limit - 1 : limit]
    older = cursor.written(last[0][5], last[0][0]) if len(rows) > limit else ""
    return FeedPage(_entries(page, request), older)


def kinds() -> dict[str, Any]:
    """What a feed may be narrowed to: kind → its name."""
    return {source.shown: source.label for source in feeds.sources().values()}


def _found(show: str, user: Any, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    if show == INTERESTS:
        return _rows(BY_TAG, user, values)
    rows = [] if show == LIKED else _rows(WALKED, user, values)
    return rows if len(rows) == values["limit"] else _rows(FOLLOWED, user, values, liked=show == LIKED)


def _rows(text: str, user: Any, values: dict[str, Any], *, liked: bool = False) -> list[tuple[Any, ...]]:
    """The part of the spaces brings its values by place, ours come by name: all are named here."""
    readable, params = readable_spaces(user).order_by().values("pk").query.sql_with_params()
    named = {f"readable{number}": value for number, value in enumerate(params)}
    if named:
        readable = readable % tuple(f"%({name})s" for name in named)
    with connection.cursor() as open_cursor:
        open_cursor.execute(statement(text, readable, liked=liked), {**values, **named})
        return open_cursor.fetchall()


def _entries(rows: list[tuple[Any, ...]], request: Any) -> list[Entry]:
    """Rows about one thing become one entry, where the newest of them stands; without a card none."""
    cards = _cards({row[4] for row in rows}, request)
    names = kinds()
    people = User.objects.filter(is_active=True).select_related("profile__portrait").in_bulk({row[1] for row in rows})
    found: dict[str, Entry] = {}
    for _pk, actor, verb, kind, ref, at in rows:
        card, person = cards.get(ref), people.get(actor)
        if card is None or person is None:
            continue
        entry = found.setdefault(ref, Entry(ref, verb, names.get(kind, ""), at, [], card))
        if entry.verb == verb:
            entry.people.append(person)
    _add_pictures(list(found.values()))
    return list(found.values())


def _cards(refs: set[str], request: Any) -> dict[str, things.Card]:
    """The cards of all things of the page that the person may see at this moment; as many queries as there are kinds."""
    lines = {source.shown: source.line or source.shown for source in feeds.sources().values()}
    wanted: dict[str, list[str]] = {}
    for ref in sorted(refs):
        kind, _colon, ident = ref.partition(":")
        wanted.setdefault(kind, []).append(ident)
    found: dict[str, things.Card] = {}
    for kind, idents in wanted.items():
        shown = things.cards(lines.get(kind, kind), idents, request)
        found |= {f"{kind}:{ident}": card for ident, card in shown.items()}
    return found


def _add_pictures(entries: list[Entry]) -> None:
    urls = picture_urls([entry.card.picture for entry in entries], CARD)
    profiles = {person.pk: getattr(person, "profile", None) for entry in entries for person in entry.people}
    faces = picture_urls([profile.portrait for profile in profiles.values() if profile], THUMB)
    for entry in entries:
        picture = entry.card.picture
        entry.picture_url = urls.get(picture.pk, "") if picture else entry.card.picture_url
        for person in entry.people:
            profile = profiles[person.pk]
            person.face = faces.get(profile.portrait_id or 0, "") if profile else ""
            person.href = reverse("people:person", args=[profile.handle]) if profile and profile.is_public else ""
