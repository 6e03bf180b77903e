"""Rows of the feed: made anew from what rooms say of a thing that changed (kit.feeds), gone with it."""

from itertools import islice
from typing import Any

from django.db import transaction

from community.models import FeedItem, FeedTag, Space
from kit import feeds
from kit.text import fold

BATCH = 200
MOST_TAGS = 20
Verb = FeedItem.Verb


def refresh_feed(payload: dict[str, Any]) -> None:
    """Handler of `feed.changed` and `search.changed`: the rows about `ref` say what is true now. Idempotent."""
    kind, _colon, ident = payload["ref"].partition(":")
    if (source := feeds.sources().get(kind)) is not None:
        _keep(source, [ident])


def rebuild_feed() -> int:
    """Read everything again, batch by batch; returns how many things were read. Likes stay as they are."""
    seen = 0
    for source in feeds.sources().values():
        idents = (str(ident) for ident in source.all_ids())
        while batch := list(islice(idents, BATCH)):
            _keep(source, batch)
            seen += len(batch)
    return seen


@transaction.atomic
def _keep(source: feeds.Source, idents: list[str]) -> None:
    items = list(source.items(idents))
    if source.shown == source.kind:
        silent = {f"{source.kind}:{ident}" for ident in idents} - {item.ref for item in items}
        FeedItem.objects.filter(ref__in=silent).delete()
    for item in items:
        _write(source.shown, item)


def _write(kind: str, item: feeds.Item) -> None:
    """Whoever brought it before is not its author any more; the moment of a row stays. Gone: whoever liked it, too."""
    own = FeedItem.objects.filter(ref=item.ref)
    is_known, space = _space(item.audience)
    if not item.is_there or not is_known:
        own.delete()
        return
    own.filter(verb=Verb.BROUGHT).exclude(actor=item.actor).delete()
    own.filter(verb=Verb.LIKED).update(space=space)
    row, _made = FeedItem.objects.update_or_create(
        ref=item.ref,
        actor_id=item.actor,
        verb=Verb.BROUGHT,
        defaults={"space_id": space},
        create_defaults={"space_id": space, "kind": kind, "at": item.at},
    )
    tags = list(dict.fromkeys(fold(tag)[:40] for tag in item.tags if tag.strip()))[:MOST_TAGS]
    FeedTag.objects.filter(item=row).exclude(tag__in=tags).delete()
    FeedTag.objects.bulk_create([FeedTag(item=row, tag=tag, at=row.at) for tag in tags], ignore_conflicts=True)


def _space(audience: str) -> tuple[bool, int | None]:
    """(whether feeds know this audience, its space's id; None for the public). For an unknown one silence is the safe side."""
    kind, _colon, ident = audience.partition(":")
    if kind == "space" and ident.isdecimal() and Space.objects.filter(pk=ident).exists():
        return True, int(ident)
    return audience == "public", None


def like_in_feed(*, user: Any, ref: str, kind: str, at: Any) -> None:
    """Those who follow the person see that they liked it."""
    values = {"kind": kind, "at": at}
    FeedItem.objects.get_or_create(ref=ref, actor=user, verb=Verb.LIKED, defaults=values)


def unlike_in_feed(*, user: Any, ref: str) -> None:
    FeedItem.objects.filter(ref=ref, actor=user, verb=Verb.LIKED).delete()
