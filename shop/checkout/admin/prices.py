"""/admin/shop/prices/: what each offer costs in each currency. The owner's, and every change is in the trail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from shop.catalogue.models import Offer
from shop.catalogue.price_form import PriceForm
from shop.checkout.admin import reads


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def prices(request: HttpRequest) -> HttpResponse:
    """Prices in force and those before them; a new one by POST."""
    form = PriceForm(request.POST if request.method == "POST" else None, offers=Offer.objects.all())
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, form.save(request.user))
            return redirect("shop_prices")
        except ValueError as refusal:
            form.add_error("price", str(refusal))
    context = {"form": form, "page": page_of(request, reads.offers_with_prices())}
    return admin_page(request, "shop/admin/prices.html", context, title=_("Prices"), icon="tag")
