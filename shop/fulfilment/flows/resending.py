"""What nobody fetched is sent once more, to the same door or to another."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit, outbox
from shop.fulfilment.flows.addressing import readdress
from shop.fulfilment.flows.locking import locked_pieces, locked_shipment
from shop.fulfilment.flows.parcels import create_shipments
from shop.fulfilment.flows.telling import tell_buyer
from shop.fulfilment.models import Return, Shipment
from shop.orders.delivery import DeliveryData
from stock.flows import OutOfStock

State = Shipment.State


class CannotResend(Exception):
    """The goods cannot be sent again; the text is for the packer."""


@transaction.atomic
def resend(*, shipment: Shipment, delivery: DeliveryData, actor: Any) -> Shipment:
    """Pack the goods of an unclaimed parcel anew, for `delivery`; the new parcel. The buyer is told.

    Its pieces no longer count as shipped and returned: they are still to come. They are taken from the shelf again, as
    what came back may have been written off or sold. Raises CannotResend before all of it is inspected, where its money
    went back, and where too few are left.
    """
    parcel = locked_shipment(shipment)
    if parcel.state != State.UNCLAIMED:
        raise CannotResend(_("%(number)s did not come back unclaimed.") % {"number": parcel.number})
    if parcel.returns.filter(state=Return.State.REQUESTED).exists():
        raise CannotResend(_("Inspect what came back first: then it can be sent again."))
    _undo(parcel)
    try:
        again = create_shipments(order=parcel.order)
    except OutOfStock as short:
        raise CannotResend(_("Too few are left on the shelf to send this again.")) from short
    if not again:
        raise CannotResend(_("The money for this went back: there is nothing to send again."))
    readdress(order=parcel.order, delivery=delivery, actor=actor)
    after = {"parcel": parcel.number, "again": again[0].number}
    audit.record(actor=actor, action="shipment.resent", target=parcel.order.holder, before=str(State.UNCLAIMED), after=after)
    outbox.write(topic="shipment.resent", key=parcel.number, payload={"shipment": parcel.pk})
    tell_buyer(again[0], news=str(State.RESENT))
    return again[0]


def _undo(parcel: Shipment) -> None:
    """As if it had never left."""
    pieces = {piece.pk: piece for piece in locked_pieces(parcel.order)}
    for line in parcel.lines.all():
        pieces[line.component_id].shipped -= line.quantity
    for ret in parcel.returns.all():
        pieces[ret.component_id].returned -= ret.came
    for piece in pieces.values():
        piece.save(update_fields=["shipped", "returned"])
    parcel.returns.update(state=Return.State.RESENT)
    parcel.state = State.RESENT
    parcel.save(update_fields=["state"])
