"""/admin/shop/policies/: what each offer promises about money back. The owner's, and every change is in the trail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from shop.catalogue.flows import CannotSetPolicy, set_policy
from shop.catalogue.models import Component, Offer
from shop.catalogue.policies import TEMPLATES, Policy
from shop.catalogue.policy_words import promises

NAMES = {
    "eu": gettext_lazy("European Union, 14 days"),
    "tw": gettext_lazy("Taiwan, seven days"),
    "cn": gettext_lazy("Mainland China, seven days"),
    "lessons": gettext_lazy("By lessons opened"),
}
ROWS = range(4)


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, **more)


class PolicyForm(forms.Form):
    """A policy; the table of lessons is `limit_N` and `back_N`, in percent."""

    cooling_days = _number(gettext_lazy("Days after paying in which everything comes back"), 365)
    digital_consent = forms.BooleanField(
        label=gettext_lazy("Buyers tick that opening a lesson ends those days for the course"), required=False
    )
    opened_days = _number(gettext_lazy("Days after paying in which the table of lessons holds"), 365)
    return_days = _number(gettext_lazy("Days after delivery in which the kit may come back"), 365)
    kit_opened = _number(gettext_lazy("Percent for a kit that was opened"), 100)
    kit_kept = _number(gettext_lazy("Percent for a kit that is kept"), 100)
    delivery_back = forms.BooleanField(label=gettext_lazy("Delivery comes back with everything else"), required=False)

    def __init__(self, data: Any, policy: Policy) -> None:
        initial = policy.as_terms()
        for index, (limit, back) in enumerate(policy.opened):
            initial |= {f"limit_{index}": limit, f"back_{index}": back}
        super().__init__(data, initial=initial)
        for index in ROWS:
            self.fields[f"limit_{index}"] = _number(gettext_lazy("Percent of lessons opened, at most"), 100, required=False)
            self.fields[f"back_{index}"] = _number(gettext_lazy("Percent that comes back"), 100, required=False)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"limit_{index}"], self[f"back_{index}"]) for index in ROWS]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for index in ROWS:
            if (values.get(f"limit_{index}") is None) != (values.get(f"back_{index}") is None):
                self.add_error(f"back_{index}", _("Fill both fields of a row, or none."))
        return values

    def policy(self) -> Policy:
        """What was written; for a valid form only."""
        values = self.cleaned_data
        rows = [(values[f"limit_{index}"], values[f"back_{index}"]) for index in ROWS]
        opened = tuple(row for row in rows if row[0] is not None)
        plain = {name: value for name, value in values.items() if not name.startswith(("limit_", "back_"))}
        return Policy(opened=opened, **plain)


@for_roles(OWNER)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Offers with what they promise. A fixed number of queries."""
    page = page_of(request, Offer.objects.exclude(state=Offer.State.CLOSED).order_by("title", "pk"))
    kinds: dict[int, set[str]] = {}
    parts = Component.objects.filter(bundle__is_current=True, bundle__offer__in=[offer.pk for offer in page.object_list])
    for offer_id, kind in parts.values_list("bundle__offer", "kind"):
        kinds.setdefault(offer_id, set()).add(kind)
    rows = [(offer, _words(offer.refund_policy, kinds.get(offer.pk, set()))) for offer in page.object_list]
    context = {"page": page, "rows": rows}
    return admin_page(request, "shop/admin/policies.html", context, title=_("Refund policies"), icon="rotate")


def _words(policy: Policy, kinds: set[str]) -> list[str]:
    return promises(policy, seats="seat" in kinds, goods="stock" in kinds)


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, offer_id: int) -> HttpResponse:
    """One offer's; `?template=` fills the form with one to begin with and saves nothing."""
    offer = get_object_or_404(Offer, pk=offer_id)
    shown = TEMPLATES.get(request.GET.get("template", ""), offer.refund_policy)
    form = PolicyForm(request.POST if request.method == "POST" else None, shown)
    if form.is_bound and form.is_valid():
        try:
            set_policy(offer=offer, policy=form.policy(), actor=request.user)
            messages.success(request, _("Saved. Orders that were placed keep what they were promised."))
            return redirect("shop_policy", offer.pk)
        except CannotSetPolicy as refusal:
            form.add_error(None, str(refusal))
    kinds = set(Component.objects.filter(bundle__is_current=True, bundle__offer=offer).values_list("kind", flat=True))
    context = {
        "offer": offer,
        "form": form,
        "words": _words(offer.refund_policy, kinds),
        "templates": NAMES.items(),
        "template": request.GET.get("template", ""),
    }
    parents = [(_("Refund policies"), reverse("shop_policies"))]
    return admin_page(request, "shop/admin/policy.html", context, title=offer.title, icon="rotate", parents=parents)
