"""Where the goods of a basket go, what that costs, and what is sold instead where they are not sent."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shop.catalogue.countries import OTHER, all_by_name, country_name
from shop.catalogue.shipping import Fee, Map, NotSentThere, Parcel
from shop.catalogue.stores import COUNTRY
from shop.checkout.forms import DeliveryForm
from shop.orders.models import Delivery
from shop.orders.reads import FullBasket, without_kit


@dataclass(frozen=True)
class Choice:
    """A country to choose. `is_sent`: goods go there."""

    code: str
    name: str
    is_sent: bool


def choices_of(zones: Map, parcel: Parcel) -> list[Choice]:
    """Countries that goods are sent to, then all others by name, then "another country"."""
    reached = zones.reached(parcel)
    sent = [Choice(code, country_name(code), True) for code in reached]
    others = [Choice(code, name, False) for code, name in all_by_name() if code not in reached]
    return [*sent, *others, Choice(OTHER, _("Another country"), False)]


@dataclass(frozen=True)
class Sending:
    """The parcel of a basket on its way to a place: `fee` None where it is not sent there."""

    zones: Map
    parcel: Parcel
    country: str
    postal_code: str

    def fee(self, worth: int) -> Fee | None:
        """What sending costs, where `worth` minor units are paid for what is bought."""
        try:
            parcel = Parcel(self.parcel.currency, self.parcel.weight_g, worth)
            return self.zones.fee(parcel, self.country, self.postal_code)
        except NotSentThere:
            return None

    @property
    def is_sent(self) -> bool:
        return self.fee(0) is not None

    @property
    def place(self) -> str:
        """The country as it stands in "is not sent to …"."""
        return _("your country") if self.country == OTHER else country_name(self.country)


def parcel_of(filled: FullBasket) -> Parcel:
    """All goods of the basket as one parcel; its worth before discounts."""
    return Parcel(filled.currency, filled.weight_g, filled.subtotal)


def sending_to(form: DeliveryForm, zones: Map, parcel: Parcel) -> Sending:
    """As the form points now."""
    if form.method == str(Delivery.Method.STORE):
        return Sending(zones, parcel, COUNTRY, "")
    chosen = form.book.get(form.saved)
    return Sending(zones, parcel, chosen.country if chosen else form.country, chosen.postal_code if chosen else form.postal_code)


def sold_there(filled: FullBasket, sending: Sending | None) -> FullBasket | None:
    """The basket as it is sold at that place: without kits where these are not sent; None where it cannot be."""
    return filled if sending is None or sending.is_sent else without_kit(filled)
