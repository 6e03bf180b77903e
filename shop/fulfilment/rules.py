"""How many pieces may leave (I12), and how long a store keeps a parcel: plain arithmetic."""

from collections.abc import Sequence
from datetime import date, timedelta

from kit.clock import FALLBACK_ZONE, local_date
from shop.catalogue.models import Component
from shop.fulfilment.models import Shipment
from shop.orders.models import OrderComponent

# Taiwan's convenience stores keep a parcel for seven days, then send it back.
KEPT_DAYS = 7


def pick_up_until(parcel: Shipment) -> date | None:
    """The last day on which the store hands it out; None where it waits at none."""
    return local_date(parcel.arrived_at, FALLBACK_ZONE) + timedelta(days=KEPT_DAYS) if parcel.arrived_at else None


def goods_of(pieces: Sequence[OrderComponent]) -> list[OrderComponent]:
    """What must be sent."""
    return [piece for piece in pieces if piece.kind == Component.Kind.STOCK]


def kept_pieces(piece: OrderComponent, others: Sequence[OrderComponent] = ()) -> int:
    """Pieces that are paid and not refunded. A piece counts as refunded once its whole share was given back.

    A free part (its share is zero) is refunded when everything with a price on its line is; `others` are the parts of
    the order.
    """
    gross, back = piece.net + piece.tax, piece.refunded_net + piece.refunded_tax
    if gross:
        return -(-piece.quantity * (gross - back) // gross)
    line = [other for other in others if other.line_id == piece.line_id and other.net + other.tax]
    refunded = bool(line) and all(other.refunded_net == other.net and other.refunded_tax == other.tax for other in line)
    return 0 if refunded else piece.quantity
