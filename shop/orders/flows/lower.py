"""An order that costs less than was asked, because less was paid and staff accept it."""

from django.db import transaction

from kit.money import check_amount, split_by_weight
from shop.orders.models import Order, OrderComponent, OrderLine
from shop.orders.shares import line_shares, split_in_steps


@transaction.atomic
def lower_order(*, order: Order, total: int) -> Order:
    """Bring an order that is not paid yet down to `total` minor units. The order must be locked.

    Delivery gives first, so that what teacher and referrer share shrinks last; then the lines and their parts, by what
    they cost: what a line gives counts as its discount, and
    `terms` keep the total that was asked. Parts sum to their lines (I1), lines and delivery to the total
    (I7), in the currency's steps (I3). Raises ValueError for a total that is not below the order's, or off the step.
    """
    check_amount(total, order.currency)
    if not 0 < total < order.total or order.state == Order.State.PAID:
        raise ValueError("only an unpaid order is lowered, to less than it is, and to more than nothing")
    order.terms = {**order.terms, "lowered_from": order.total}
    _lower_shipping(order, max(0, order.shipping_gross - (order.total - total)))
    lines = list(order.lines.prefetch_related("components__component").order_by("pk"))
    grosses = split_in_steps(total - order.shipping_gross, [line.net + line.tax for line in lines], order.currency)
    for line, gross in zip(lines, grosses, strict=True):
        _lower_line(line, gross, order.currency)
    order.tax = sum(line.tax for line in lines) + order.shipping_tax
    order.tax_on_top = sum(line.tax for line in lines if not line.tax_inclusive) + order.shipping_gross - order.shipping
    order.discount, order.total = sum(line.discount for line in lines), total
    order.save(update_fields=["terms", "shipping", "shipping_tax", "discount", "tax", "tax_on_top", "total"])
    return order


def _lower_shipping(order: Order, gross: int) -> None:
    """Net and tax keep their proportion."""
    if gross < order.shipping_gross:
        net, order.shipping_tax = split_by_weight(gross, [order.shipping_net, order.shipping_tax])
        order.shipping = gross if order.shipping_tax_inclusive else net


def _lower_line(line: OrderLine, gross: int, currency: str) -> None:
    """Net and tax keep their proportion; the parts share by weight, as when the order was placed."""
    if line.net + line.tax == gross:
        return
    line.net, line.tax = split_by_weight(gross, [line.net, line.tax])
    line.discount = line.amount - line.net - (line.tax if line.tax_inclusive else 0)
    line.save(update_fields=["net", "tax", "discount"])
    parts = list(line.components.all())
    shares = line_shares(line.net, line.tax, [part.component.weight for part in parts], currency)
    for part, share in zip(parts, shares, strict=True):
        part.net, part.tax = share.net, share.tax
    OrderComponent.objects.bulk_update(parts, ["net", "tax"])
