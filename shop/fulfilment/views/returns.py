"""Returns: the buyer asks on the order's page, the packer looks at what comes, piece by piece."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER, PACKER
from shop.fulfilment import flows, reads
from shop.fulfilment.models import Return
from shop.orders.access import order_for
from shop.orders.links import order_path
from shop.orders.models import OrderComponent
from stock.reads import shelves


class ReturnForm(forms.Form):
    component = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=1, max_value=1000, initial=1, label=gettext_lazy("How many"))
    reason = forms.CharField(max_length=300, required=False, label=gettext_lazy("Why, if you like to say"))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_return(request: HttpRequest, number: str) -> HttpResponse:
    """By the buyer, or whoever holds the order's signed link. Opened as a page it leads to the order, where one asks."""
    if request.method != "POST":
        return redirect("orders:order", number)
    key = request.POST.get("key", "")
    order, form = order_for(request.user, number, key), ReturnForm(request.POST)
    back = order_path(order) if key else reverse("orders:order", args=[number])
    if not form.is_valid():
        messages.error(request, _("Please say how many you send back."))
        return redirect(back)
    piece = get_object_or_404(OrderComponent, pk=form.cleaned_data["component"], line__order=order)
    try:
        flows.request_return(
            order=order,
            component=piece,
            quantity=form.cleaned_data["quantity"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("We are waiting for your parcel. What to do next stands on this page."))
    except flows.CannotReturn as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


class InspectionForm(forms.Form):
    """Pieces of one verdict; `seen` is how many had been looked at when the page was made."""

    pieces = forms.IntegerField(min_value=1, max_value=1000)
    seen = forms.IntegerField(min_value=0)
    verdict = forms.ChoiceField(choices=[("whole", ""), ("broken", "")])
    reason = forms.CharField(max_length=300, required=False)
    place = forms.ModelChoiceField(shelves(), required=False)


@for_roles(PACKER, OWNER)
def returns(request: HttpRequest) -> HttpResponse:
    context = {"page": page_of(request, reads.open_returns()), "places": shelves(), "inspected": reads.latest_inspections()}
    return admin_page(request, "shop/fulfilment/admin/returns.html", context, title=_("Returns"), icon="rotate")


@for_roles(PACKER, OWNER)
@require_POST
def decide_return(request: HttpRequest, return_id: int) -> HttpResponse:
    """`action`: inspect (some pieces are here), or end (nothing more comes)."""
    row, form = get_object_or_404(Return, pk=return_id), InspectionForm(request.POST)
    try:
        if request.POST.get("action") == "end":
            flows.end_return(ret=row, actor=request.user, reason=request.POST.get("reason", "")[:300])
        elif form.is_valid():
            values = form.cleaned_data
            restock = values.pop("verdict") == "whole"
            flows.inspect_return(ret=row, restock=restock, actor=request.user, **values)
        else:
            raise flows.CannotReturn(_("Please say how many pieces are here."))
        messages.success(request, _("The return is written down."))
    except flows.CannotReturn as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("shop_returns"))
