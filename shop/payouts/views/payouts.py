"""The owner's pages: who is owed what, payouts, the bank file, what became of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from shop.payouts import flows, reads, words
from shop.payouts.csv import HEAD, bank_file, bank_row
from shop.payouts.models import Payout

STATES = [("", gettext_lazy("all")), *words.STATES.items()]


@for_roles(OWNER)
@require_safe
def payouts(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    waiting = reads.prepared()
    to_transfer = [row for row in waiting if not row.waits_for]  # type: ignore[attr-defined]
    context = {
        "payables": reads.payables(),
        "page": page_of(request, reads.payouts(state)),
        "states": chips(request, "state", STATES, state),
        "held_back": [row for row in waiting if row.waits_for],  # type: ignore[attr-defined]
        "to_transfer": to_transfer,
        "totals": sorted(reads.totals(to_transfer).items()),
    }
    return admin_page(request, "shop/payouts/payouts.html", context, title=_("Payouts"), icon="upload")


@for_roles(OWNER)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """What a run would do now: who gets how much, from which lines, less what, and what the bank file will hold."""
    page = page_of(request, reads.preview(), per_page=20)
    due = [row for row in reads.payables() if row.is_due]
    bank = [bank_row("CY-P-…", row) for row in due]
    context = {"page": page, "head": HEAD, "bank": bank, "totals": sorted(reads.totals(due).items())}
    parents = [(_("Payouts"), reverse("shop_payouts"))]
    return admin_page(request, "shop/payouts/preview.html", context, title=_("The next run"), icon="upload", parents=parents)


@for_roles(OWNER)
@require_safe
def payout(request: HttpRequest, payout_id: int) -> HttpResponse:
    row = get_object_or_404(reads.payouts(), pk=payout_id)
    entries = row.entries.select_related("commission__component__line__order", "earning__component__line__order").order_by("pk")
    parents = [(_("Payouts"), reverse("shop_payouts"))]
    context = {"payout": row, "page": page_of(request, entries), "by_stripe": reads.can_transfer(row)}
    context["own"] = row.prepared_by_id in (None, request.user.pk)
    return admin_page(request, "shop/payouts/payout.html", context, title=f"CY-P-{row.pk}", icon="upload", parents=parents)


@for_roles(OWNER)
@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    made = flows.prepare_payouts(actor=request.user)
    text = ngettext("%(count)d payout is prepared.", "%(count)d payouts are prepared.", len(made))
    messages.success(request, text % {"count": len(made)})
    return redirect("shop_payouts")


@for_roles(OWNER)
@require_safe
def transfer_file(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(bank_file(reads.to_transfer()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="payouts.csv"'
    response["Cache-Control"] = "no-store"
    return response


@for_roles(OWNER)
@require_POST
def settle(request: HttpRequest, payout_id: int) -> HttpResponse:
    """Approve it, or send it by Stripe; or say that the bank paid it, or that it failed."""
    row = get_object_or_404(Payout, pk=payout_id)
    try:
        if request.POST.get("action") == "paid":
            flows.mark_paid(payout=row, actor=request.user, transfer_id=request.POST.get("transfer_id", ""))
            messages.success(request, _("Paid, and written into the books."))
        elif request.POST.get("action") == "approve":
            flows.approve(payout=row, actor=request.user)
            messages.success(request, _("Approved: it may leave now."))
        elif request.POST.get("action") == "failed":
            flows.mark_failed(payout=row, actor=request.user, reason=request.POST.get("reason", "")[:300])
            messages.success(request, _("Failed: its lines can be paid again."))
        elif request.POST.get("action") == "transfer":
            flows.transfer_payout(payout=row, actor=request.user)
            messages.success(request, _("Transferred by Stripe, and written into the books."))
    except flows.TransferDelayed as delay:
        messages.warning(request, str(delay))
    except flows.CannotChange as refusal:
        messages.error(request, str(refusal))
    return redirect("shop_payout", payout_id)
