"""/admin/shop/cases/: reports about links, what the referrer says, the decision, the appeal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER
from kit.clock import now
from kit.storage import presigned_address
from shop.referrals import flows
from shop.referrals.flows.case import may_decide_from, owners
from shop.referrals.models import Case, CaseEvidence

STATES = [("", gettext_lazy("all")), *Case.State.choices]


@for_roles(OWNER)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What is due first stands first."""
    state = request.GET.get("state", "")
    rows = Case.objects.select_related("link__owner").order_by("closed_at", "due_at", "pk")
    page = page_of(request, rows.filter(state=state) if state else rows)
    context = {"page": page, "states": chips(request, "state", STATES, state), "now": now()}
    return admin_page(request, "shop/admin/cases.html", context, title=_("Reports about links"), icon="warning")


@for_roles(OWNER)
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    row = get_object_or_404(Case.objects.select_related("link__owner", "decided_by", "final_by"), pk=case_id)
    context = {
        "case": row,
        "reports": list(row.reports.select_related("reporter").order_by("pk").prefetch_related("evidence")[:50]),
        "decisions": Case.Decision.choices,
        "heard_from": may_decide_from(row),
        "own_decision": row.decided_by_id == request.user.pk and owners().count() > 1,
        "others": Case.objects.filter(link__owner=row.link.owner_id).exclude(pk=row.pk).count(),
    }
    parents = [(_("Reports about links"), reverse("shop_cases"))]
    return admin_page(
        request, "shop/admin/case.html", context, title=str(row.get_reason_display()), icon="warning", parents=parents
    )


@for_roles(OWNER)
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    row = get_object_or_404(Case, pk=case_id)
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
    step = flows.decide_appeal if row.state == Case.State.APPEALED else flows.decide_case
    if decision not in Case.Decision.values or not reason:
        messages.error(request, _("Choose a decision, and say why."))
        return redirect("shop_case", row.pk)
    try:
        step(case=row, decision=decision, reason=reason, actor=request.user)
    except flows.CannotDecide as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided, and the referrer is told."))
    return redirect("shop_case", row.pk)


@for_roles(OWNER)
@require_safe
def evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    return redirect(presigned_address(get_object_or_404(CaseEvidence, pk=evidence_id).key))
