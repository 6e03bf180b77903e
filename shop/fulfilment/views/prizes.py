"""/prizes/<id>/: a winner says where the prize shall go. Somebody else's prize does not exist."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.catalogue.models import Sku
from shop.catalogue.stores import chains_that_take
from shop.fulfilment.flows.prizes import BOX, CannotSend, claim_prize
from shop.fulfilment.models import Prize
from shop.fulfilment.views.address import HOME, STORE, HomeForm, StoreForm
from shop.orders.links import order_path


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prize(request: HttpRequest, prize_id: int) -> HttpResponse:
    """`?to=store` for a convenience store. `refresh` shows the fields that a country or area asks for, and changes nothing."""
    rows = Prize.objects.select_related("win__draw__space", "sku", "order")
    row = get_object_or_404(rows, pk=prize_id, person=request.user)
    if row.order is not None:
        return redirect(order_path(row.order))
    form, stores = _form(request, row)
    if form.is_bound and form.is_valid():
        try:
            return redirect(order_path(claim_prize(user=request.user, prize=row, delivery=form.delivery())))
        except CannotSend as refusal:
            form.add_error(None, str(refusal))
    context = {
        "prize": row,
        "form": form,
        "kinds": [(HOME, _("to an address")), (STORE, _("to a convenience store"))] if stores else [],
        "method": STORE if isinstance(form, StoreForm) else HOME,
        "to_home": isinstance(form, HomeForm),
    }
    response = render(request, "shop/fulfilment/prize.html", context, status=400 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _form(request: HttpRequest, row: Prize) -> tuple[StoreForm | HomeForm, bool]:
    chains = chains_that_take([(row.sku or Sku(code="box", **BOX), 1)])
    sent = request.POST if request.method == "POST" and "refresh" not in request.POST else None
    values = request.POST.dict() if request.method == "POST" else {"country": "TW", "name": request.user.display_name}
    if request.GET.get("to") == STORE and chains:
        return StoreForm(sent, initial=values, chains=chains), True
    return HomeForm(sent, values=values), bool(chains)
