"""Writing an order down. place_order (checkout) calls this inside its transaction, after it has reserved or before."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from kit.clock import now
from shop.catalogue.models import Bundle, Component, Offer, Price
from shop.catalogue.taxes import Tax, net_and_tax, tax_for
from shop.orders.delivery import DeliveryData
from shop.orders.models import Basket, Delivery, Order, OrderComponent, OrderLine
from shop.orders.numbers import new_number
from shop.orders.shares import line_shares

Line = tuple[Offer, Bundle, Price, int]


@transaction.atomic
def create_order(
    *,
    lines: Sequence[Line],
    user: Any,
    email: str,
    language: str,
    currency: str,
    delivery: DeliveryData | None,
    shipping: int,
    place: str,
    return_to: str,
    checkout_key: str,
    hold_until: datetime,
    terms: dict[str, Any],
    basket: Basket | None = None,
    name: str = "",
    discounts: Sequence[int] = (),
    country: str = "",
    shipping_tax_inclusive: bool = True,
) -> Order:
    """An order waiting for payment, with lines, their parts' exact shares, and where the goods go.

    `discounts`: what a coupon takes off each line, in their order; none where it is empty. The tax is that of the
    country where the goods go, or of `country` where nothing is sent; delivery bears it, too.
    Raises ValueError without lines, and where a price is in another currency than the order (I8).
    """
    if not lines or any(price.currency != currency for _offer, _bundle, price, _quantity in lines):
        raise ValueError("an order needs lines, all in its currency")
    tax = tax_for(delivery.country if delivery else country)
    rows = _lines(lines, discounts or [0] * len(lines), tax)
    _net, shipping_tax = net_and_tax(shipping, tax.rate, inclusive=shipping_tax_inclusive, currency=currency)
    on_top = sum(row.tax for row in rows if not row.tax_inclusive) + (0 if shipping_tax_inclusive else shipping_tax)
    subtotal, discount = sum(row.unit_amount * row.quantity for row in rows), sum(row.discount for row in rows)
    order = Order.objects.create(
        number=new_number(),
        user=user,
        basket=basket,
        email=email.lower(),
        name=name,
        language=language,
        state=Order.State.AWAITING,
        currency=currency,
        subtotal=subtotal,
        shipping=shipping,
        shipping_tax=shipping_tax,
        shipping_tax_inclusive=shipping_tax_inclusive,
        discount=discount,
        tax=sum(row.tax for row in rows) + shipping_tax,
        tax_on_top=on_top,
        total=subtotal + shipping - discount + on_top,
        terms={**terms, "tax": asdict(tax)},
        place=place,
        return_to=return_to,
        checkout_key=checkout_key,
        placed_at=now(),
        hold_until=hold_until,
    )
    _write_lines(order, rows)
    if delivery is not None:
        Delivery.objects.create(order=order, **delivery.as_fields())
    return order


def _lines(lines: Sequence[Line], discounts: Sequence[int], rate: Tax) -> list[OrderLine]:
    """What is paid for each line, and the tax in it or on top of it, once its share of the coupon is off."""
    rows = []
    for (offer, bundle, price, quantity), discount in zip(lines, discounts, strict=True):
        inclusive, currency = price.tax_inclusive, price.currency
        net, tax = net_and_tax(price.amount * quantity - discount, rate.rate, inclusive=inclusive, currency=currency)
        rows.append(
            OrderLine(
                offer=offer,
                bundle=bundle,
                title=offer.title,
                quantity=quantity,
                unit_amount=price.amount,
                discount=discount,
                tax_inclusive=inclusive,
                net=net,
                tax=tax,
            )
        )
    return rows


def _write_lines(order: Order, rows: Sequence[OrderLine]) -> None:
    """Three queries for any number of lines."""
    for row in rows:
        row.order = order
    OrderLine.objects.bulk_create(rows)
    parts: dict[int, list[Component]] = {row.bundle_id: [] for row in rows}
    for part in Component.objects.filter(bundle__in=parts).select_related("cohort", "sku", "event"):
        parts[part.bundle_id].append(part)
    OrderComponent.objects.bulk_create(piece for row in rows for piece in _pieces(row, parts[row.bundle_id], order.currency))


def _pieces(row: OrderLine, parts: Sequence[Component], currency: str) -> list[OrderComponent]:
    shares = line_shares(row.net, row.tax, [part.weight for part in parts], currency)
    return [
        OrderComponent(
            line=row,
            component=part,
            kind=part.kind,
            ref=part.stock_ref,
            title=str(part.cohort or part.event or part.sku)[:120],
            quantity=part.quantity * row.quantity,
            net=share.net,
            tax=share.tax,
        )
        for part, share in zip(parts, shares, strict=True)
    ]
