"""/admin/shop/codes/: batches of redeem codes, made by the owner and printed to be given away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from shop.catalogue.flows import CannotMakeCoupon, create_redeem_codes
from shop.catalogue.models import Component, Coupon, Offer
from shop.checkout.codes_pdf import code_cards


class BatchForm(forms.Form):
    """How many codes, for which course."""

    offer = forms.ModelChoiceField(Offer.objects.none(), label=gettext_lazy("Course"))
    count = forms.IntegerField(label=gettext_lazy("How many codes"), min_value=1, initial=10)
    note = forms.CharField(label=gettext_lazy("What it is for"), max_length=120, required=False)
    valid_to = forms.DateTimeField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_seat = Component.objects.filter(kind=Component.Kind.SEAT, bundle__is_current=True).values("bundle__offer")
        offers = Offer.objects.filter(pk__in=with_seat).exclude(state=Offer.State.CLOSED).order_by("title", "pk")
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """The batches with how many of their codes were used, and a new one by POST."""
    form = BatchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            batch, made = create_redeem_codes(actor=request.user, **form.cleaned_data)
        except CannotMakeCoupon as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Batch %(batch)s: %(count)d codes.") % {"batch": batch, "count": len(made)})
            return redirect("shop_codes")
    batches = Coupon.objects.exclude(batch="").values("batch", "note", "offers__title")
    rows = batches.annotate(made=Count("pk"), uses=Sum("used"), at=Min("created_at")).order_by("-at")[:100]
    parents = [(_("Coupons"), reverse("shop_coupons"))]
    context = {"form": form, "rows": rows}
    return admin_page(request, "shop/admin/codes.html", context, title=_("Redeem codes"), icon="tag", parents=parents)


@for_roles(OWNER)
@require_safe
def printed(request: HttpRequest, batch: str) -> HttpResponse:
    """A card a code that nobody has used yet."""
    rows = Coupon.objects.filter(batch=batch, used=0, paused_at=None).prefetch_related("offers").order_by("pk")
    if not batch or not rows:
        raise Http404
    response = HttpResponse(code_cards(rows), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="codes-{rows[0].batch}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
