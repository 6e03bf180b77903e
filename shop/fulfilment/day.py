"""The packer's day: the parcels of one page, what keeps any of them here, and what to fetch for the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Shipment
from shop.fulfilment.picking import Pick, pick_list


@dataclass(frozen=True)
class DayRow:
    """A parcel in the list; `hold` says why it may not leave now, or ''."""

    parcel: Shipment
    hold: str

    @property
    def is_red(self) -> bool:
        """Its paper, or its money, is no longer what it was."""
        return bool(self.hold) or (self.parcel.state == Shipment.State.STOPPED and self.parcel.printed_at is not None)


def day_rows(parcels: Sequence[Shipment]) -> list[DayRow]:
    """In the order given."""
    holds = hold_reasons(parcels)
    return [DayRow(row, holds.get(row.pk, "") if row.state == Shipment.State.TO_PACK else "") for row in parcels]


def picks_of(rows: Sequence[DayRow]) -> list[Pick]:
    """What to fetch for the parcels that may leave."""
    return pick_list(row.parcel for row in rows if row.parcel.state == Shipment.State.TO_PACK and not row.hold)
