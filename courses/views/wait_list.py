"""/learn/<class>/…: standing in line for a class, and being away from one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses import flows
from courses.models import Cohort, CoursePage, Enrolment
from courses.reads.wait_list import own_entry
from courses.views.lesson import private
from stock.reads import free_pieces


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wait_list(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """Join the line, see where one stands, buy the seat that is offered, leave. Only classes of announced courses."""
    cohort = get_object_or_404(Cohort.objects.select_related("course"), slug=cohort_slug)
    if not CoursePage.objects.filter(course=cohort.course_id, live=True).exists():
        raise Http404
    if "leave" in request.POST:
        flows.leave_wait_list(user=request.user, cohort=cohort)
        messages.success(request, _("You have left the wait-list."))
        return redirect("courses:landing", course_slug=cohort.course.slug)
    if request.method == "POST":
        try:
            flows.join_wait_list(user=request.user, cohort=cohort)
        except flows.SeatsFree:
            messages.info(request, _("There is no line: see whether a seat can be bought."))
            return redirect("courses:landing", course_slug=cohort.course.slug)
        except flows.HasSeat:
            return redirect("courses:learn")
        return redirect("courses:wait_list", cohort_slug=cohort.slug)
    has_seats = free_pieces([cohort.seat_ref]).get(cohort.seat_ref, 0) > 0
    context = {"cohort": cohort, "course": cohort.course, "entry": own_entry(request.user, cohort), "has_seats": has_seats}
    return render(request, "courses/wait_list.html", context)


@require_POST
@login_required
def pause(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """Be away from tomorrow on, or be back, where the course lets its students choose that."""
    seats = Enrolment.objects.select_related("user", "cohort").filter(user=request.user, state=Enrolment.State.ACTIVE)
    seat = get_object_or_404(seats, cohort__slug=cohort_slug)
    if "resume" in request.POST:
        flows.resume_seat(enrolment=seat, actor=request.user)
    elif seat.cohort.may_pause:
        flows.pause_seat(enrolment=seat, actor=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("You are away from tomorrow on. What is open stays open."))
    else:
        raise Http404
    return redirect("courses:learn")
