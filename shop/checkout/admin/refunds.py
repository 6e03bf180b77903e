"""Refunding an order: choose, see what it takes from whom, then do it."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from kit.money import format_money
from shop.checkout import flows
from shop.checkout.flows.refund import Parts
from shop.orders.models import Order
from shop.payments.reads import parts_left

WHATS = [
    ("all", gettext_lazy("Everything: course, goods and delivery")),
    ("kit", gettext_lazy("Only the goods: the course stays")),
    ("parts", gettext_lazy("Chosen parts")),
]


class Choice(forms.Form):
    """What to give back; `part` names components by id."""

    what = forms.ChoiceField(choices=WHATS)
    part = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: object, order: Order) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.left = {part: sums for part, sums in parts_left(order).items() if sum(sums)}
        self.fields["part"].choices = [(part.pk, part.title) for part in self.left]  # type: ignore[attr-defined]
        self.order = order

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("what") == "parts" and not values.get("part"):
            raise forms.ValidationError(_("Choose at least one part."))
        return values

    def components(self) -> Parts | str:
        what = self.cleaned_data["what"]
        if what == "all":
            return flows.EVERYTHING
        if what == "kit":
            return flows.kit_only(self.order)
        return {part: sums for part, sums in self.left.items() if part.pk in self.cleaned_data["part"]}


class Confirmation(forms.Form):
    """`amount` is what the preview said: where the order changed since, nothing is refunded."""

    amount = forms.IntegerField(min_value=0)
    key = forms.UUIDField()
    reason = forms.CharField(max_length=300)


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """GET `?what=` previews and changes nothing; POST refunds what was previewed, once per key."""
    order = get_object_or_404(Order, number=number)
    choice = Choice(request.POST if request.method == "POST" else request.GET or None, order)
    plan = None
    if choice.is_bound and choice.is_valid():
        try:
            plan = flows.preview_refund(order=order, components=choice.components())
        except flows.CannotRefund as refusal:
            messages.error(request, str(refusal))
    elif choice.is_bound:
        messages.error(request, " ".join(str(text) for texts in choice.errors.values() for text in texts))
    if request.method == "POST" and plan is not None:
        return _refund(request, order, choice, plan)
    context = {"order": order, "choice": choice, "plan": plan, "key": uuid.uuid4(), "whats": WHATS}
    context["what"] = choice.data.get("what", "")
    parents = [
        (_("Orders"), reverse("shop_orders")),
        (order.number, reverse("shop_order", args=[order.number])),
    ]
    return admin_page(request, "shop/admin/refund.html", context, title=_("Refund"), icon="rotate", parents=parents)


def _refund(request: HttpRequest, order: Order, choice: Choice, plan: flows.Preview) -> HttpResponse:
    form = Confirmation(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why."))
    elif form.cleaned_data["amount"] != plan.amount and not _done_before(order, str(form.cleaned_data["key"])):
        messages.error(request, _("The order has changed since. Please look again before you refund."))
    else:
        _ask(request, order, choice, form)
    return redirect("shop_order", order.number)


def _done_before(order: Order, key: str) -> bool:
    return order.payments.filter(refunds__key=f"admin:{key}").exists()


def _ask(request: HttpRequest, order: Order, choice: Choice, form: Confirmation) -> None:
    key, reason = f"admin:{form.cleaned_data['key']}", form.cleaned_data["reason"]
    try:
        done = flows.refund_order(order=order, components=choice.components(), actor=request.user, reason=reason, key=key)
        text = _("%(amount)s is on its way back to the buyer.") % {"amount": format_money(done.amount, done.currency)}
        messages.success(request, text)
    except flows.RefundDelayed as delay:
        messages.warning(request, str(delay))
    except flows.CannotRefund as refusal:
        messages.error(request, str(refusal))
