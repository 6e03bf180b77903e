"""Commission: every line, and credits that wait for a reviewer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from shop.checkout.admin import reads
from shop.checkout.admin.orders import held_reason
from shop.checkout.flows import decide_credit
from shop.referrals.models import Attribution, Commission
from shop.referrals.reads import reason, waits_until

STATES = [("", gettext_lazy("all")), *Commission.State.choices]


@for_roles(OWNER)
@require_safe
def commissions(request: HttpRequest) -> HttpResponse:
    state, query = request.GET.get("state", ""), request.GET.get("q", "")
    page = page_of(request, reads.commissions(state, query))
    held = list(reads.held_attributions()[:50])
    context = {
        "page": page,
        "rows": [(line, _why(line), waits_until(line)) for line in page.object_list],
        "held": [(row, held_reason(row)) for row in held],
        "states": chips(request, "state", STATES, state),
        "state": state,
        "query": query,
    }
    return admin_page(request, "shop/admin/commissions.html", context, title=_("Commissions"), icon="group")


def _why(line: Commission) -> str:
    """The referrer's own reason, but what is held is said to the owner, who decides it."""
    is_held = line.attribution.state == Attribution.State.HELD_SELF
    return held_reason(line.attribution) if is_held else reason(line)


@for_roles(OWNER)
@require_POST
def decide(request: HttpRequest, attribution_id: int) -> HttpResponse:
    """Credit a held attribution after all, or reject it; either way a reason is asked for."""
    row = get_object_or_404(Attribution, pk=attribution_id)
    why, action = request.POST.get("reason", "").strip()[:300], request.POST.get("action", "")
    if not why or action not in {"accept", "reject"}:
        messages.error(request, _("Please say why."))
        return redirect("shop_commissions")
    done = decide_credit(attribution=row, accept=action == "accept", actor=request.user, reason=why)
    said = _("Credited.") if done.state == Attribution.State.CREDITED else _("Rejected: it earns nothing.")
    messages.success(request, said)
    return redirect("shop_commissions")
