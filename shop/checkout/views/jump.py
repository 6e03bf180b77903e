"""/checkout/jump/<token>/: out of LINE's or WeChat's browser into the phone's own, basket and referral in hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.checkout.inapp import Jump, read_jump
from shop.orders import access, cookies
from shop.orders.flows import claim_basket
from shop.orders.reads import full_basket
from shop.referrals.cookies import remember_visitor


@never_cache
@require_safe
def jump(request: HttpRequest, token: str) -> HttpResponse:
    """Set the two cookies and go to the checkout. Nobody's own basket is lost: a member's takes in the guest's."""
    carried = read_jump(token)
    if carried is None:
        messages.info(request, _("This link was good for ten minutes. Please open the course here and choose again."))
        return redirect("catalogue:shop")
    if request.user.is_authenticated and carried.basket is not None:
        claim_basket(user=request.user, token=carried.basket)
    response = redirect("checkout:checkout")
    _bring_basket(request, response, carried)
    if carried.visitor is not None:
        remember_visitor(response, carried.visitor)
    return response


def _bring_basket(request: HttpRequest, response: HttpResponse, carried: Jump) -> None:
    found = access.basket_of(request.user, carried.basket)
    if found is not None:
        cookies.write_cookie(response, found, full_basket(found).count)
