"""/redeem/<code>/: whoever holds the link sees the gift, takes it with an account, and follows its parcels there afterwards."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
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
from shop.fulfilment.slots import parcels_in
from shop.orders.gifts import giver_of, parcel_of_gift, places_of_a_gift
from shop.orders.models import Gift, OrderComponent


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, code: str) -> HttpResponse:
    """What it is and from whom; signed in, where the kit should go, and taking it; then its parcels, for who took it.

    `refresh` shows the fields that a choice asks for.
    """
    gift = Gift.objects.filter(code=code).select_related("order").first()
    if gift is None:
        raise Http404
    known = request.user.is_authenticated
    if request.method == "POST" and not known:
        return redirect_to_login(request.get_full_path())
    rows = OrderComponent.objects.filter(line__order=gift.order).select_related("line", "component__sku")
    pieces = list(rows.order_by("pk"))
    sent = request.method == "POST" and "refresh" not in request.POST
    form = _delivery_form(request, gift, pieces, sent) if known else None
    if sent and (form is None or form.is_valid()):
        try:
            redeem_gift(code=code, user=request.user, delivery=form.delivery() if form else None)
        except CheckoutError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is yours. Enjoy it!"))
            return redirect("checkout:redeem", code)
    mine = known and gift.redeemed_by_id == request.user.pk
    context = {
        "gift": gift,
        "giver": giver_of(gift.order),
        "titles": list(dict.fromkeys(piece.line.title for piece in pieces)),
        "pieces": pieces,
        "delivery": form,
        "mine": mine,
        **(parcels_in(gift.order) if mine else {}),
    }
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
    values = request.POST.dict() if request.method == "POST" else {"country": COUNTRY, "name": user.name or gift.name}
    data = request.POST if sent else None
    return DeliveryForm(data, values=values, book=book, countries=countries, chains=chains_that_take(goods), member=True)
