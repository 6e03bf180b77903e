"""Goods, offers and prices. Every change of a price leaves a line in the trail (SAFETY.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit, searchables
from kit.clock import now
from kit.money import check_price
from shop.catalogue.models import Bundle, Component, Offer, Price, Sku
from stock.flows import set_on_hand


@dataclass(frozen=True)
class Part:
    """What goes into a bundle: a seat of `cohort`, a ticket of `event`, or `quantity` of `sku`; `weight` is its share in
    the price.
    """

    cohort: Any = None
    event: Any = None
    sku: Sku | None = None
    quantity: int = 1
    weight: int = 1

    @property
    def kind(self) -> str:
        if self.event is not None:
            return str(Component.Kind.TICKET)
        return str(Component.Kind.SEAT if self.cohort is not None else Component.Kind.STOCK)


@transaction.atomic
def create_sku(
    *,
    code: str,
    name: str,
    seller: Any,
    length_mm: int,
    width_mm: int,
    height_mm: int,
    weight_g: int,
    value: int,
    currency: str,
    on_hand: int = 0,
    contents: str = "",
    picture: Any = None,
) -> Sku:
    """A good and its stock item with `on_hand` pieces. Sizes are packed, in mm and g; `value` in minor units."""
    sku = Sku.objects.create(
        code=code,
        name=name,
        seller=seller,
        contents=contents,
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        weight_g=weight_g,
        value=value,
        currency=currency,
        picture=picture,
    )
    set_on_hand(ref=sku.stock_ref, on_hand=on_hand)
    return sku


@transaction.atomic
def create_offer(
    *,
    slug: str,
    title: str,
    seller: Any,
    components: Iterable[Part],
    price: int,
    currency: str,
    course: Any = None,
    summary: str = "",
    picture: Any = None,
    sale_from: datetime | None = None,
    sale_until: datetime | None = None,
    refund_days: int = 7,
    return_days: int = 7,
    actor: Any = None,
) -> Offer:
    """A draft offer with its first bundle and price (minor units). Raises ValueError for an amount nobody can charge."""
    offer = Offer.objects.create(
        slug=slug,
        title=title,
        seller=seller,
        course=course,
        summary=summary,
        picture=picture,
        sale_from=sale_from,
        sale_until=sale_until,
        refund_days=refund_days,
        return_days=return_days,
    )
    change_contents(offer=offer, components=components)
    set_price(offer=offer, currency=currency, amount=price, actor=actor or seller)
    return offer


@transaction.atomic
def change_contents(*, offer: Offer, components: Iterable[Part]) -> Bundle:
    """Give the offer a new version of its contents; what was sold keeps the version it was sold with.

    Raises ValueError for an empty bundle, or one whose weights are all zero.
    """
    parts = list(components)
    if not parts or sum(part.weight for part in parts) <= 0:
        raise ValueError(_("An offer needs contents, and one of them must carry the price."))
    Offer.objects.select_for_update().get(pk=offer.pk)
    latest = Bundle.objects.filter(offer=offer).order_by("-version").first()
    Bundle.objects.filter(offer=offer, is_current=True).update(is_current=False)
    bundle = Bundle.objects.create(offer=offer, version=latest.version + 1 if latest else 1)
    Component.objects.bulk_create(
        Component(
            bundle=bundle,
            kind=part.kind,
            cohort=part.cohort,
            event=part.event,
            sku=part.sku,
            quantity=part.quantity,
            weight=part.weight,
        )
        for part in parts
    )
    return bundle


@transaction.atomic
def set_price(*, offer: Offer, currency: str, amount: int, actor: Any, tax_inclusive: bool | None = None) -> Price:
    """The offer's price from now on; the former one ends at the same instant (I2). The same price changes nothing.

    `tax_inclusive`: whether the tax is in it; None is as before, or in it for a first price.

    Raises ValueError for what cannot be charged, or an amount off the currency's step (I3).
    """
    check_price(amount, currency)
    Offer.objects.select_for_update().get(pk=offer.pk)
    former = Price.objects.filter(offer=offer, currency=currency, valid_to=None).first()
    inclusive = tax_inclusive if tax_inclusive is not None else former is None or former.tax_inclusive
    if former is not None and (former.amount, former.tax_inclusive) == (amount, inclusive):
        return former
    moment = now()
    if former is not None:
        former.valid_to = moment
        former.save(update_fields=["valid_to"])
    price = Price.objects.create(offer=offer, currency=currency, amount=amount, tax_inclusive=inclusive, valid_from=moment)
    before = {"amount": former.amount, "currency": currency} if former else None
    after = {"amount": amount, "currency": currency}
    if not inclusive or (former and not former.tax_inclusive):
        before = before and {**before, "tax_inclusive": former is None or former.tax_inclusive}
        after |= {"tax_inclusive": inclusive}
    audit.record(actor=actor, action="price.set", target=f"offer:{offer.pk}", before=before, after=after)
    return price


@transaction.atomic
def end_price(*, offer: Offer, currency: str, actor: Any) -> None:
    """The offer is no longer sold in this currency; without a price there, nothing changes.

    Raises ValueError for its only price: an offer that is not sold at all is closed instead.
    """
    Offer.objects.select_for_update().get(pk=offer.pk)
    price = Price.objects.filter(offer=offer, currency=currency, valid_to=None).first()
    if price is not None:
        if not Price.objects.filter(offer=offer, valid_to=None).exclude(pk=price.pk).exists():
            raise ValueError(_("This is its only price."))
        price.valid_to = now()
        price.save(update_fields=["valid_to"])
        before = {"amount": price.amount, "currency": currency}
        audit.record(actor=actor, action="price.ended", target=f"offer:{offer.pk}", before=before)


@transaction.atomic
def change_sku(*, sku: Sku, on_hand: int, **fields: Any) -> Sku:
    """Change a good (fields of create_sku, but code and seller) and its count. Raises OutOfStock below what is promised."""
    for name, value in fields.items():
        setattr(sku, name, value)
    sku.save(update_fields=list(fields))
    set_on_hand(ref=sku.stock_ref, on_hand=on_hand)
    return sku


def describe_offer(*, offer: Offer, title: str, summary: str, picture: Any, slug: str) -> Offer:
    """What the shop says of an offer. Its address changes only while it is a draft; raises ValueError otherwise."""
    if slug != offer.slug and offer.state != Offer.State.DRAFT:
        raise ValueError("an offer that was for sale keeps its address")
    offer.title, offer.summary, offer.picture, offer.slug = title, summary, picture, slug
    offer.save(update_fields=["title", "summary", "picture", "slug"])
    searchables.changed(f"offer:{offer.pk}")
    return offer


def publish_offer(*, offer: Offer, actor: Any) -> Offer:
    """Put it up for sale; the sale window still holds. Raises ValueError without contents or price."""
    has_price = Price.objects.filter(offer=offer, valid_to=None).exists()
    if not has_price or not Bundle.objects.filter(offer=offer, is_current=True, components__isnull=False).exists():
        raise ValueError(_("An offer needs contents and a price before it can be sold."))
    return _change_state(offer, Offer.State.LIVE, actor)


@transaction.atomic
def sell_without_kit(*, offer: Offer, instead: Offer | None, actor: Any) -> None:
    """What is sold where the goods of `offer` are not sent: the same course without goods, or None: nothing.

    Raises ValueError with a text for the person.
    """
    row = Offer.objects.select_for_update().get(pk=offer.pk)
    if instead is not None:
        goods = Component.objects.filter(bundle__offer=instead, bundle__is_current=True, kind=Component.Kind.STOCK)
        if instead.pk == row.pk or instead.course_id != row.course_id or row.course_id is None or goods.exists():
            raise ValueError(_("Choose an offer of the same course that holds no goods."))
    if row.without_kit_id != (instead and instead.pk):
        before, after = {"offer": row.without_kit_id}, {"offer": instead and instead.pk}
        audit.record(actor=actor, action="offer.without_kit", target=f"offer:{row.pk}", before=before, after=after)
        row.without_kit = instead
        row.save(update_fields=["without_kit"])


def close_offer(*, offer: Offer, actor: Any) -> Offer:
    """Take it off sale; orders placed stay as they are."""
    return _change_state(offer, Offer.State.CLOSED, actor)


@transaction.atomic
def _change_state(offer: Offer, state: str, actor: Any) -> Offer:
    row = Offer.objects.select_for_update().get(pk=offer.pk)
    if row.state != state:
        audit.record(actor=actor, action="offer.state", target=f"offer:{row.pk}", before=row.state, after=state)
        row.state = state
        row.save(update_fields=["state"])
        searchables.changed(f"offer:{row.pk}")
    offer.state = row.state
    return row
