"""What sending the goods of an order costs: by where it goes, its weight and its worth, in the order's own currency.

Nothing here converts money: a zone without a tariff in a currency is not sent to in it. A parcel that is heavier than the
heaviest rate is not sent either. Zones are the owner's: rows in shop.catalogue.zones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import F, FilteredRelation, Q, QuerySet

from kit.prepared import Given, prepared
from kit.settled import settled
from shop.catalogue.countries import COUNTRIES
from shop.catalogue.zones import ShippingArea, ShippingRate, ShippingTariff, ShippingZone


class NotSentThere(Exception):
    """Goods of an order in this currency and of this weight are not sent to that place."""


class Heavy(Protocol):
    """Something with a packed weight in grams; a shop.catalogue.models.Sku is one."""

    weight_g: int


@dataclass(frozen=True)
class Parcel:
    """What is to be sent: grams, and minor units of `currency` that its buyer pays for what is bought, discounts off."""

    currency: str
    weight_g: int
    worth: int


@dataclass(frozen=True)
class Fee:
    """Minor units; `tax_inclusive`: the tax is in it, else it comes on top."""

    amount: int = 0
    tax_inclusive: bool = True


class Map:
    """All zones as they stand, for parcels in one currency. A query at most.

    `areas`: country → rows of (prefix, rate), a rate's lightest first; a row without a rate is an area that nothing in
    this currency is sent to.
    """

    def __init__(self, currency: str) -> None:
        self.areas: dict[str, list[Any]] = {}
        for area in _areas(currency):
            self.areas.setdefault(area.country, []).append(area)

    def fee(self, parcel: Parcel, country: str, postal_code: str = "") -> Fee:
        """Raises NotSentThere."""
        code = "".join(postal_code.upper().split()).replace("-", "")
        fitting = [area for area in self.areas.get(country, []) if code.startswith(area.prefix)]
        closest = max((len(area.prefix) for area in fitting), default=0)
        for area in fitting:
            reaches = area.amount is not None and (area.up_to_g is None or parcel.weight_g <= area.up_to_g)
            if reaches and len(area.prefix) == closest:
                free = area.free_from is not None and parcel.worth >= area.free_from
                return Fee(0 if free else area.amount, area.tax_inclusive)
        raise NotSentThere(country)

    def reached(self, parcel: Parcel) -> dict[str, Fee]:
        """country → what it costs there, our names' order; countries of which nothing (or only a part) is reached are absent."""
        found = {}
        for country in [*COUNTRIES, *sorted(self.areas.keys() - COUNTRIES.keys())]:
            try:
                found[country] = self.fee(parcel, country)
            except NotSentThere:
                continue
        return found

    def has_exceptions(self, countries: Iterable[str]) -> bool:
        """Whether parts of these countries cost something else, or are not sent to."""
        return any(area.prefix for country in countries for area in self.areas.get(country, []))


@settled(ShippingZone, ShippingArea, ShippingTariff, ShippingRate)
def _areas(currency: str) -> list[Any]:
    return _rated_areas(currency=currency)


@prepared
def _rated_areas() -> QuerySet[ShippingArea]:
    in_currency = FilteredRelation("zone__tariffs", condition=Q(zone__tariffs__currency=Given("currency")))
    rows = ShippingArea.objects.annotate(tariff=in_currency).annotate(
        up_to_g=F("tariff__rates__up_to_g"),
        amount=F("tariff__rates__amount"),
        free_from=F("tariff__free_from"),
        tax_inclusive=F("tariff__tax_inclusive"),
    )
    return rows.order_by(F("up_to_g").asc(nulls_last=True), "pk")


def weight_of(goods: Iterable[tuple[Heavy, int]]) -> int:
    """Grams of (good, pieces) pairs."""
    return sum(good.weight_g * pieces for good, pieces in goods)


def shipping_fee(parcel: Parcel, *, country: str, postal_code: str = "") -> Fee:
    """What sending it there costs. Raises NotSentThere."""
    return Map(parcel.currency).fee(parcel, country, postal_code)


def by_fee(reached: Mapping[str, Fee]) -> list[tuple[int, list[str]]]:
    """(minor units, countries that cost this), cheapest first."""
    groups: dict[int, list[str]] = {}
    for country, fee in reached.items():
        groups.setdefault(fee.amount, []).append(country)
    return sorted(groups.items())
