"""Writing an order down. place_order (checkout) calls this inside its transaction, after it has reserved or before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from kit.clock import now
from shop.catalogue.models import Bundle, Component, Offer, Price
from shop.orders.delivery import DeliveryData
from shop.orders.models import Basket, Delivery, Order, OrderComponent, OrderLine
from shop.orders.numbers import new_number
from shop.orders.shares import contained_tax, line_shares

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
) -> Order:
    """An order waiting for payment, with lines, their parts' exact shares, and where the goods go.

    `discounts`: what a coupon takes off each line, in their order; none where it is empty.
    Raises ValueError without lines, and where a price is in another currency than the order (I8).
    """
    if not lines or any(price.currency != currency for _offer, _bundle, price, _quantity in lines):
        raise ValueError("an order needs lines, all in its currency")
    rows = _lines(lines, discounts or [0] * len(lines))
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
        discount=discount,
        tax=sum(row.tax for row in rows),
        total=subtotal + shipping - discount,
        terms=terms,
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


def _lines(lines: Sequence[Line], discounts: Sequence[int]) -> list[OrderLine]:
    """What is paid for each line, and the tax in it, once its share of the coupon is off."""
    rows = []
    for (offer, bundle, price, quantity), discount in zip(lines, discounts, strict=True):
        gross = price.amount * quantity - discount
        tax = contained_tax(gross)
        rows.append(
            OrderLine(
                offer=offer,
                bundle=bundle,
                title=offer.title,
                quantity=quantity,
                unit_amount=price.amount,
                discount=discount,
                net=gross - tax,
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
    for part in Component.objects.filter(bundle__in=parts).select_related("cohort", "sku"):
        parts[part.bundle_id].append(part)
    OrderComponent.objects.bulk_create(piece for row in rows for piece in _pieces(row, parts[row.bundle_id], order.currency))


def _pieces(row: OrderLine, parts: Sequence[Component], currency: str) -> list[OrderComponent]:
    shares = line_shares(row.net + row.tax, [part.weight for part in parts], currency)
    return [
        OrderComponent(
            line=row,
            component=part,
            kind=part.kind,
            ref=part.stock_ref,
            title=str(part.cohort or part.sku)[:120],
            quantity=part.quantity * row.quantity,
            net=share.net,
            tax=share.tax,
        )
        for part, share in zip(parts, shares, strict=True)
    ]
