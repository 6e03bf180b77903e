"""/admin/shop/invoices/export/: Taiwan's papers of some days for an e-invoice provider. The owner's."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.backoffice import for_roles
from accounts.roles import OWNER
from kit.clock import local_date, now
from shop.invoices.export import as_csv, as_json
from shop.invoices.taiwan import ZONE, documents, period, reports_between

FORMATS = [("csv", "CSV"), ("json", "JSON")]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExportForm(forms.Form):
    """From which day to which, both included, as what."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=DAY)
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)
    format = forms.ChoiceField(label=gettext_lazy("As"), choices=FORMATS)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if "first" in values and "last" in values and values["first"] > values["last"]:
            raise forms.ValidationError(_("The first day comes after the last."))
        return values


def export_form() -> ExportForm:
    """Filled with the two-month period that runs in Taiwan now."""
    today = local_date(now(), ZONE)
    year, number = period(today)
    return ExportForm(initial={"first": date(year, 2 * number + 1, 1), "last": today, "format": "csv"})


@for_roles(OWNER)
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    form = ExportForm(request.GET)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("shop_invoices")
    first, last, kind = (form.cleaned_data[name] for name in ("first", "last", "format"))
    found = documents(reports_between(first, last))
    if kind == "json":
        response = HttpResponse(as_json(found), content_type="application/json; charset=utf-8")
    else:
        response = HttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="einvoices-{first}-{last}.{kind}"'
    return response
