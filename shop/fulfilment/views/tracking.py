"""/admin/shop/parcels/tracking/: a carrier's file comes back with tracking numbers; look at it, then send."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from shop.fulfilment import flows
from shop.fulfilment.carriers import CARRIERS
from shop.fulfilment.tracking_lists import MOST_BYTES, UnreadableList, compare, read_file, read_lines

CHOICES = [(carrier.code, carrier.name) for carrier in CARRIERS.values()]


class ListForm(forms.Form):
    """A file, or lines written by hand; `confirmed` lines come from the preview."""

    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"), choices=CHOICES)
    file = forms.FileField(label=gettext_lazy("The carrier's file (CSV)"), required=False)
    lines = forms.CharField(
        label=gettext_lazy("or lines: parcel number, space, tracking number"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("file") and not values.get("lines"):
            raise forms.ValidationError(_("Choose a file, or write lines."))
        try:
            file = values.get("file")
            values["pairs"] = read_file(file.read(MOST_BYTES + 1)) if file else read_lines(values["lines"])
        except UnreadableList as trouble:
            raise forms.ValidationError(str(trouble)) from trouble
        return values


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the preview, which changes nothing; with `confirmed`, what the preview showed is sent."""
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        if "confirmed" in request.POST:
            return _send(request, form)
        context |= _preview(form)
    parents = [(_("Parcels"), reverse("shop_parcels"))]
    template = "shop/fulfilment/admin/tracking.html"
    return admin_page(request, template, context, title=_("Tracking numbers"), icon="upload", parents=parents)


def _preview(form: ListForm) -> dict[str, Any]:
    carrier = form.cleaned_data["carrier"]
    verdicts = compare(form.cleaned_data["pairs"], carrier)
    fitting = [row.pair for row in verdicts if row.fits]
    return {
        "fitting": len(fitting),
        "done": sum(row.done for row in verdicts),
        "troubles": [row for row in verdicts if row.trouble],
        "good": [row for row in verdicts if row.fits],
        "lines": "\n".join(f"{pair.number} {pair.tracking}" for pair in fitting),
        "carrier": carrier,
        "carrier_name": CARRIERS[carrier].name,
    }


def _send(request: HttpRequest, form: ListForm) -> HttpResponse:
    outcome = flows.ship_listed(pairs=form.cleaned_data["pairs"], carrier=form.cleaned_data["carrier"], actor=request.user)
    for pair, trouble in outcome.troubles:
        messages.error(request, f"{pair.number}: {trouble}")
    if outcome.sent:
        text = ngettext("%(count)d parcel is sent.", "%(count)d parcels are sent.", len(outcome.sent))
        messages.success(request, text % {"count": len(outcome.sent)})
    elif not outcome.troubles:
        messages.success(request, _("All of these had left before; nothing has changed."))
    return redirect("shop_parcels")
