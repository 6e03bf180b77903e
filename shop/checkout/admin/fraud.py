"""/admin/shop/fraud/: what looks wrong, with its evidence; what referrers dispute; corrections by hand."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from kit.money import parse_amount
from shop.checkout.flows.shares import correct_commission, decide_fraud
from shop.referrals.flows import answer_objection
from shop.referrals.models import Attribution, Objection, Suspicion

STATES = [("open", gettext_lazy("open")), ("upheld", gettext_lazy("upheld")), ("dismissed", gettext_lazy("dismissed"))]

EVIDENCE = {
    "order": gettext_lazy("Order"),
    "email": gettext_lazy("E-mail address"),
    "address": gettext_lazy("Address"),
    "card": gettext_lazy("Fingerprint of the card"),
    "link": gettext_lazy("Link"),
    "clicks": gettext_lazy("Clicks from one address"),
    "hour": gettext_lazy("In the hour of"),
    "sign_ups": gettext_lazy("Sign-ups"),
    "addresses": gettext_lazy("From addresses"),
    "orders": gettext_lazy("Orders"),
    "refunded": gettext_lazy("Refunded"),
    "percent": gettext_lazy("Percent"),
    "days": gettext_lazy("In days"),
}


@for_roles(OWNER)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    page = page_of(request, suspicions(state), per_page=20)
    context = {
        "page": page,
        "rows": [(row, evidence_of(row)) for row in page],
        "states": chips(request, "state", STATES, state),
        "state": state,
        "objections": list(
            Objection.objects.filter(state=Objection.State.OPEN)
            .select_related("attribution__order", "attribution__referrer")
            .order_by("pk")[:50]
        ),
    }
    return admin_page(request, "shop/admin/fraud.html", context, title=_("Fraud and disputes of commission"), icon="warning")


def suspicions(state: str) -> QuerySet[Suspicion]:
    """Newest first, each with the number of `orders` that it covers."""
    rows = Suspicion.objects.filter(state=state).select_related("referrer").annotate(orders=Count("covers"))
    return rows.order_by("-opened_at", "-pk")


def evidence_of(row: Suspicion) -> list[tuple[str, Any]]:
    """What speaks for it, in words."""
    return [(str(EVIDENCE.get(name, name)), value) for name, value in row.evidence.items() if name != "sign"]


@for_roles(OWNER)
@require_POST
def decide(request: HttpRequest, suspicion_id: int) -> HttpResponse:
    row = get_object_or_404(Suspicion, pk=suspicion_id)
    why, action = request.POST.get("reason", "").strip(), request.POST.get("action", "")
    if not why or action not in {"uphold", "dismiss"}:
        messages.error(request, _("Please say why."))
        return redirect("shop_fraud")
    done = decide_fraud(suspicion=row, uphold=action == "uphold", actor=request.user, reason=why)
    upheld = done.state == Suspicion.State.UPHELD
    messages.success(request, _("Upheld: these orders earn nothing.") if upheld else _("Dismissed: the money goes on."))
    return redirect("shop_fraud")


@for_roles(OWNER)
@require_POST
def answer(request: HttpRequest, objection_id: int) -> HttpResponse:
    row = get_object_or_404(Objection, pk=objection_id)
    text, action = request.POST.get("answer", "").strip(), request.POST.get("action", "")
    if not text or action not in {"uphold", "dismiss"}:
        messages.error(request, _("Please say why."))
    else:
        answer_objection(objection=row, uphold=action == "uphold", actor=request.user, answer=text)
        messages.success(request, _("Answered, and told."))
    return redirect("shop_fraud")


@for_roles(OWNER)
@require_POST
def correct(request: HttpRequest, attribution_id: int) -> HttpResponse:
    """A line by hand, up or down; `amount` is in whole units of the order's currency, with a minus to take back."""
    row = get_object_or_404(Attribution.objects.select_related("order"), pk=attribution_id)
    text, why = request.POST.get("amount", "").strip().replace("−", "-"), request.POST.get("reason", "")
    try:
        amount = parse_amount(text.lstrip("+-"), row.order.currency) * (-1 if text.startswith("-") else 1)
        correct_commission(attribution=row, amount=amount, actor=request.user, reason=why)
        messages.success(request, _("Corrected, and written into the books."))
    except ValueError:
        messages.error(request, _("An amount and a reason, please; an order that was rejected earns nothing."))
    return redirect("shop_order", row.order.number)
