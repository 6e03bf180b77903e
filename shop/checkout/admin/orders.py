"""Orders: the list, and everything about one."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from kit import things
from shop.checkout import flows
from shop.checkout.admin import reads
from shop.checkout.admin.words import HELD, word
from shop.checkout.timeline import names_of, who_did
from shop.fulfilment.reads import address_lines
from shop.invoices.reads import papers_of
from shop.orders.models import Order
from shop.orders.moments import moments_of
from shop.orders.texts import news_of, refunds_to_transfer, status_of, with_status
from shop.payments.reads import parts_left
from shop.referrals.reads import KINDS

STATES = [
    ("", gettext_lazy("all")),
    *(choice for choice in Order.State.choices if choice[0] != Order.State.DRAFT),
]


@for_roles(OWNER)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """`?state=`, `?q=` (number, e-mail address, name)."""
    state, query = request.GET.get("state", ""), request.GET.get("q", "")
    page = page_of(request, reads.orders(state, query))
    context = {
        "page": page,
        "rows": with_status(request, page.object_list),
        "states": chips(request, "state", STATES, state),
        "state": state,
        "query": query,
    }
    return admin_page(request, "shop/admin/orders.html", context, title=_("Orders"), icon="list-ul")


@for_roles(OWNER)
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    row = get_object_or_404(Order.objects.select_related("user", "delivery", "gift"), number=number)
    found = reads.dossier(row)
    names = names_of(found.trail)
    delivery = getattr(row, "delivery", None)
    owed = refunds_to_transfer(request, [(row, found.pieces)])
    context = {
        "order": row,
        "found": found,
        "status": status_of(row, found.pieces, news_of([row])[row.pk], owed=owed),
        "moments": who_did(moments_of(request, row, to_buyer=False), found.trail, names),
        "trail": [(entry, names.get(entry.actor_id, "")) for entry in found.trail],
        "papers": papers_of(row),
        "delivery": delivery,
        "address": address_lines(delivery) if delivery else [],
        "place": things.card(row.place, request),
        "left": sum(net + tax for net, tax in parts_left(row).values()),
        "held": held_reason(found.attribution),
        "touches": touches_of(found.attribution),
    }
    if row.state == Order.State.REVIEW:
        context |= _acceptance(row)
    parents = [(_("Orders"), reverse("shop_orders"))]
    return admin_page(request, "shop/admin/order.html", context, title=row.number, icon="list-ul", parents=parents)


def _acceptance(row: Order) -> dict[str, object]:
    """What accepting the payment would mean, or why it cannot be."""
    try:
        return {"acceptance": flows.preview_acceptance(order=row)}
    except flows.CannotAccept as refusal:
        return {"refusal": str(refusal)}


@for_roles(OWNER)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept what was paid for an order in review; a reason is asked for."""
    row, reason = get_object_or_404(Order, number=number), request.POST.get("reason", "").strip()[:300]
    try:
        if not reason:
            raise flows.CannotAccept(_("Please say why."))
        flows.accept_order(order=row, actor=request.user, reason=reason)
        messages.success(request, _("Accepted: the order is paid, and everything is handed over."))
    except flows.CannotAccept as refusal:
        messages.error(request, str(refusal))
    return redirect("shop_order", row.number)


def held_reason(attribution: object) -> str:
    """Why an attribution was held, in words; '' where it never was."""
    receipt = getattr(attribution, "receipt", {}) or {}
    code = receipt.get("decision", {}).get("held", "")
    return word(HELD, code) if code else ""


VERDICTS = {
    "won": gettext_lazy("credited"),
    "outranked": gettext_lazy("another touch came later or counts more"),
    "too_old": gettext_lazy("too long before the order"),
    "later": gettext_lazy("after the order"),
    "no_agreement": gettext_lazy("no agreement with the programme"),
    "barred": gettext_lazy("staff and teachers earn nothing here"),
    "own_account": gettext_lazy("the buyer's own link"),
    "not_a_new_customer": gettext_lazy("not a new customer"),
}


def touches_of(attribution: object) -> list[dict[str, object]]:
    """The receipt's touches with what was decided about each, in words."""
    receipt = getattr(attribution, "receipt", {}) or {}
    verdicts = receipt.get("decision", {}).get("verdicts", [])
    pairs = zip(receipt.get("touches", []), verdicts, strict=False)
    return [
        {
            "kind": KINDS.get(touch["kind"], touch["kind"]),
            "at": datetime.fromisoformat(touch["at"]),
            "verdict": VERDICTS.get(verdict, verdict),
        }
        for touch, verdict in pairs
    ]
