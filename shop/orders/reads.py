"""Baskets with their prices, and what became of an order: derived, never stored twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kit.prepared import Given, prepared
from shop.catalogue.kept import as_kept_for
from shop.catalogue.models import Component, Sku
from shop.catalogue.personal import as_personal
from shop.catalogue.reads import Ware, demand_of, instead_of, wares
from shop.catalogue.shipping import weight_of
from shop.orders.access import basket_of
from shop.orders.models import Basket, BasketLine, Order, OrderComponent


@dataclass(frozen=True)
class BasketWare:
    """A line of a basket with its offer as it stands now; `amount` is minor units of the basket's currency."""

    line: BasketLine
    ware: Ware

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def amount(self) -> int:
        return self.ware.price.amount * self.quantity if self.ware.price else 0

    @property
    def open_to_coupons(self) -> int:
        """Of which a code takes something off: nothing of a price that was made for one person."""
        return 0 if self.ware.personal else self.amount


@dataclass(frozen=True)
class FullBasket:
    """A basket with all its lines."""

    basket: Basket
    lines: list[BasketWare]

    @property
    def currency(self) -> str:
        return self.basket.currency

    @property
    def count(self) -> int:
        return sum(item.quantity for item in self.lines)

    @property
    def subtotal(self) -> int:
        return sum(item.amount for item in self.lines)

    @property
    def goods(self) -> list[tuple[Sku, int]]:
        """(good, pieces) of everything that must be sent."""
        return [(part.sku, part.quantity * item.quantity) for item in self.lines for part in item.ware.goods if part.sku]

    @property
    def weight_g(self) -> int:
        """What all its goods weigh."""
        return weight_of(self.goods)

    @property
    def demand(self) -> dict[str, int]:
        """ref → pieces over all lines: two lines that share a good count together."""
        return demand_of((part, item.quantity) for item in self.lines for part in item.ware.parts)

    @property
    def currencies(self) -> list[str]:
        """Codes in which all of it could be paid, the basket's own first; several where the buyer has a choice."""
        sold = [{price.currency for price in item.ware.prices} for item in self.lines]
        shared = set.intersection(*sold) if sold else set()
        return sorted(shared, key=lambda code: (code != self.currency, code))

    @property
    def buyable(self) -> bool:
        return bool(self.lines) and all(item.ware.buyable and self._in_currency(item.ware) for item in self.lines)

    def _in_currency(self, ware: Ware) -> bool:
        return ware.price is not None and ware.price.currency == self.currency

    def titles_of(self, ref: str) -> list[str]:
        """The lines that need the stock item `ref`, to name what fell short."""
        return [item.ware.offer.title for item in self.lines if any(part.stock_ref == ref for part in item.ware.parts)]


def own_full_basket(user: Any, token: UUID | None) -> FullBasket | None:
    """access.basket_of with its lines; None where there is no basket. Four queries for a member's, one more for a guest's."""
    lines = _own_lines(user=user.pk) if user.is_authenticated else []
    if lines:
        return _filled(lines[0].basket, lines)
    basket = basket_of(user, token)
    return full_basket(basket) if basket else None


def full_basket(basket: Basket) -> FullBasket:
    """The basket's lines, oldest first, with price, contents and stock. Four queries for any number of lines."""
    return _filled(basket, _lines(basket=basket.pk))


def _filled(basket: Basket, lines: list[BasketLine]) -> FullBasket:
    found = as_kept_for(basket.user_id, wares([line.offer for line in lines], basket.currency)) if lines else []
    found = as_personal([line.personal for line in lines], found)
    return FullBasket(basket, [BasketWare(line, ware) for line, ware in zip(lines, found, strict=True)])


def without_kit(filled: FullBasket) -> FullBasket | None:
    """The basket as it is sold where its goods are not sent; None where something in it is sold with its goods only."""
    found = instead_of([item.ware for item in filled.lines], filled.currency)
    pairs = list(zip(filled.lines, found, strict=True))
    if not all(ware is not None and ware.price is not None and ware.price.currency == filled.currency for _item, ware in pairs):
        return None
    return FullBasket(filled.basket, [BasketWare(item.line, ware) for item, ware in pairs if ware is not None])


def pieces_in(basket: Basket) -> int:
    """How many pieces are in it, for the header. One query."""
    return sum(line.quantity for line in _plain_lines(basket=basket.pk))


@prepared
def _plain_lines() -> QuerySet[BasketLine]:
    return BasketLine.objects.filter(basket=Given("basket"))


@prepared
def _lines() -> QuerySet[BasketLine]:
    return BasketLine.objects.filter(basket=Given("basket")).select_related("offer__picture", "personal").order_by("pk")


@prepared
def _own_lines() -> QuerySet[BasketLine]:
    return (
        BasketLine.objects.filter(basket__user=Given("user"))
        .select_related("basket", "offer__picture", "personal")
        .order_by("pk")
    )


def orders_of(user: Any, before: int | None = None, limit: int = 20) -> list[Order]:
    """A person's orders, newest first, with lines and parts at hand; `before` is the id of the last one shown."""
    rows = Order.objects.filter(user=user).exclude(state=Order.State.DRAFT)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk").select_related("gift").prefetch_related("lines__components")[:limit])


def pieces_of(order: Order) -> list[OrderComponent]:
    """Every part of the order. Two queries unless prefetched."""
    return [piece for line in order.lines.all() for piece in line.components.all()]


def fulfilment_status(pieces: Iterable[OrderComponent]) -> str:
    """none (nothing to send) | open | partly | sent | delivered | returned, from the pieces' counters."""
    goods = [piece for piece in pieces if piece.kind == Component.Kind.STOCK]
    bought, shipped = sum(piece.quantity for piece in goods), sum(piece.shipped for piece in goods)
    if not goods:
        return "none"
    if shipped and sum(piece.returned for piece in goods) == shipped:
        return "returned"
    if shipped == bought:
        return "delivered" if sum(piece.delivered for piece in goods) == bought else "sent"
    return "partly" if shipped else "open"


def refund_status(pieces: Sequence[OrderComponent]) -> str:
    """none | partly | full, from what was given back for the pieces."""
    back = sum(piece.refunded_net + piece.refunded_tax for piece in pieces)
    whole = sum(piece.net + piece.tax for piece in pieces)
    if not back:
        return "none"
    return "full" if back == whole else "partly"


def awaiting_orders_of(basket: Basket) -> list[Order]:
    """Orders placed from this basket whose payment never came: a new attempt replaces them."""
    waiting = Q(state=Order.State.AWAITING) | Q(state=Order.State.DRAFT)
    return list(Order.objects.filter(waiting, basket=basket).order_by("pk"))
