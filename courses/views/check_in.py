"""打卡: checking in, make-up cards, and the wall of one's class."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses import flows
from courses.files import FileRefused, FileTooLarge
from courses.forms import ReasonForm
from courses.models import Enrolment
from courses.permissions import Can, may, refuse_without
from courses.reads import check_ins as reads
from courses.views.lesson import private
from kit.storage import presigned_address


def _own_seat(request: HttpRequest, cohort_slug: str) -> Enrolment:
    seats = Enrolment.objects.select_related("user", "cohort").filter(user=request.user, state=Enrolment.State.ACTIVE)
    return get_object_or_404(seats, cohort__slug=cohort_slug)


@require_POST
@login_required
def check_in(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """打卡 for today, in one's own class; another's class is not there."""
    seat, back = _own_seat(request, cohort_slug), request.POST.get("back", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, None):
        back = reverse("courses:learn")
    note, is_hidden = request.POST.get("note", ""), "hidden" in request.POST
    try:
        flows.check_in(enrolment=seat, note=note, file=request.FILES.get("file"), is_hidden=is_hidden)
    except FileRefused as error:
        status = 413 if isinstance(error, FileTooLarge) else 400
        return render(request, "courses/file_refused.html", {"error": str(error), "back": back}, status=status)
    messages.success(request, _("Checked in for today. See you tomorrow."))
    return redirect(back)


@require_POST
@login_required
def make_up(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """A card for a missed day of one's own."""
    seat = _own_seat(request, cohort_slug)
    try:
        flows.make_up(enrolment=seat, day=date.fromisoformat(request.POST.get("day", "")))
    except ValueError as error:
        raise Http404 from error
    except flows.NoCardLeft:
        messages.error(request, _("Your make-up cards are used up."))
    except flows.NotMissed:
        messages.info(request, _("That day needs no card."))
    else:
        messages.success(request, _("Made up for: your streak goes on."))
    return redirect("courses:learn")


@private
@require_GET
@login_required
def wall(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """The check-ins of one's class, newest first."""
    cohort, teaches = reads.class_of(request.user, cohort_slug)
    before = request.GET.get("before", "")
    rows, older = reads.wall(
        cohort, request.user, before=int(before) if before.isdecimal() and 0 < int(before[:19]) < 2**62 else None
    )
    context = {
        "cohort": cohort,
        "check_ins": rows,
        "older": f"?before={older}" if older else "",
        "removes": teaches and may(request.user, cohort.course, Can.ANSWER),
    }
    return render(request, "courses/wall.html", context)


@private
@require_GET
@login_required
def file(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """The picture or sound of a check-in, for who sees it on the wall; 15 minutes."""
    row, _own = reads.check_in_for(request.user, check_in_id)
    if not row.key:
        raise Http404
    return redirect(presigned_address(row.key))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """Show another's check-in to the course's team, with a reason."""
    row, own = reads.check_in_for(request.user, check_in_id)
    if own:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.report_check_in(check_in=row, reporter=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Thank you. The team of the course looks at it."))
        return redirect("courses:wall", cohort_slug=row.enrolment.cohort.slug)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "courses/wall_report.html", {"row": row, "form": form, "cohort": row.enrolment.cohort}, status=status)


@require_POST
@login_required
def change(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """Its maker hides or shows it; the course's team takes it off the wall."""
    row, own = reads.check_in_for(request.user, check_in_id)
    cohort = row.enrolment.cohort
    if "remove" in request.POST:
        refuse_without(request.user, cohort.course, Can.ANSWER)
        flows.remove_from_wall(check_in=row, actor=request.user)
    elif own:
        flows.hide_check_in(check_in=row, is_hidden=request.POST.get("hidden") == "1")
    else:
        raise Http404
    return redirect("courses:wall", cohort_slug=cohort.slug)
