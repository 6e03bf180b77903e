"""Parcels sent by the list: each is a shipment of its own, so that one that must stay keeps no other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shop.fulfilment.flows.sending import CannotShip, ship
from shop.fulfilment.tracking_lists import Pair, compare


@dataclass
class Outcome:
    """What became of a list: `done` had left with these numbers before."""

    sent: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    troubles: list[tuple[Pair, str]] = field(default_factory=list)


def ship_listed(*, pairs: Sequence[Pair], carrier: str, actor: Any) -> Outcome:
    """Send the parcels of a list with their tracking numbers. Rows that do not fit are named; a repeat changes nothing."""
    outcome = Outcome()
    for verdict in compare(pairs, carrier):
        if verdict.done:
            outcome.done.append(verdict.pair.number)
        elif verdict.trouble or verdict.parcel is None:
            outcome.troubles.append((verdict.pair, verdict.trouble))
        else:
            try:
                ship(shipment=verdict.parcel, carrier=carrier, tracking=verdict.pair.tracking, actor=actor)
                outcome.sent.append(verdict.pair.number)
            except CannotShip as refusal:
                outcome.troubles.append((verdict.pair, str(refusal)))
    return outcome
