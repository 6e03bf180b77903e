"""The shelf changes by hand: goods arrive, or are counted. Each leaves a line in the trail."""

from typing import Any

from django.db import transaction

from kit import audit
from shop.catalogue.models import Sku
from stock import flows as stock
from stock.models import StockItem


@transaction.atomic
def receive_goods(*, sku: Sku, quantity: int, reason: str, actor: Any) -> StockItem:
    """Pieces came in."""
    item = stock.take_in(ref=sku.stock_ref, quantity=quantity)
    audit.record(
        actor=actor,
        action="stock.received",
        target=sku.stock_ref,
        before=item.on_hand - quantity,
        after=item.on_hand,
        reason=reason,
    )
    return item


@transaction.atomic
def count_goods(*, sku: Sku, on_hand: int, reason: str, actor: Any) -> StockItem:
    """Somebody counted `on_hand` pieces. Raises stock.flows.OutOfStock where fewer remain than are promised."""
    before = StockItem.objects.select_for_update().filter(ref=sku.stock_ref).values_list("on_hand", flat=True).first() or 0
    item = stock.set_on_hand(ref=sku.stock_ref, on_hand=on_hand)
    audit.record(actor=actor, action="stock.counted", target=sku.stock_ref, before=before, after=on_hand, reason=reason)
    return item
