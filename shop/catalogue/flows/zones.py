"""Shipping zones and their rates. Orders that were placed keep what they were asked; every change is in the trail."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from kit.addresses import is_country
from kit.money import CURRENCIES, check_amount
from shop.catalogue.countries import country_name
from shop.catalogue.zones import ShippingArea, ShippingRate, ShippingTariff, ShippingZone

Area = tuple[str, str]
Step = tuple[int | None, int]


class CannotSetZone(Exception):
    """The zone or its rates make no sense; the text is for whoever wrote them."""


@transaction.atomic
def set_zone(*, zone: ShippingZone | None, name: str, areas: Iterable[Area], actor: Any) -> ShippingZone:
    """A zone (None: a new one) of (country, beginning of its postcodes or "") pairs. Raises CannotSetZone."""
    wanted = list(dict.fromkeys((country.upper(), "".join(prefix.upper().split())) for country, prefix in areas))
    if not wanted:
        raise CannotSetZone(_("A zone needs a country."))
    for country, prefix in wanted:
        if not is_country(country) or not (prefix.isalnum() or not prefix) or len(prefix) > 10:
            raise CannotSetZone(_("We do not know this place: %(place)s") % {"place": f"{country} {prefix}".strip()})
    row = ShippingZone.objects.select_for_update().get(pk=zone.pk) if zone else ShippingZone.objects.create()
    taken = {(area.country, area.prefix) for area in ShippingArea.objects.exclude(zone=row)}
    if twice := next((area for area in wanted if area in taken), None):
        place = f"{country_name(twice[0])} {twice[1]}".strip()
        raise CannotSetZone(_("%(place)s is in another zone already.") % {"place": place})
    before = _zone_facts(row) if zone else None
    row.name = name.strip()
    row.save(update_fields=["name"])
    row.areas.all().delete()
    ShippingArea.objects.bulk_create(ShippingArea(zone=row, country=country, prefix=prefix) for country, prefix in wanted)
    _record(actor, row, "zone.set", before, _zone_facts(row))
    return row


@transaction.atomic
def set_tariff(
    *,
    zone: ShippingZone,
    currency: str,
    steps: Sequence[Step],
    free_from: int | None = None,
    tax_inclusive: bool = True,
    actor: Any,
) -> ShippingTariff:
    """What the zone costs in a currency: (grams or None for any weight, minor units) steps. Raises CannotSetZone."""
    if currency not in CURRENCIES or not steps or len({weight for weight, _amount in steps}) < len(steps):
        raise CannotSetZone(_("Write down at least one rate, and each weight once."))
    try:
        for amount in [free_from or 0, *(amount for _weight, amount in steps)]:
            check_amount(amount, currency)
    except ValueError as error:
        raise CannotSetZone(str(error)) from error
    ShippingZone.objects.select_for_update().get(pk=zone.pk)
    former = ShippingTariff.objects.filter(zone=zone, currency=currency).first()
    before = _tariff_facts(former) if former else None
    values = {"free_from": free_from, "tax_inclusive": tax_inclusive}
    row = ShippingTariff.objects.update_or_create(zone=zone, currency=currency, defaults=values)[0]
    row.rates.all().delete()
    ShippingRate.objects.bulk_create(ShippingRate(tariff=row, up_to_g=weight, amount=amount) for weight, amount in steps)
    _record(actor, zone, "zone.tariff", before, _tariff_facts(row))
    return row


@transaction.atomic
def drop_tariff(*, zone: ShippingZone, currency: str, actor: Any) -> None:
    """The zone is no longer sent to in this currency; without a tariff there, nothing changes."""
    ShippingZone.objects.select_for_update().get(pk=zone.pk)
    row = ShippingTariff.objects.filter(zone=zone, currency=currency).first()
    if row is not None:
        before = _tariff_facts(row)
        row.delete()
        _record(actor, zone, "zone.tariff", before, None)


@transaction.atomic
def drop_zone(*, zone: ShippingZone, actor: Any) -> None:
    """Its places are no longer sent to."""
    row = ShippingZone.objects.select_for_update().filter(pk=zone.pk).first()
    if row is not None:
        _record(actor, row, "zone.dropped", _zone_facts(row), None)
        row.delete()


def _record(actor: Any, zone: ShippingZone, action: str, before: object, after: object) -> None:
    if before != after:
        audit.record(actor=actor, action=action, target=f"zone:{zone.pk}", before=before, after=after)


def _zone_facts(zone: ShippingZone) -> dict[str, Any]:
    return {"name": zone.name, "areas": [str(area) for area in zone.areas.all()]}


def _tariff_facts(tariff: ShippingTariff) -> dict[str, Any]:
    rates = [[rate.up_to_g, rate.amount] for rate in tariff.rates.order_by("up_to_g")]
    inclusive = tariff.tax_inclusive
    return {"currency": tariff.currency, "rates": rates, "free_from": tariff.free_from, "tax_inclusive": inclusive}
