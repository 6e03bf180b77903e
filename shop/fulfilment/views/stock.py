"""/admin/shop/stock/: pieces by good; each good's page says where they lie and takes down what happens to them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from shop.catalogue.models import Sku
from shop.fulfilment import flows
from shop.fulfilment.flows import Hand
from shop.fulfilment.shelf import shelf as goods_on_shelf
from shop.fulfilment.shelf import stock_of
from stock.flows import NotThere, OutOfStock
from stock.models import Place
from stock.reads import shelves

ACTIONS = (
    ("receive", gettext_lazy("arrived")),
    ("count", gettext_lazy("counted")),
    ("write_off", gettext_lazy("written off")),
    ("move", gettext_lazy("moved")),
    ("expect", gettext_lazy("ordered, comes on a day")),
)


class StockForm(forms.Form):
    """What happened; `place` is where, `to` where it went, `day` when it is expected."""

    action = forms.ChoiceField(label=gettext_lazy("What happened"), choices=ACTIONS)
    pieces = forms.IntegerField(label=gettext_lazy("Pieces"), min_value=0, max_value=100_000)
    place = forms.ModelChoiceField(Place.objects.all(), label=gettext_lazy("Where"), required=False)
    to = forms.ModelChoiceField(shelves(), label=gettext_lazy("Where to (when moved)"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Day (when ordered)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        action = values.get("action")
        if values.get("pieces") == 0 and action != "count":
            self.add_error("pieces", _("Then there is nothing to write down."))
        if action == "move" and (not values.get("to") or not values.get("place") or values["to"] == values["place"]):
            self.add_error("to", _("Say from where to where they were moved."))
        if action == "expect" and not values.get("day"):
            self.add_error("day", _("Say when they are expected."))
        if action in {"receive", "count"} and values.get("place") and values["place"].expected_on:
            self.add_error("place", _("Choose a place in the house."))
        return values


class LowForm(forms.Form):
    low_at = forms.IntegerField(
        label=gettext_lazy("Tell owner and seller at this many unsold pieces (empty: never)"),
        required=False,
        min_value=0,
        max_value=100_000,
    )


DEEDS: dict[str, Callable[[Sku, dict[str, Any], Hand], Any]] = {
    "receive": lambda sku, v, by: flows.receive_goods(sku=sku, pieces=v["pieces"], place=v["place"], by=by),
    "count": lambda sku, v, by: flows.count_goods(sku=sku, pieces=v["pieces"], place=v["place"], by=by),
    "write_off": lambda sku, v, by: flows.write_off_goods(sku=sku, pieces=v["pieces"], place=v["place"], by=by),
    "move": lambda sku, v, by: flows.move_goods(sku=sku, pieces=v["pieces"], origin=v["place"], to=v["to"], by=by),
    "expect": lambda sku, v, by: flows.expect_goods(sku=sku, pieces=v["pieces"], day=v["day"], by=by),
}


@for_roles(PACKER, OWNER)
def stock(request: HttpRequest) -> HttpResponse:
    context = {"rows": goods_on_shelf(), "shelves": shelves()}
    return admin_page(request, "shop/fulfilment/admin/stock.html", context, title=_("Stock"), icon="table")


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One good. POST: what happened to it."""
    sku = get_object_or_404(Sku, code=code)
    form = StockForm(request.POST or None, initial={"place": shelves().first()})
    if form.is_bound and form.is_valid() and _do(request, sku, form):
        return redirect("shop_stock_item", code)
    found = stock_of(sku)
    context = {"sku": sku, "form": form, "found": found, "low": LowForm(initial={"low_at": found.low_at})}
    parents = [(_("Stock"), reverse("shop_stock"))]
    return admin_page(request, "shop/fulfilment/admin/stock_item.html", context, title=sku.name, icon="table", parents=parents)


def _do(request: HttpRequest, sku: Sku, form: StockForm) -> bool:
    values, by = form.cleaned_data, Hand(request.user, form.cleaned_data["reason"])
    try:
        DEEDS[values["action"]](sku, values, by)
    except NotThere as short:
        form.add_error("pieces", _("Only %(there)d lie there.") % {"there": short.there})
    except OutOfStock as short:
        text = _("%(wanted)d of %(name)s are promised to buyers: fewer cannot be right. Ask the owner to refund first.")
        form.add_error("pieces", text % {"wanted": short.wanted, "name": sku.name})
    else:
        messages.success(request, _("%(name)s is written down.") % {"name": sku.name})
        return True
    return False


@for_roles(PACKER, OWNER)
@require_POST
def low(request: HttpRequest, code: str) -> HttpResponse:
    """From how many pieces on somebody is told."""
    sku, form = get_object_or_404(Sku, code=code), LowForm(request.POST)
    if form.is_valid():
        flows.set_low_at(sku=sku, low_at=form.cleaned_data["low_at"], by=Hand(request.user))
        messages.success(request, _("%(name)s is written down.") % {"name": sku.name})
    else:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    return redirect("shop_stock_item", code)


@for_roles(PACKER, OWNER)
@require_POST
def shelf(request: HttpRequest) -> HttpResponse:
    """A new place."""
    name = request.POST.get("name", "").strip()[:60]
    if name:
        flows.add_shelf(name=name, by=Hand(request.user))
    return redirect("shop_stock")
