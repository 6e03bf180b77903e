"""What is new on the shelf, in the feeds of those who follow its seller."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kit import feeds, things
from shop.catalogue.models import Offer
from shop.catalogue.reads import live_offers

MOST = 200


def register_all() -> None:
    things.register("shelf", read_shelf, shelf_choices)
    feeds.register(feeds.Source("offer", shown="offer", line="shelf", label=_("Shop"), items=offer_items, all_ids=all_offers))


def offer_items(ids: Sequence[str]) -> Iterable[feeds.Item]:
    """Offers for sale, new at the moment of their first price."""
    for offer in Offer.objects.filter(pk__in=ids, state=Offer.State.LIVE).annotate(priced_at=Min("prices__valid_from")):
        if offer.priced_at is not None:
            yield feeds.Item(ref=f"offer:{offer.pk}", actor=offer.seller_id, at=offer.priced_at)


def all_offers() -> Iterable[int]:
    return Offer.objects.order_by("pk").values_list("pk", flat=True).iterator()


def read_shelf(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Thing `shelf`: offers for sale as lines of a list, without price and stock. One query."""
    numbers = [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    return {str(offer.pk): _line(offer) for offer in live_offers().filter(pk__in=numbers)}


def shelf_choices(request: Any) -> Mapping[str, things.Card]:
    """Everything that is for sale, newest first: what anybody may recommend."""
    return {str(offer.pk): _line(offer) for offer in live_offers()[:MOST]}


def _line(offer: Offer) -> things.Card:
    url = reverse("catalogue:offer", args=[offer.slug])
    return things.Card(offer.title, url, offer.summary, picture=offer.picture)
