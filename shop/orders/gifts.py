"""What a giver says of a gift, as plain data on its way from a form to an order; and where its kit may go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shop.catalogue.countries import country_name
from shop.catalogue.shipping import Map, NotSentThere, Parcel, weight_of
from shop.catalogue.stores import COUNTRY
from shop.orders.delivery import DeliveryData
from shop.orders.models import Gift, Order, OrderComponent


@dataclass(frozen=True)
class GiftData:
    """`deliver_on` is the day on which the recipient is written to, in the site's zone."""

    name: str
    email: str
    message: str
    deliver_on: date


def giver_of(order: Order) -> str:
    """Who gives, as the recipient may read it."""
    return order.name or order.email


def taken_gift(order: Order) -> Gift | None:
    """The gift that an order is, with its recipient, once somebody has taken it."""
    return Gift.objects.filter(order=order, redeemed_at__isnull=False).select_related("redeemed_by", "order").first()


def parcel_of_gift(order: Order, pieces: Iterable[OrderComponent]) -> Parcel:
    """The goods among `pieces`, whose goods must be at hand."""
    goods = [(piece.component.sku, piece.quantity) for piece in pieces if piece.component.sku]
    return Parcel(order.currency, weight_of(goods), order.subtotal - order.discount)


def places_of_a_gift(parcel: Parcel) -> list[tuple[str, str]]:
    """(code, name) of the countries that the recipient may name: where sending is free, for nobody pays it then.

    Where it is free nowhere, all that is reached: the shop bears it.
    """
    reached = Map(parcel.currency).reached(parcel)
    free = [code for code, fee in reached.items() if fee.amount == 0]
    return [(code, country_name(code)) for code in free or [*reached] or [COUNTRY]]


def may_take_it_to(parcel: Parcel, delivery: DeliveryData) -> bool:
    """Whether a gift's kit may go to this very address (postcodes may differ from their country)."""
    zones = Map(parcel.currency)
    try:
        fee = zones.fee(parcel, delivery.country, delivery.postal_code)
    except NotSentThere:
        return False
    return fee.amount == 0 or all(other.amount for other in zones.reached(parcel).values())
