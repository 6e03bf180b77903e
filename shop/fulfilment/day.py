"""The packer's day: the parcels of one page, what keeps any of them here, and what to fetch for the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Shipment, ShipmentLine
from shop.fulfilment.picking import Pick, pick_list
from shop.fulfilment.reads import no_shows
from stock.reads import placed_pieces

State = Shipment.State


@dataclass(frozen=True)
class DayRow:
    """A parcel in the list; `hold` says why it may not leave now, or ''. `missing`: (pieces, name) that lie nowhere here;
    `no_shows`: parcels that this buyer never fetched."""

    parcel: Shipment
    hold: str
    missing: list[tuple[int, str]]
    no_shows: int = 0

    @property
    def is_red(self) -> bool:
        """Its paper, or its money, is no longer what it was."""
        return bool(self.hold) or (self.parcel.state == State.STOPPED and self.parcel.printed_at is not None)


def day_rows(parcels: Sequence[Shipment]) -> list[DayRow]:
    """In the order given, in which the pieces that are here are dealt out."""
    holds = hold_reasons(parcels)
    missing = missing_pieces([row for row in parcels if row.state == State.TO_PACK and row.pk not in holds])
    left = no_shows([row.order for row in parcels if row.state == State.TO_PACK])
    return [
        DayRow(
            row,
            holds.get(row.pk, "") if row.state == State.TO_PACK else "",
            [(missing[line.pk], _name(line)) for line in row.lines.all() if line.pk in missing],
            left.get(row.order_id, 0),
        )
        for row in parcels
    ]


def picks_of(rows: Sequence[DayRow]) -> list[Pick]:
    """What to fetch for the parcels that may leave."""
    return pick_list(row.parcel for row in rows if row.parcel.state == State.TO_PACK and not row.hold)


def missing_pieces(parcels: Sequence[Shipment]) -> dict[int, int]:
    """Line id → pieces that are not in the house, where the parcels are packed in this order. One query."""
    lines = [line for parcel in parcels for line in parcel.lines.all()]
    placed = placed_pieces({line.component.ref for line in lines})
    left = Counter({ref: sum(row.pieces for row in rows) for ref, rows in placed.items()})
    missing = {}
    for line in lines:
        here = min(line.quantity, left[line.component.ref])
        left[line.component.ref] -= here
        if here < line.quantity:
            missing[line.pk] = line.quantity - here
    return missing


def _name(line: ShipmentLine) -> str:
    return str(line.component.component.sku or line.component.title)
