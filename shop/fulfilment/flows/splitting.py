"""A parcel leaves in two: some pieces now, the rest in a parcel that follows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from shop.fulfilment.flows.locking import locked_shipment
from shop.fulfilment.flows.parcels import make_parcel
from shop.fulfilment.models import Shipment


class CannotSplit(Exception):
    """The parcel cannot be divided like that; the text is for the packer."""


@transaction.atomic
def split_parcel(*, shipment: Shipment, later: Mapping[int, int], planned_on: date | None = None, actor: Any) -> Shipment:
    """Move pieces (`later`: line id → pieces) of a waiting parcel into a new one, which leaves about `planned_on`.

    A slip that was printed before says too much now, and stops its parcel until it is printed again. Raises CannotSplit
    where the parcel waits no longer, and where nothing would stay, nothing would go, or more would go than there is.
    """
    parcel = locked_shipment(shipment)
    if parcel.state != Shipment.State.TO_PACK:
        raise CannotSplit(_("%(number)s does not wait to be packed any more.") % {"number": parcel.number})
    lines = {line.pk: line for line in parcel.lines.select_related("component")}
    moved = {lines[pk]: pieces for pk, pieces in later.items() if pieces and pk in lines}
    if any(pieces < 0 or pieces > line.quantity for line, pieces in moved.items()):
        raise CannotSplit(_("There are not that many pieces in %(number)s.") % {"number": parcel.number})
    if not 0 < sum(moved.values()) < sum(line.quantity for line in lines.values()):
        raise CannotSplit(_("Leave at least one piece in %(number)s, and take at least one out.") % {"number": parcel.number})
    rest = make_parcel(parcel.order, {line.component: pieces for line, pieces in moved.items()}, planned_on=planned_on)
    for line, pieces in moved.items():
        line.quantity -= pieces
        line.save(update_fields=["quantity"]) if line.quantity else line.delete()
    after = {"parcel": parcel.number, "later": rest.number, "pieces": sum(moved.values())}
    audit.record(actor=actor, action="shipment.split", target=parcel.order.holder, after=after)
    return rest
