"""What is left."""

from collections.abc import Iterable

from django.db.models import F, QuerySet, Sum

from kit.prepared import GivenAll, prepared
from stock.models import Movement, Place, Placed, Reservation, StockItem


def free_pieces(refs: Iterable[str]) -> dict[str, int]:
    """ref → pieces that can still be reserved; unknown refs are absent. One query."""
    return {item.ref: item.free for item in _items(refs=refs)}


@prepared
def _items() -> QuerySet[StockItem]:
    return StockItem.objects.filter(ref__in=GivenAll("refs", "text"))


def taken_pieces(holder: str, ref: str) -> int:
    """Pieces that the holder has consumed and neither given back nor had handed out."""
    rows = Reservation.objects.filter(holder=holder, item__ref=ref, state=Reservation.State.CONSUMED)
    return rows.aggregate(left=Sum(F("quantity") - F("closed")))["left"] or 0


def placed_pieces(refs: Iterable[str]) -> dict[str, list[Placed]]:
    """ref → where its pieces lie in the house, in the order in which packers take them; what is only expected is left out.

    One query.
    """
    rows = Placed.objects.filter(item__ref__in=list(refs), pieces__gt=0, place__expected_on=None).select_related("item", "place")
    found: dict[str, list[Placed]] = {}
    for row in rows.order_by("place__position", "place"):
        found.setdefault(row.item.ref, []).append(row)
    return found


def shelves() -> QuerySet[Place]:
    """Places in the house, in the order in which packers go there."""
    return Place.objects.filter(expected_on=None).order_by("position", "pk")


def movements_of(ref: str) -> QuerySet[Movement]:
    """What came and went, the newest first."""
    return Movement.objects.filter(item__ref=ref).select_related("place").order_by("-pk")
