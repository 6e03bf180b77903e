"""A code on the checkout page: looked at without placing anything, and counted as a guess where it is not good."""

from collections.abc import Sequence

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from shop.catalogue.flows import forget_guess, note_guess
from shop.checkout.forms import CouponForm
from shop.orders.coupons import CouponRefused, Discount, OfferAmount, discount_for
from shop.orders.models import Basket, Order
from shop.referrals.flows.clicks import address_hash
from shop.referrals.models import Link
from shop.referrals.touches import link_typed


def coupon_on_page(
    request: HttpRequest, basket: Basket, lines: Sequence[OfferAmount]
) -> tuple[CouponForm, Discount | None, Link | None]:
    """The field with what was typed or used before, its error beside it, and what the code takes off, or whose
    recommendation it is.

    Raises TooManyGuesses, for a code in the address too (`?coupon=`, from an offer to a class). Who comes back from the
    payment page finds the code of the order that waits.
    """
    offered = request.GET.get("coupon", "") if request.method != "POST" else ""
    form = CouponForm({"coupon": request.POST.get("coupon", "") or offered or _used_before(request, basket)})
    code = form.code
    if not code:
        return form, None, None
    guess = note_guess(user=request.user, address_hash=_address_hash(request)) if request.method == "POST" or offered else None
    user = request.user
    email = str(user.email) if user.is_authenticated else request.POST.get("email", "").strip()
    try:
        discount = discount_for(code, lines, basket.currency, user, email, basket=basket)
    except CouponRefused as refusal:
        discount, link = None, link_typed(code)
        if link is None:
            form.add_error("coupon", str(refusal))
            return form, None, None
    else:
        link = None
    if guess is not None:
        forget_guess(guess=guess)
    return form, discount, link


def _used_before(request: HttpRequest, basket: Basket) -> str:
    if request.method == "POST" or "back" not in request.GET:
        return ""
    waiting = Order.objects.filter(basket=basket, state=Order.State.AWAITING).order_by("-pk")
    terms = waiting.values_list("terms", flat=True).first() or {}
    return str(terms.get("coupon", {}).get("code", "") or terms.get("recommended", ""))


def _address_hash(request: HttpRequest) -> str:
    """Counts guesses by network address without keeping it; behind proxies allauth knows whom to believe."""
    return address_hash(get_adapter().get_client_ip(request) or "", "coupon")
