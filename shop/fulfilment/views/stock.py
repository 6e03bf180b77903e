"""The shelf: pieces by good; what arrives is taken in, what is counted is written down, each with a reason."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from shop.catalogue.models import Sku
from shop.fulfilment import flows, reads
from stock.flows import OutOfStock


class StockForm(forms.Form):
    action = forms.ChoiceField(choices=[("receive", gettext_lazy("arrived")), ("count", gettext_lazy("counted"))])
    pieces = forms.IntegerField(min_value=0, max_value=100_000)
    reason = forms.CharField(max_length=200)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("action") == "receive" and values.get("pieces") == 0:
            raise forms.ValidationError(_("Nothing arrived: then there is nothing to write down."))
        return values


@for_roles(PACKER, OWNER)
def stock(request: HttpRequest) -> HttpResponse:
    return admin_page(request, "shop/fulfilment/admin/stock.html", {"rows": reads.shelf()}, title=_("Stock"), icon="table")


@for_roles(PACKER, OWNER)
@require_POST
def change_stock(request: HttpRequest, code: str) -> HttpResponse:
    sku, form = get_object_or_404(Sku, code=code), StockForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(f"{text}" for texts in form.errors.values() for text in texts))
        return redirect("shop_stock")
    pieces, reason = form.cleaned_data["pieces"], form.cleaned_data["reason"]
    try:
        if form.cleaned_data["action"] == "receive":
            flows.receive_goods(sku=sku, quantity=pieces, reason=reason, actor=request.user)
        else:
            flows.count_goods(sku=sku, on_hand=pieces, reason=reason, actor=request.user)
        messages.success(request, _("%(name)s is written down.") % {"name": sku.name})
    except OutOfStock as short:
        text = _("%(wanted)d of %(name)s are promised to buyers: fewer cannot be right. Ask the owner to refund first.")
        messages.error(request, text % {"wanted": short.wanted, "name": sku.name})
    return redirect("shop_stock")
