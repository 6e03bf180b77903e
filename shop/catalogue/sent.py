"""Where a kit is sent, as a landing page says it before anybody pays."""

from dataclasses import dataclass

from kit.money import format_money
from shop.catalogue import texts
from shop.catalogue.countries import names_of
from shop.catalogue.promise import leaves_by, leaves_text
from shop.catalogue.reads import Ware, instead_of
from shop.catalogue.shipping import Map, Parcel, by_fee, weight_of


@dataclass(frozen=True)
class Sent:
    """`free`: names of the countries where sending costs nothing; `paid`: (sum, names) of the others.

    `differs`: some areas there cost something else. `instead`: what the course costs without its kit where that is not
    sent; '' where it is not sold so. `leaves`: by when.
    """

    free: str
    paid: list[tuple[str, str]]
    differs: bool
    instead: str
    leaves: str


def sent_of(ware: Ware) -> Sent | None:
    """None where nothing is sent. One query, and four more where the course is sold without its kit."""
    if not ware.goods or ware.price is None:
        return None
    currency = ware.price.currency
    weight = weight_of((part.sku, part.quantity) for part in ware.goods if part.sku)
    zones = Map(currency)
    reached = zones.reached(Parcel(currency, weight, ware.price.amount))
    groups = [(amount, names_of(codes)) for amount, codes in by_fee(reached)]
    (other,) = instead_of([ware], currency)
    return Sent(
        free=next((names for amount, names in groups if amount == 0), ""),
        paid=[(format_money(amount, currency), names) for amount, names in groups if amount],
        differs=zones.has_exceptions(reached),
        instead=texts.price_text(other) if other and other.price and other.price.currency == currency else "",
        leaves=leaves_text(leaves_by([(ware, 1)])),
    )
