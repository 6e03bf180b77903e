"""What is left."""

from collections.abc import Iterable

from django.db.models import F, QuerySet, Sum

from kit.prepared import GivenAll, prepared
from stock.models import Reservation, StockItem


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
