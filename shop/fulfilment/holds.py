"""Why a parcel may not leave now: one answer for the packer's list and for the flow that sends (I12)."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from shop.fulfilment.models import Shipment
from shop.fulfilment.prints import changed_since_print
from shop.fulfilment.rules import kept_pieces
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute, Refund, RefundLine

State = Shipment.State


def hold_reasons(parcels: Sequence[Shipment]) -> dict[int, str]:
    """Parcel id → why it stays, in words for the packer; parcels that may leave are absent.

    Three queries for any number. They come with order, delivery and lines; money is read here, so that the flow gets a
    fresh answer by calling it under the order's lock.
    """
    waiting = [row for row in parcels if row.state == State.TO_PACK]
    orders = {row.order_id for row in waiting}
    open_disputes = Dispute.objects.filter(payment__order__in=orders, state__in=Dispute.OPEN)
    disputed = set(open_disputes.values_list("payment__order", flat=True))
    started = RefundLine.objects.filter(refund__state=Refund.State.STARTED, component__line__order__in=orders)
    refunding = set(started.values_list("component", flat=True))
    pieces = _pieces_of(orders)
    found = {}
    for row in parcels:
        text = _reason(row, row.order_id in disputed, refunding, pieces[row.order_id])
        if text:
            found[row.pk] = text % {"number": row.number}
    return found


def _pieces_of(orders: set[int]) -> dict[int, list[OrderComponent]]:
    found: dict[int, list[OrderComponent]] = defaultdict(list)
    for piece in OrderComponent.objects.filter(line__order__in=orders).select_related("line"):
        found[piece.line.order_id].append(piece)
    return found


def _reason(row: Shipment, disputed: bool, refunding: set[int], parts: Sequence[OrderComponent]) -> str:
    """The text with its placeholder, or ''. What concerns money comes before what concerns paper."""
    if row.state == State.STOPPED:
        return _("%(number)s was stopped: keep it here.")
    if row.state != State.TO_PACK:
        return ""
    if row.order.state != Order.State.PAID:
        return _("The order of %(number)s is not paid.")
    if disputed:
        return _("The bank disputes the payment for %(number)s: keep it here until that is settled.")
    if any(line.component_id in refunding for line in row.lines.all()):
        return _("A refund for %(number)s is under way: keep it here.")
    if _holds_refunded(row, parts):
        return _("%(number)s holds something that was refunded.")
    changed = changed_since_print(row)
    if changed == "recipient":
        return _("The address of %(number)s changed after its slip was printed: print it again.")
    return _("The contents of %(number)s changed after its slip was printed: print it again.") if changed else ""


def _holds_refunded(row: Shipment, parts: Sequence[OrderComponent]) -> bool:
    by_id = {piece.pk: piece for piece in parts}
    lines = [(by_id[line.component_id], line.quantity) for line in row.lines.all()]
    return any(piece.shipped + quantity > kept_pieces(piece, parts) for piece, quantity in lines)
