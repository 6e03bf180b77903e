"""/redeem/<code>/: whoever holds the link takes the gift with the account they are signed in with."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Address
from shop.catalogue.stores import COUNTRY, chains_that_take
from shop.checkout.flows.errors import CheckoutError
from shop.checkout.flows.gift import redeem_gift
from shop.checkout.forms import DeliveryForm
from shop.orders.gifts import parcel_of_gift, places_of_a_gift
from shop.orders.models import Gift, OrderComponent


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, where the kit should go, and taking it. `refresh` shows the fields that a choice asks for."""
    gift = Gift.objects.filter(code=code).select_related("order").first()
    if gift is None:
        raise Http404
    rows = OrderComponent.objects.filter(line__order=gift.order).select_related("component__sku")
    pieces = list(rows.order_by("pk"))
    sent = request.method == "POST" and "refresh" not in request.POST
    form = _delivery_form(request, gift, pieces, sent)
    if sent and (form is None or form.is_valid()):
        try:
            redeem_gift(code=code, user=request.user, delivery=form.delivery() if form else None)
        except CheckoutError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is yours. Enjoy it!"))
            return redirect("courses:learn")
    context = {"gift": gift, "pieces": pieces, "delivery": form, "mine": gift.redeemed_by_id == request.user.pk}
    return render(request, "shop/redeem.html", context)


def _delivery_form(request: HttpRequest, gift: Gift, pieces: list[OrderComponent], sent: bool) -> DeliveryForm | None:
    """Where sending is free: nobody pays for delivery here."""
    goods = [(piece.component.sku, piece.quantity) for piece in pieces if piece.component.sku]
    if not goods:
        return None
    countries = places_of_a_gift(parcel_of_gift(gift.order, pieces))
    codes = {code for code, _name in countries}
    user: Any = request.user
    book = [row for row in Address.objects.filter(user=user).order_by("-is_default", "-pk")[:10] if row.country in codes]
    values = request.POST.dict() if request.method == "POST" else {"country": COUNTRY, "name": user.name}
    data = request.POST if sent else None
    return DeliveryForm(data, values=values, book=book, countries=countries, chains=chains_that_take(goods), member=True)
