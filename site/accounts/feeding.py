"""Works on public pages: as cards, and in the feeds of those who follow their maker."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Work
from kit import feeds, things


def register_all() -> None:
    things.register("work", work_cards)
    feeds.register(feeds.Source("work", shown="work", label=_("Works"), items=work_items, all_ids=all_works))


def work_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Works of people whose page is public. One query."""
    numbers = [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    rows = Work.objects.filter(pk__in=numbers, user__is_active=True, user__profile__is_public=True)
    return {
        str(row.pk): things.Card(row.title, reverse("people:person", args=[row.user.profile.handle]), picture=row.picture)
        for row in rows.select_related("picture", "user__profile")
    }


def work_items(ids: Sequence[str]) -> Iterable[feeds.Item]:
    for row in Work.objects.filter(pk__in=ids):
        yield feeds.Item(ref=f"work:{row.pk}", actor=row.user_id, at=row.created_at)


def all_works() -> Iterable[int]:
    return Work.objects.order_by("pk").values_list("pk", flat=True).iterator()
