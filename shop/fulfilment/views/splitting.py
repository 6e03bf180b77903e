"""/admin/shop/parcels/<number>/split/: which pieces leave now, and which follow."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from shop.fulfilment import flows, reads
from shop.fulfilment.day import missing_pieces
from shop.fulfilment.models import Shipment, ShipmentLine


class SplitForm(forms.Form):
    """A number for each line: how many of its pieces follow later; what is not here is proposed."""

    planned_on = forms.DateField(
        label=gettext_lazy("The rest leaves about (the buyer sees it)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Any, lines: list[ShipmentLine], missing: dict[int, int]) -> None:
        super().__init__(data)
        for line in lines:
            self.fields[f"later-{line.pk}"] = forms.IntegerField(
                label=f"{line.quantity} × {line.component.component.sku}",
                min_value=0,
                max_value=line.quantity,
                initial=missing.get(line.pk, 0),
            )
        self.order_fields([*(f"later-{line.pk}" for line in lines), "planned_on"])

    @property
    def later(self) -> dict[int, int]:
        """Line id → pieces that follow."""
        values = self.cleaned_data.items()
        return {int(name.removeprefix("later-")): pieces for name, pieces in values if name.startswith("later-")}


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    parcel = get_object_or_404(reads.with_contents(Shipment.objects.all()), number=number)
    form = SplitForm(request.POST or None, list(parcel.lines.all()), missing_pieces([parcel]))
    back = redirect("shop_parcel", number)
    if form.is_bound and form.is_valid():
        try:
            rest = flows.split_parcel(
                shipment=parcel, later=form.later, planned_on=form.cleaned_data["planned_on"], actor=request.user
            )
            text = _("%(rest)s holds what follows; %(number)s can leave now. Print its slip anew if it was printed.")
            messages.success(request, text % {"rest": rest.number, "number": number})
        except flows.CannotSplit as refusal:
            messages.error(request, str(refusal))
        return back
    parents = [(_("Parcels"), reverse("shop_parcels")), (number, back.url)]
    context = {"parcel": parcel, "form": form}
    template = "shop/fulfilment/admin/split.html"
    return admin_page(request, template, context, title=_("Send in two parcels"), icon="cut", parents=parents)
