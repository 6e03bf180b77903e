"""The shelf as the packer reads it: every good with its pieces, and one good with its places and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Sum

from accounts.models import User
from shop.catalogue.models import Sku
from stock.models import Movement, Placed, StockItem
from stock.reads import movements_of

LATEST = 50


@dataclass(frozen=True)
class ShelfRow:
    """A good and its pieces: `on_hand` counts those that are only `expected`, too."""

    sku: Sku
    on_hand: int = 0
    expected: int = 0
    promised: int = 0
    is_low: bool = False

    @property
    def here(self) -> int:
        return self.on_hand - self.expected

    @property
    def free(self) -> int:
        return self.on_hand - self.promised


def shelf() -> list[ShelfRow]:
    """Every good with its stock, by name. Three queries."""
    skus = list(Sku.objects.order_by("name", "pk"))
    items = {item.ref: item for item in StockItem.objects.filter(ref__in=[sku.stock_ref for sku in skus])}
    coming = Placed.objects.filter(place__expected_on__isnull=False).values("item").annotate(sum=Sum("pieces"))
    expected = dict(coming.values_list("item", "sum"))
    return [_row(sku, items.get(sku.stock_ref), expected) for sku in skus]


def _row(sku: Sku, item: StockItem | None, expected: dict[int, int]) -> ShelfRow:
    if item is None:
        return ShelfRow(sku)
    return ShelfRow(sku, item.on_hand, expected.get(item.pk, 0), item.allocated + item.reserved, item.is_low)


def running_low() -> int:
    """How many goods are at or below their threshold. One query."""
    return StockItem.objects.filter(is_low=True, ref__startswith="sku:").count()


@dataclass(frozen=True)
class StockOf:
    """One good: where it lies, what happened to it lately (movement, who), and when somebody is told."""

    placed: Sequence[Placed]
    movements: Sequence[tuple[Movement, str]]
    on_hand: int
    promised: int
    low_at: int | None

    @property
    def free(self) -> int:
        return self.on_hand - self.promised


def stock_of(sku: Sku) -> StockOf:
    """Four queries."""
    item = StockItem.objects.filter(ref=sku.stock_ref).first() or StockItem(ref=sku.stock_ref)
    placed = Placed.objects.filter(item__ref=sku.stock_ref, pieces__gt=0).select_related("place")
    rows = list(movements_of(sku.stock_ref)[:LATEST])
    people = {user.pk: user.display_name for user in User.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id})}
    return StockOf(
        list(placed.order_by(F("place__expected_on").asc(nulls_first=True), "place__position", "place")),
        [(row, people.get(row.actor_id or 0, "")) for row in rows],
        item.on_hand,
        item.allocated + item.reserved,
        item.low_at,
    )
