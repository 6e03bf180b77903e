"""How many pieces may leave (I12) or come back: plain arithmetic on an order's components."""

from collections.abc import Sequence

from shop.catalogue.models import Component
from shop.orders.models import OrderComponent


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
