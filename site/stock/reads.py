"""What is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from kit.prepared import GivenAll, prepared
from stock.models import Movement, Place, Placed, Reservation, StockItem


def free_pieces(refs: Iterable[str]) -> dict[str, int]:
    """ref → pieces that can still be reserved; unknown refs are absent. One query."""
    return {ref: left.free for ref, left in pieces_left(refs).items()}


@dataclass(frozen=True)
class Left:
    """Pieces that can still be reserved; `is_awaited`: some of the item's pieces are ordered and not here yet."""

    free: int
    is_awaited: bool


def pieces_left(refs: Iterable[str]) -> dict[str, Left]:
    """By ref; unknown refs are absent. One query."""
    return {item.ref: Left(item.free, item.is_awaited) for item in _items(refs=refs)}


@prepared
def _items() -> QuerySet[StockItem]:
    coming = Placed.objects.filter(item=OuterRef("pk"), pieces__gt=0, place__expected_on__isnull=False)
    return StockItem.objects.filter(ref__in=GivenAll("refs", "text")).annotate(is_awaited=Exists(coming))


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


def expected_for(wanted: Mapping[str, int]) -> list[date]:
    """Days of the deliveries that are waited for, where so many pieces more of each ref are sold: for every ref that is
    not in the house, the day on which enough have come, first sold first served. One query.
    """
    rows = Placed.objects.filter(item__ref__in=list(wanted), pieces__gt=0, place__expected_on__isnull=False)
    coming: dict[StockItem, list[Placed]] = {}
    for row in rows.select_related("item", "place").order_by("place__expected_on"):
        coming.setdefault(row.item, []).append(row)
    return [day for item, placed in coming.items() if (day := _enough_on(item, placed, wanted[item.ref]))]


def _enough_on(item: StockItem, placed: Sequence[Placed], wanted: int) -> date | None:
    missing = wanted - item.free + sum(row.pieces for row in placed)
    day = None
    for row in placed:
        if missing <= 0:
            break
        missing, day = missing - row.pieces, row.place.expected_on
    return day


def shelves() -> QuerySet[Place]:
    """Places in the house, in the order in which packers go there."""
    return Place.objects.filter(expected_on=None).order_by("position", "pk")


def movements_of(ref: str) -> QuerySet[Movement]:
    """What came and went, the newest first."""
    return Movement.objects.filter(item__ref=ref).select_related("place").order_by("-pk")
