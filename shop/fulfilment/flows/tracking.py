"""How a parcel travels: a carrier and its number, asked for when it leaves, and corrected where they were wrong."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from shop.fulfilment.carriers import CARRIERS, is_tracking, tidy_tracking
from shop.fulfilment.flows.locking import locked_shipment
from shop.fulfilment.flows.telling import CORRECTED, tell_buyer
from shop.fulfilment.models import Shipment

State = Shipment.State
ON_ITS_WAY = (State.SHIPPED, State.ARRIVED)


class CannotShip(Exception):
    """The parcel may not make this step; the text is for the packer."""


def set_way(*, parcel: Shipment, carrier: str, tracking: str) -> None:
    """Set carrier and number on the locked parcel, unsaved. Raises CannotShip where something was left out, or cannot be a
    tracking number.

    No number is a choice, not an omission: only our own delivery and a hand-over go without.
    """
    carrier, tracking = carrier.strip(), tidy_tracking(tracking)
    if carrier not in CARRIERS:
        text = _("%(number)s: choose who carries it. Your own delivery and a hand-over are on the list, too.")
        raise CannotShip(text % {"number": parcel.number})
    if CARRIERS[carrier].numbered and not tracking:
        text = _("%(number)s: type the tracking number from %(carrier)s.")
        raise CannotShip(text % {"number": parcel.number, "carrier": CARRIERS[carrier].name})
    if tracking and not is_tracking(tracking):
        text = _("%(number)s: “%(tracking)s” is no tracking number. Look at it again.")
        raise CannotShip(text % {"number": parcel.number, "tracking": tracking[:60]})
    parcel.carrier, parcel.tracking = carrier, tracking


@transaction.atomic
def correct_tracking(*, shipment: Shipment, carrier: str, tracking: str, actor: Any) -> Shipment:
    """Carrier and number of a parcel that left are put right; while it is on its way its buyer is told. Raises CannotShip."""
    parcel = locked_shipment(shipment)
    if parcel.state in {State.TO_PACK, State.STOPPED}:
        raise CannotShip(_("%(number)s has not been sent.") % {"number": parcel.number})
    before = way_of(parcel)
    set_way(parcel=parcel, carrier=carrier, tracking=tracking)
    if way_of(parcel) == before:
        return parcel
    parcel.save(update_fields=["carrier", "tracking"])
    line = audit.record(actor=actor, action="shipment.tracking", target=parcel.order.holder, before=before, after=way_of(parcel))
    if parcel.state in ON_ITS_WAY:
        tell_buyer(parcel, news=CORRECTED, key=f"{parcel.number}:{CORRECTED}:{line.pk}")
    return parcel


def way_of(parcel: Shipment) -> dict[str, str]:
    """As the trail keeps it."""
    return {"parcel": parcel.number, "carrier": parcel.carrier, "tracking": parcel.tracking}
