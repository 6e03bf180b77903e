"""/admin/shop/invoices/: all papers, and who sells. The owner's."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from shop.invoices import flows, reads
from shop.invoices.content import seller_details
from shop.invoices.models import Paper, Seller
from shop.invoices.texts import kind_title
from shop.invoices.views.export import export_form
from shop.invoices.views.papers import pdf_response

KINDS = [
    ("", gettext_lazy("all")),
    ("invoice", gettext_lazy("Invoices")),
    ("credit", gettext_lazy("Credit notes")),
    ("reversal", gettext_lazy("Taken back")),
]


@for_roles(OWNER)
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """`?state=` (a kind of paper), `?q=` (a number, a name, an e-mail address)."""
    kind, query = request.GET.get("state", ""), request.GET.get("q", "")
    page = page_of(request, reads.papers(kind, query))
    context = {
        "page": page,
        "rows": [(paper, kind_title(paper.kind)) for paper in page.object_list],
        "kinds": chips(request, "state", KINDS, kind),
        "kind": kind,
        "query": query,
        "runs": reads.runs(),
        "export": export_form(),
        "seller_known": Seller.objects.exists(),
    }
    return admin_page(request, "shop/invoices/admin/papers.html", context, title=_("Invoices"), icon="doc-full")


@for_roles(OWNER)
@never_cache
@require_safe
def paper(request: HttpRequest, paper_number: str) -> HttpResponse:
    return pdf_response(get_object_or_404(Paper.objects.select_related("corrects"), number=paper_number))


class SellerForm(forms.Form):
    """What papers say about who sells, and parcels about who sends; returns go to this address."""

    name = forms.CharField(label=gettext_lazy("Name of the business"), max_length=120)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("On invoices, on parcels as their sender, and where returns go."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    tax_number = forms.CharField(label=gettext_lazy("Tax number"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Last lines on every paper"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest) -> HttpResponse:
    form = SellerForm(request.POST or None, initial=seller_details())
    if request.method == "POST" and form.is_valid():
        flows.set_seller(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Papers that are issued from now on say so."))
        return redirect("shop_invoices")
    parents = [(_("Invoices"), reverse("shop_invoices"))]
    return admin_page(
        request, "shop/invoices/admin/seller.html", {"form": form}, title=_("Who sells"), icon="doc-full", parents=parents
    )
