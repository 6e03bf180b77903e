"""/admin/shop/parcels/<number>/address/ and …/resend/: where what waits, or came back, shall go instead."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.address_form import AddressForm
from accounts.backoffice import admin_page, chips, for_roles
from accounts.roles import OWNER, PACKER
from kit import addresses
from kit.forms import PhoneField
from shop.catalogue.stores import COUNTRY, Chain, chains_that_take
from shop.fulfilment import flows, reads
from shop.fulfilment.carrier_files import goods_in
from shop.fulfilment.models import Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.models import Delivery

HOME, STORE = str(Delivery.Method.HOME), str(Delivery.Method.STORE)


class StoreForm(forms.Form):
    """A convenience store, and who fetches the parcel there."""

    name = forms.CharField(label=gettext_lazy("Recipient's name"), max_length=80)
    phone = PhoneField("TW", label=gettext_lazy("Phone"))
    chain = forms.ChoiceField(label=gettext_lazy("Chain"))
    store_code = forms.RegexField(label=gettext_lazy("Store number"), regex=r"^[0-9]{4,6}$")
    store_name = forms.CharField(label=gettext_lazy("Store"), max_length=80)

    def __init__(self, *args: Any, chains: Sequence[Chain], **kwargs: Any) -> None:
        """`chains` that take the parcel."""
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["chain"]).choices = [(chain.code, chain.name) for chain in chains]

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
    """Where the parcels of an order that wait shall go."""

    def send_there(parcel: Shipment, delivery: DeliveryData) -> str:
        flows.readdress(order=parcel.order, delivery=delivery, actor=request.user)
        messages.success(request, _("The new address is written down. A slip printed before is no longer valid."))
        return number

    return _ask(request, number, send_there, title=_("Another address"))


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, number: str) -> HttpResponse:
    """…/resend/: where a parcel that nobody fetched shall go now."""

    def send_again(parcel: Shipment, delivery: DeliveryData) -> str:
        again = flows.resend(shipment=parcel, delivery=delivery, actor=request.user)
        messages.success(request, _("%(number)s is packed anew; the buyer knows.") % {"number": again.number})
        return again.number

    return _ask(request, number, send_again, title=_("Send again"))


def _ask(request: HttpRequest, number: str, act: Callable[[Shipment, DeliveryData], str], *, title: str) -> HttpResponse:
    """`?to=home` or `store` asks for that kind of place. `refresh` shows the fields that a choice of country or area asks
    for, and changes nothing. `act` gives the number of the parcel to show."""
    parcel = get_object_or_404(reads.with_contents(Shipment.objects.all()), number=number)
    delivery = get_object_or_404(Delivery, order=parcel.order)
    chains = chains_that_take(goods_in(parcel))
    method = request.GET.get("to", delivery.method)
    to_store = method == STORE and bool(chains)
    form = _form(request, delivery, chains if to_store else [])
    if form.is_bound and form.is_valid():
        try:
            return redirect("shop_parcel", act(parcel, form.delivery()))
        except (flows.CannotReaddress, flows.CannotResend) as refusal:
            messages.error(request, str(refusal))
            return redirect("shop_parcel", number)
    kinds = [(HOME, _("to an address")), *([(STORE, _("to a convenience store"))] if chains else [])]
    context = {"parcel": parcel, "form": form, "kinds": chips(request, "to", kinds, STORE if to_store else HOME)}
    parents = [(_("Parcels"), reverse("shop_parcels")), (number, reverse("shop_parcel", args=[number]))]
    return admin_page(request, "shop/fulfilment/admin/address.html", context, title=title, icon="mail", parents=parents)


def _form(request: HttpRequest, delivery: Delivery, chains: Sequence[Chain]) -> StoreForm | HomeForm:
    sent = request.POST if request.method == "POST" and "refresh" not in request.POST else None
    values = request.POST.dict() if request.method == "POST" else vars(delivery)
    return StoreForm(sent, initial=values, chains=chains) if chains else HomeForm(sent, values=values)
