"""The forms of the one-page checkout."""

from shop.checkout.forms.contact import ContactForm
from shop.checkout.forms.country import CountryForm
from shop.checkout.forms.coupon import CouponForm
from shop.checkout.forms.delivery import DeliveryForm
from shop.checkout.forms.einvoice import EInvoiceForm
from shop.checkout.forms.gift import GiftForm

__all__ = ["ContactForm", "CountryForm", "CouponForm", "DeliveryForm", "EInvoiceForm", "GiftForm"]
