"""From which places pieces are taken: the same answer for the packer's list and for the books."""

from collections.abc import Sequence

from stock.models import Placed


def picks(placed: Sequence[Placed], quantity: int) -> list[tuple[Placed, int]]:
    """(where, pieces): the first place that has them all, else place by place in order. Fewer where not enough is there."""
    for row in placed:
        if row.pieces >= quantity:
            return [(row, quantity)]
    found, left = [], quantity
    for row in placed:
        part = min(left, row.pieces)
        if part:
            found.append((row, part))
            left -= part
    return found
