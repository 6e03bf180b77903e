"""What is left."""

from collections.abc import Iterable

from stock.models import StockItem


def free_pieces(refs: Iterable[str]) -> dict[str, int]:
    """ref → pieces that can still be reserved; unknown refs are absent. One query."""
    return {item.ref: item.free for item in StockItem.objects.filter(ref__in=list(refs))}
