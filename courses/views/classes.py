"""/teach/classes/…: running a class. Its rest days, its students one by one, the text it learns."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses import flows
from courses.forms import CardsForm, RestForm
from courses.models import Enrolment
from courses.permissions import Can, may, taught_cohort
from courses.reads.pins import changed_since_pinned
from courses.reads.teach import PAGE, other_classes
from courses.reads.wait_list import line_of
from courses.views.teach import teachers_only
from kit.clock import local_date, now
from stock.flows import OutOfStock


@teachers_only
def rest(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """The class's rest days: those to come and those past, one more, one less."""
    cohort = taught_cohort(request.user, cohort_slug, Can.RUN_CLASS)
    form = RestForm(request.POST if "first" in request.POST else None)
    cards = CardsForm(request.POST if "cards" in request.POST else None, initial={"cards": cohort.make_up_cards})
    if cards.is_valid():
        flows.set_make_up_cards(cohort=cohort, cards=cards.cleaned_data["cards"], actor=request.user)
        messages.success(request, _("Kept."))
        return redirect("courses:rest", cohort_slug=cohort.slug)
    if "may_pause" in request.POST:
        flows.let_pause(cohort=cohort, allowed=request.POST["may_pause"] == "yes", actor=request.user)
        return redirect("courses:rest", cohort_slug=cohort.slug)
    try:
        if "remove" in request.POST:
            flows.remove_rest_day(cohort=cohort, day=_day(request.POST["remove"]), actor=request.user)
            return redirect("courses:rest", cohort_slug=cohort.slug)
        if form.is_valid():
            made = flows.add_rest_days(cohort=cohort, actor=request.user, **form.cleaned_data)
            messages.success(request, _("%(count)s rest days added; the class has been told.") % {"count": len(made)})
            return redirect("courses:rest", cohort_slug=cohort.slug)
    except flows.TooLate:
        form.add_error("first", _("That day has begun: choose a later one.")) if form.is_bound else messages.error(
            request, _("That day has begun: it stays.")
        )
    today = local_date(now(), cohort.time_zone)
    context = {"cohort": cohort, "form": form, "cards": cards, "days": cohort.rest_days.all(), "today": today}
    return render(request, "courses/teach/rest.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


@teachers_only
def student(request: HttpRequest, cohort_slug: str, seat_id: int) -> HttpResponse:
    """One student's seat: pause it, let it go on, move it to another class."""
    cohort = taught_cohort(request.user, cohort_slug, Can.RUN_CLASS)
    rows = Enrolment.objects.filter(cohort=cohort, state=Enrolment.State.ACTIVE).select_related("user", "cohort__course")
    seat = get_object_or_404(rows, pk=seat_id)
    if request.method == "POST":
        if "pause" in request.POST:
            flows.pause_seat(enrolment=seat, actor=request.user, reason=request.POST.get("reason", ""))
            messages.success(request, _("The seat is paused from tomorrow on."))
        elif "resume" in request.POST and flows.resume_seat(enrolment=seat, actor=request.user):
            messages.success(request, _("The course goes on today."))
        elif "to" in request.POST:
            return _transfer(request, seat)
        return redirect("courses:student", cohort_slug=cohort.slug, seat_id=seat.pk)
    context = {
        "cohort": cohort,
        "seat": seat,
        "pauses": list(seat.pauses.all()),
        "others": other_classes(cohort),
        "running": seat.pauses.filter(last=None).first(),
        "shows_email": may(request.user, cohort.course, Can.SEE_EMAILS),
    }
    return render(request, "courses/teach/student.html", context)


def _transfer(request: HttpRequest, seat: Enrolment) -> HttpResponse:
    to = get_object_or_404(other_classes(seat.cohort), slug=request.POST["to"])
    former = seat.cohort
    try:
        moved = flows.transfer_seat(enrolment=seat, to=to, actor=request.user)
    except OutOfStock:
        messages.error(request, _("%(cohort)s is full. Nothing was changed.") % {"cohort": to.name})
    except flows.CannotTransfer:
        messages.error(request, _("That is not possible: there is a seat already, or the class is over."))
    else:
        messages.success(request, _("%(name)s is now in %(cohort)s.") % {"name": seat.user.display_name, "cohort": to.name})
        return redirect("courses:student", cohort_slug=to.slug, seat_id=moved.pk)
    return redirect("courses:student", cohort_slug=former.slug, seat_id=seat.pk)


@teachers_only
@require_GET
def line(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """Who waits for a seat in a full class, in order, and to whom one is offered."""
    cohort = taught_cohort(request.user, cohort_slug, Can.RUN_CLASS)
    return render(request, "courses/teach/line.html", {"cohort": cohort, "line": line_of(cohort)[:PAGE]})


@teachers_only
def move_pins(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """What is published today and not yet the class's text; by POST the running class learns it."""
    cohort = taught_cohort(request.user, cohort_slug, Can.PUBLISH)
    if request.method == "POST":
        count = flows.pin_lessons(cohort=cohort, move=True)
        messages.success(request, _("The class now learns today's version of %(count)s lessons.") % {"count": count})
        return redirect("courses:cohort", cohort_slug=cohort_slug)
    context = {"cohort": cohort, "changes": changed_since_pinned(cohort)}
    return render(request, "courses/teach/move_pins.html", context)
