"""/admin/shop/parcels/<number>/address/: where what still waits shall go instead."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.address_form import PHONE, AddressForm
from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from kit import addresses
from shop.catalogue.stores import CHAINS, COUNTRY
from shop.fulfilment import flows
from shop.fulfilment.models import Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.models import Delivery

HOME, STORE = str(Delivery.Method.HOME), str(Delivery.Method.STORE)


class StoreForm(forms.Form):
    """A convenience store, and who fetches the parcel there."""

    name = forms.CharField(label=gettext_lazy("Recipient's name"), max_length=80)
    phone = forms.RegexField(label=gettext_lazy("Phone"), regex=PHONE)
    chain = forms.ChoiceField(label=gettext_lazy("Chain"), choices=[(chain.code, chain.name) for chain in CHAINS.values()])
    store_code = forms.RegexField(label=gettext_lazy("Store number"), regex=r"^[0-9]{4,6}$")
    store_name = forms.CharField(label=gettext_lazy("Store"), max_length=80)

    def delivery(self) -> DeliveryData:
        return DeliveryData(method=STORE, country=COUNTRY, **self.cleaned_data)


class HomeForm(AddressForm):
    """An address, judged as at the checkout."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                values |= addresses.checked(self.parts())
            except addresses.InvalidAddress as error:
                for name in error.errors:
                    self.add_error(name if name in self.fields else None, _("This does not fit the rest of the address."))
        return values

    def delivery(self) -> DeliveryData:
        values = self.cleaned_data
        return DeliveryData(method=HOME, name=values["name"], phone=values["phone"], **self.parts())


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, number: str) -> HttpResponse:
    """`refresh` shows the fields that a choice of country or area asks for, and changes nothing."""
    parcel = get_object_or_404(Shipment.objects.select_related("order__delivery"), number=number)
    delivery = get_object_or_404(Delivery, order=parcel.order)
    form = _form(request, delivery)
    back = reverse("shop_parcel", args=[number])
    if form.is_bound and form.is_valid():
        try:
            flows.readdress(order=parcel.order, delivery=form.delivery(), actor=request.user)
            messages.success(request, _("The new address is written down. A slip printed before is no longer valid."))
        except flows.CannotReaddress as refusal:
            messages.error(request, str(refusal))
        return redirect(back)
    context = {"parcel": parcel, "form": form}
    parents = [(_("Parcels"), reverse("shop_parcels")), (number, back)]
    template = "shop/fulfilment/admin/address.html"
    return admin_page(request, template, context, title=_("Another address"), icon="mail", parents=parents)


def _form(request: HttpRequest, delivery: Delivery) -> StoreForm | HomeForm:
    sent = request.POST if request.method == "POST" and "refresh" not in request.POST else None
    values = request.POST.dict() if request.method == "POST" else vars(delivery)
    return StoreForm(sent, initial=values) if delivery.method == STORE else HomeForm(sent, values=values)
