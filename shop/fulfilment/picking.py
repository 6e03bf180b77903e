"""The pick list: what to fetch for the parcels that wait, good by good, and from where."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shop.catalogue.models import Sku
from shop.fulfilment.models import Shipment
from stock.models import Placed
from stock.picks import picks
from stock.reads import placed_pieces


@dataclass(frozen=True)
class Pick:
    """Pieces of a good to fetch. `spots`: (place, pieces); `missing`: pieces that lie nowhere."""

    sku: Sku
    pieces: int
    spots: list[tuple[str, int]]
    missing: int


def pick_list(parcels: Iterable[Shipment]) -> list[Pick]:
    """By name of the good. The parcels come with their lines (reads.with_contents); one query more."""
    wanted: Counter[Sku] = Counter()
    for parcel in parcels:
        for line in parcel.lines.all():
            if line.component.component.sku is not None:
                wanted[line.component.component.sku] += line.quantity
    placed = placed_pieces([sku.stock_ref for sku in wanted])
    return [
        _pick(sku, pieces, picks(placed.get(sku.stock_ref, []), pieces))
        for sku, pieces in sorted(wanted.items(), key=lambda item: (item[0].name, item[0].pk))
    ]


def _pick(sku: Sku, pieces: int, found: list[tuple[Placed, int]]) -> Pick:
    return Pick(sku, pieces, [(str(row.place), part) for row, part in found], pieces - sum(part for _row, part in found))
