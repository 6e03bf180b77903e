"""/promote/report/ for everybody; /promote/cases/ for the referrer whom a report is about."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.files import FileRefused, FileTooLarge
from kit.storage import presigned_address
from shop.referrals import flows
from shop.referrals.flows.case import may_appeal_until, may_decide_from
from shop.referrals.forms import CaseTextForm, ReportForm
from shop.referrals.models import Case, CaseEvidence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anyone reports a link, by its code or address; `?code=` fills it in."""
    form = ReportForm(request.POST or None, request.FILES or None, initial={"link": request.GET.get("code", "")[:300]})
    if request.method == "POST" and form.is_valid():
        try:
            _report(request, form)
        except flows.TooManyReports as flood:
            form.add_error(None, _("That was a lot at once. Please try again later."))
            return _report_page(request, form, 429, **{"Retry-After": str(flood.retry_after)})
        except FileRefused as refusal:
            form.add_error("pictures", str(refusal))
            return _report_page(request, form, 413 if isinstance(refusal, FileTooLarge) else 422)
        messages.success(request, _("Thank you. Somebody will look at it, and the person is heard."))
        return redirect("referrals:report_link")
    return _report_page(request, form, 422 if form.is_bound and form.errors else 200)


def _report(request: HttpRequest, form: ReportForm) -> Case:
    values = form.cleaned_data
    return flows.report_link(
        link=values["link"],
        reason=values["reason"],
        text=values["text"],
        seen_at=values["seen_at"],
        reporter=request.user if request.user.is_authenticated else None,
        address=get_adapter().get_client_ip(request) or "",
        pictures=values["pictures"],
    )


def _report_page(request: HttpRequest, form: ReportForm, status: int, **headers: str) -> HttpResponse:
    response = render(request, "shop/promote/report_link.html", {"form": form}, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    rows = Case.objects.filter(link__owner=request.user).select_related("link").order_by("-pk")[:100]
    return render(request, "shop/promote/cases.html", {"cases": rows})


def _own_case(request: HttpRequest, case_id: int) -> Case:
    return get_object_or_404(Case.objects.filter(link__owner=request.user).select_related("link"), pk=case_id)


@login_required
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    return _case_page(request, _own_case(request, case_id), CaseTextForm(), 200)


def _case_page(request: HttpRequest, row: Case, form: CaseTextForm, status: int) -> HttpResponse:
    """Who reported stays unsaid."""
    context: dict[str, Any] = {
        "case": row,
        "reports": list(row.reports.order_by("pk").prefetch_related("evidence")[:50]),
        "form": form,
        "answer_until": may_decide_from(row),
        "appeal_until": may_appeal_until(row),
    }
    return render(request, "shop/promote/case.html", context, status=status)


@login_required
@require_POST
def speak(request: HttpRequest, case_id: int) -> HttpResponse:
    """The referrer's answer, or appeal: whichever is due."""
    row, form = _own_case(request, case_id), CaseTextForm(request.POST)
    if not form.is_valid():
        return _case_page(request, row, form, 422)
    step = flows.answer_case if row.state == Case.State.OPEN else flows.appeal_case
    try:
        step(case=row, text=form.cleaned_data["text"])
    except flows.CannotDecide as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sent. The owner reads it before deciding."))
    return redirect("referrals:case", case_id)


@login_required
@require_safe
def evidence(request: HttpRequest, case_id: int, evidence_id: int) -> HttpResponse:
    row = _own_case(request, case_id)
    found = get_object_or_404(CaseEvidence, report__case=row, pk=evidence_id)
    return redirect(presigned_address(found.key))
