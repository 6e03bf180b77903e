"""/basket/ and what changes it. Guests have one by cookie, members by account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kit.money import CURRENCIES
from kit.pictures import THUMB, picture_urls
from shop.catalogue.reads import may_see, offer_named
from shop.orders import access, cookies
from shop.orders.flows import CannotAdd, add_to_basket, choose_currency, open_basket, set_quantity
from shop.orders.models import Basket
from shop.orders.paths import own_path, own_place
from shop.orders.reads import own_full_basket, pieces_in


@never_cache
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """What is in the basket, with prices and stock of this moment."""
    filled = own_full_basket(request.user, cookies.basket_token(request))
    if filled is None:
        return render(request, "shop/basket.html", {"basket": None, "basket_count": 0})
    pictures = picture_urls([item.ware.offer.picture for item in filled.lines], THUMB)
    items = [(item, pictures.get(item.ware.offer.picture_id or 0, "")) for item in filled.lines]
    response = render(request, "shop/basket.html", {"basket": filled, "items": items, "basket_count": filled.count})
    cookies.write_cookie(response, filled.basket, filled.count)
    return response


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put `offer` (id or slug) into the basket, from `place`; `buy` leads straight to the checkout.

    `return_to` is a path on our host to which paying leads back, `currency` the code that the buyer chose.
    """
    offer = offer_named(request.POST.get("offer", ""))
    if offer is None or not may_see(offer, request.user):
        raise Http404
    found = open_basket(user=request.user, token=cookies.basket_token(request))
    place = own_place(request.POST.get("place", ""))
    return_to = own_path(request, request.POST.get("return_to", ""))
    try:
        add_to_basket(
            basket=found,
            offer=offer,
            quantity=_number(request, 1),
            place=place,
            return_to=return_to,
            currency=_currency(request),
        )
    except CannotAdd as error:
        messages.error(request, str(error))
        return redirect("catalogue:offer", offer_slug=offer.slug)
    return _with_cookie(redirect(_way_on(request)), found)


def _way_on(request: HttpRequest) -> str:
    """The basket; or the checkout, with the code that the offer came with."""
    if not request.POST.get("buy"):
        return reverse("orders:basket")
    code = request.POST.get("coupon", "")[:40]
    return reverse("checkout:checkout") + (f"?{urlencode({'coupon': code})}" if code else "")


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Set how many of `offer` (id) are in the basket; 0 takes it out."""
    found = access.basket_of(request.user, cookies.basket_token(request))
    response = redirect("orders:basket")
    offer = request.POST.get("offer", "")
    if found is not None and offer.isdecimal() and len(offer) < 19:
        set_quantity(basket=found, offer_id=int(offer), quantity=_number(request, 0))
        return _with_cookie(response, found)
    return response


@require_POST
def currency(request: HttpRequest) -> HttpResponse:
    """Pay for what is in the basket in another currency."""
    found = access.basket_of(request.user, cookies.basket_token(request))
    if found is not None:
        try:
            choose_currency(basket=found, currency=_currency(request) or found.currency)
        except CannotAdd as error:
            messages.error(request, str(error))
    return redirect("orders:basket")


def _currency(request: HttpRequest) -> str:
    """The code that was sent, '' where it is none of ours."""
    sent = request.POST.get("currency", "")
    return sent if sent in CURRENCIES else ""


def _number(request: HttpRequest, default: int) -> int:
    value = request.POST.get("quantity", "")
    return min(int(value), 99) if value.isdecimal() and len(value) < 4 else default


def _with_cookie(response: HttpResponse, found: Basket) -> HttpResponse:
    cookies.write_cookie(response, found, pieces_in(found))
    return response
