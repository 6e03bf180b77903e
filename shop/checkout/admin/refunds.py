"""Refunding an order: choose, see what it takes from whom, read the letter to the buyer, then do it."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from kit.money import format_money
from shop.checkout import flows
from shop.checkout.admin.refund_forms import CONDITIONS, WHATS, Choice, Confirmation
from shop.checkout.flows.refund_preview import left_of
from shop.checkout.refund_words import draft_message, invoice_note
from shop.orders.models import Order


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """GET `?what=` previews and changes nothing; POST refunds what was previewed, once per key."""
    order = get_object_or_404(Order.objects.select_related("user"), number=number)
    choice = Choice(request.POST if request.method == "POST" else request.GET or None, order)
    context: dict[str, Any] = {"order": order, "choice": choice, "whats": WHATS, "conditions": CONDITIONS}
    came_back = any(part.kind == "stock" and part.returned for part in choice.left)
    context["what"] = choice.data.get("what", "kit" if came_back else "")
    context["keeps_course"] = bool(choice.data.get("keeps_course")) if choice.is_bound else came_back
    if choice.is_bound and choice.is_valid():
        context |= {"ticked": choice.cleaned_data["part"], "ticked_lines": choice.cleaned_data["line"]}
        try:
            context |= _preview(order, choice)
        except flows.CannotRefund as refusal:
            messages.error(request, str(refusal))
    elif choice.is_bound:
        messages.error(request, " ".join(str(text) for texts in choice.errors.values() for text in texts))
    if request.method == "POST" and "plan" in context:
        return _refund(request, order, context)
    parents = [
        (_("Orders"), reverse("shop_orders")),
        (order.number, reverse("shop_order", args=[order.number])),
    ]
    return admin_page(request, "shop/admin/refund.html", context, title=_("Refund"), icon="rotate", parents=parents)


def _preview(order: Order, choice: Choice) -> dict[str, Any]:
    """Raises CannotRefund."""
    proposal = choice.proposal()
    components, shipping = choice.wish(proposal)
    plan = flows.preview_refund(order=order, components=components, shipping=shipping)
    with translation.override(order.reader_language or settings.LANGUAGE_CODE):  # the buyer reads it
        said = choice.proposal() if proposal else None
    reason = said.reason if said else ""
    return {
        "plan": plan,
        "wish": (components, shipping),
        "proposal": proposal,
        "reason": reason,
        "message": draft_message(order, plan, reason),
        "invoice": invoice_note(order, plan),
        "repeated": choice.repeated(),
        "left": left_of(order),
        "key": uuid.uuid4(),
    }


def _refund(request: HttpRequest, order: Order, context: dict[str, Any]) -> HttpResponse:
    form, plan = Confirmation(request.POST), context["plan"]
    if not form.is_valid():
        messages.error(request, _("Please say why."))
    elif form.cleaned_data["amount"] != plan.amount and not _done_before(order, str(form.cleaned_data["key"])):
        messages.error(request, _("The order has changed since. Please look again before you refund."))
    else:
        _ask(request, order, context["wish"], form.cleaned_data)
    return redirect("shop_order", order.number)


def _done_before(order: Order, key: str) -> bool:
    return order.payments.filter(refunds__key=f"admin:{key}").exists()


def _ask(request: HttpRequest, order: Order, wish: tuple[Any, int], said: dict[str, Any]) -> None:
    terms = {"actor": request.user, "key": f"admin:{said['key']}", "left": said["left"]}
    terms |= {"reason": said["reason"], "message": said["message"].strip()}
    try:
        done = flows.refund_order(order=order, components=wish[0], shipping=wish[1], **terms)
        text = _("%(amount)s is on its way back to the buyer.") % {"amount": format_money(done.amount, done.currency)}
        messages.success(request, text)
    except flows.RefundDelayed as delay:
        messages.warning(request, str(delay))
    except flows.CannotRefund as refusal:
        messages.error(request, str(refusal))
