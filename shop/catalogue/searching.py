"""What of the shelf is searched: offers for sale, by everyone."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import searchables
from shop.catalogue.models import Offer


def register_all() -> None:
    searchables.register(
        searchables.Searchable("offer", label=_("Shop"), entries=offer_entries, all_ids=all_offers, visible=visible_offers)
    )


def offer_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    for offer in Offer.objects.filter(pk__in=ids, state=Offer.State.LIVE):
        yield searchables.Entry(
            ref=f"offer:{offer.pk}",
            title=offer.title,
            text=offer.summary,
            audience="public",
            url=reverse("catalogue:offer", args=[offer.slug]),
        )


def visible_offers(ids: Sequence[str], request: Any) -> set[str]:
    return {str(pk) for pk in Offer.objects.filter(pk__in=ids, state=Offer.State.LIVE).values_list("pk", flat=True)}


def all_offers() -> Iterable[int]:
    return Offer.objects.order_by("pk").values_list("pk", flat=True).iterator()
