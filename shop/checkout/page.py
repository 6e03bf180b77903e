"""What the checkout page is made of, from one request: basket, forms, sums."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.forms import BoundField, Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Address
from accounts.webviews import in_app_browser
from kit.pictures import THUMB, picture_urls
from kit.prepared import Given, prepared
from shop.catalogue.countries import OTHER, names_of
from shop.catalogue.policy_words import grouped
from shop.catalogue.promise import leaves_by, leaves_text
from shop.catalogue.shipping import Fee, Map
from shop.catalogue.stores import COUNTRY, chains_that_take
from shop.catalogue.taxes import Tax, net_and_tax, tax_for, taxed_countries
from shop.catalogue.texts import paused_text
from shop.checkout.coupon_field import coupon_on_page
from shop.checkout.flows.wanted import asks_consent
from shop.checkout.forms import ContactForm, CountryForm, CouponForm, DeliveryForm, EInvoiceForm, GiftForm
from shop.checkout.inapp import jump_path
from shop.checkout.sending import Sending, choices_of, parcel_of, sending_to, sold_there
from shop.orders.cookies import basket_token
from shop.orders.coupons import Discount
from shop.orders.delivery import DeliveryData
from shop.orders.einvoice import EInvoice, concerns
from shop.orders.gifts import GiftData, places_of_a_gift
from shop.orders.reads import FullBasket, own_full_basket
from shop.payments.reads import bank_account

HOME_OF_LANGUAGE = {"zh-hans": "CN"}
MOST_ADDRESSES = 10


@dataclass
class Faults:
    """Several forms as one for the summary of errors on top of the page."""

    forms: list[Form]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.forms)

    def non_field_errors(self) -> list[str]:
        return [error for form in self.forms for error in form.non_field_errors()]

    def visible_fields(self) -> list[BoundField]:
        return [field for form in self.forms for field in form.visible_fields()]

    def hidden_fields(self) -> list[BoundField]:
        return [field for form in self.forms for field in form.hidden_fields()]


@dataclass
class CheckoutPage:
    """The page of one request; `delivery` is None where nothing must be sent, `discount` where no code is good, `place`
    where the tax does not depend on it or follows the delivery, `gift` where something in the basket is no course,
    `einvoice` outside Taiwan.

    `recommended` is the code of the link that somebody typed. `filled` is what is sold there: without the kits where these
    are not sent (`whole` has them)."""

    request: HttpRequest
    filled: FullBasket
    whole: FullBasket
    sending: Sending | None
    contact: ContactForm
    delivery: DeliveryForm | None
    coupon: CouponForm
    discount: Discount | None
    place: CountryForm | None
    gift: GiftForm | None
    einvoice: EInvoiceForm | None = None
    recommended: str = ""

    def is_valid(self) -> bool:
        """All forms, the basket as it stands now, and that the sum is the one the buyer saw."""
        contact, delivery = self.contact.is_valid(), not self.is_sent or self.delivery is None or self.delivery.is_valid()
        if not all([contact, delivery, *(form.is_valid() for form in self._choices() if form)]):
            return False
        seen = self.contact.cleaned_data.get("seen_total")
        if seen is not None and seen != self.total:
            self.contact.add_error(None, _("The sum has changed since you opened this page. Please look at it once more."))
        return not self.contact.errors and not self.is_unsold

    @cached_property
    def is_sent(self) -> bool:
        """Goods go where the form points now."""
        return self.sending is not None and self.sending.is_sent

    @property
    def is_kitless(self) -> bool:
        """Sold without its kit, which is not sent there."""
        return self.filled is not self.whole

    @property
    def is_unsold(self) -> bool:
        """The kit is not sent there, and what is bought is sold with it only."""
        return self.sending is not None and not self.is_sent and not self.is_kitless

    @cached_property
    def fee(self) -> Fee:
        """For sending it where the form points now."""
        worth = self.filled.subtotal - (self.discount.amount if self.discount else 0)
        return (self.sending.fee(worth) if self.sending is not None else None) or Fee()

    def _choices(self) -> "tuple[Form | None, ...]":
        return self.coupon, self.place, self.gift, self.einvoice

    @property
    def shipping(self) -> int:
        """Minor units of it."""
        return self.fee.amount

    @property
    def country(self) -> str:
        """Where the goods go, or where the buyer is; "" where nobody asked."""
        if self.sending is None:
            return self.place.country if self.place else ""
        return "" if self.sending.country == OTHER else self.sending.country

    @property
    def total(self) -> int:
        _contained, on_top = self.tax_sums
        return self.filled.subtotal + self.shipping - (self.discount.amount if self.discount else 0) + on_top

    @cached_property
    def tax(self) -> Tax:
        return tax_for(self.country)

    @cached_property
    def tax_sums(self) -> tuple[int, int]:
        """Tax in the prices, and tax on top of them, as the order will have it line by line, delivery too."""
        contained = on_top = 0
        shares = self.discount.shares if self.discount else [0] * len(self.filled.lines)
        priced = [(item.amount - off, item.ware.price) for item, off in zip(self.filled.lines, shares, strict=True)]
        bare = [(amount, price.tax_inclusive) for amount, price in priced if price is not None]
        for amount, inside in [*bare, (self.fee.amount, self.fee.tax_inclusive)]:
            _net, tax = net_and_tax(amount, self.tax.rate, inclusive=inside, currency=self.filled.currency)
            contained, on_top = (contained + tax, on_top) if inside else (contained, on_top + tax)
        return contained, on_top

    @property
    def code(self) -> str:
        return self.discount.coupon.code if self.discount else ""

    @property
    def deliver_to(self) -> DeliveryData | None:
        return self.delivery.delivery() if self.delivery is not None and self.is_sent else None

    @property
    def gift_data(self) -> GiftData | None:
        return self.gift.data_of_gift() if self.gift is not None else None

    @property
    def einvoice_wish(self) -> EInvoice | None:
        return self.einvoice.wish() if self.einvoice is not None else None

    @property
    def email(self) -> str:
        user = self.request.user
        return str(user.email) if user.is_authenticated else str(self.contact.cleaned_data["email"])

    @property
    def name(self) -> str:
        written = self.contact.cleaned_data.get("buyer_name", "")
        return str(written or (self.deliver_to.name if self.deliver_to else "") or getattr(self.request.user, "name", ""))

    @property
    def key(self) -> str:
        """The form's key and a digest of what it asks for: sent twice it is one order; sent again with another
        address (the browser's back button) it is another."""
        lines = [(item.ware.offer.pk, item.quantity, item.amount) for item in self.filled.lines]
        choices = (self.deliver_to, self.country, self.total, self.code, self.recommended, self.gift_data, self.einvoice_wish)
        wish = repr((lines, self.email, self.name, *choices))
        return f"{self.contact.cleaned_data['key']}:{hashlib.sha256(wish.encode()).hexdigest()}"

    def _gift_places(self) -> str:
        """Where the recipient may have the kit sent, in words; '' where no kit is given."""
        given = self.gift is not None and self.gift.ticked and self.whole.goods
        return names_of(code for code, _name in places_of_a_gift(parcel_of(self.whole))) if given else ""

    def context(self) -> dict[str, Any]:
        pictures = picture_urls([item.ware.offer.picture for item in self.filled.lines], THUMB)
        browser, wares = in_app_browser(self.request), [item.ware for item in self.filled.lines]
        paused = max((ware.away_until for ware in wares if ware.state == "paused" and ware.away_until), default=None)
        return {
            "basket": self.filled,
            "basket_count": self.filled.count,
            "items": [(item, pictures.get(item.ware.offer.picture_id or 0, "")) for item in self.filled.lines],
            "contact": self.contact,
            "delivery": self.delivery,
            "coupon": self.coupon,
            "recommended": self.recommended,
            "place": self.place,
            "gift": self.gift,
            "einvoice": self.einvoice,
            "transfers": bank_account(self.filled.currency) is not None,
            "tax": self.tax,
            "tax_in": self.tax_sums[0],
            "tax_on_top": self.tax_sums[1],
            "discount": self.discount,
            "faults": Faults([form for form in (self.contact, self.gift, self.delivery, self.einvoice, self.coupon) if form]),
            "shipping": self.shipping,
            "sending": self.sending,
            "is_sent": self.is_sent,
            "is_kitless": self.is_kitless,
            "is_unsold": self.is_unsold,
            "whole": self.whole,
            "gift_places": self._gift_places(),
            "total": self.total,
            "promises": grouped(
                (ware.offer.title, ware.offer.refund_policy, {part.kind for part in ware.parts}) for ware in wares
            ),
            "new_key": self.contact["key"].value() or "",
            "leaves": leaves_text(leaves_by((item.ware, item.quantity) for item in self.filled.lines)),
            "paused": paused_text(paused) if paused else "",
            "came_back": "back" in self.request.GET,
            "browser": browser,
            "jump": settings.SITE_URL.rstrip("/") + jump_path(self.request) if browser else "",
        }


def checkout_page(request: HttpRequest) -> CheckoutPage | None:
    """The page for this request's basket, or None where there is nothing in it. Raises TooManyGuesses."""
    filled = own_full_basket(request.user, basket_token(request))
    if filled is None or not filled.lines:
        return None
    sent = request.method == "POST" and "refresh" not in request.POST
    gift = GiftForm(request.POST.dict(), sent=sent) if all(item.ware.seats for item in filled.lines) else None
    delivery, sending = _way(request, filled, sent) if filled.goods and not (gift and gift.ticked) else (None, None)
    sold = sold_there(filled, sending) or filled
    lines = [(item.ware.offer.pk, item.open_to_coupons) for item in sold.lines]
    place = _country_form(request) if delivery is None else None
    coupon, discount, link = coupon_on_page(request, filled.basket, lines)
    contact = _contact_form(request, delivery if sending and sending.is_sent else None, sold, sent)
    page = CheckoutPage(request, sold, filled, sending, contact, delivery, coupon, discount, place, gift)
    page.recommended = link.code if link else ""
    if concerns(page.country, filled.currency):
        page.einvoice = EInvoiceForm(request.POST.dict(), sent=sent)
    return page


def _contact_form(request: HttpRequest, delivery: DeliveryForm | None, filled: FullBasket, sent: bool) -> ContactForm:
    member, needs_name = request.user.is_authenticated, delivery is None and not getattr(request.user, "name", "")
    asked = {"member": member, "needs_name": needs_name, "asks_consent": asks_consent(item.ware for item in filled.lines)}
    if sent:
        return ContactForm(request.POST, **asked)
    initial = {**request.POST.dict()} or {"key": str(uuid.uuid4())}
    return ContactForm(initial=initial, **asked)


def _way(request: HttpRequest, filled: FullBasket, sent: bool) -> tuple[DeliveryForm, Sending]:
    """The form, and where it points: goods may be sent there, or may not."""
    zones, parcel = Map(filled.currency), parcel_of(filled)
    choices = choices_of(zones, parcel)
    codes = {choice.code for choice in choices if choice.is_sent}
    rows = _addresses(user=request.user.pk) if request.user.is_authenticated else []
    form = DeliveryForm(
        request.POST if sent else None,
        values=request.POST.dict() if request.method == "POST" else _first_values(request),
        book=[row for row in rows[:MOST_ADDRESSES] if row.country in codes],
        countries=[(choice.code, choice.name) for choice in choices],
        elsewhere={choice.code for choice in choices if not choice.is_sent},
        chains=chains_that_take(filled.goods) if COUNTRY in codes else [],
        member=request.user.is_authenticated,
    )
    return form, sending_to(form, zones, parcel)


def _country_form(request: HttpRequest) -> CountryForm | None:
    taxed = taxed_countries()
    values = request.POST if request.method == "POST" else {"tax_country": _first_values(request)["country"]}
    return CountryForm(values, taxed) if taxed else None


def _first_values(request: HttpRequest) -> dict[str, str]:
    name = getattr(request.user, "name", "")
    return {"country": HOME_OF_LANGUAGE.get(request.LANGUAGE_CODE, COUNTRY), "name": name}


@prepared
def _addresses() -> QuerySet[Address]:
    return Address.objects.filter(user=Given("user")).order_by("-is_default", "-pk")
