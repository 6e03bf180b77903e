"""/learn/: my courses, today's lesson first."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses import flows
from courses.models import Enrolment
from courses.reads import learn as reads
from courses.views.lesson import private
from kit.pictures import picture_urls


@private
@require_GET
@login_required
def learn(request: HttpRequest) -> HttpResponse:
    courses = reads.my_courses(request.user)
    pictures = picture_urls([item.page.cover for item in courses if item.page])
    context = {"courses": [(item, pictures.get(item.page.cover_id or 0, "") if item.page else "") for item in courses]}
    return render(request, "courses/learn.html", context)


@require_POST
@login_required
def check_in(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """打卡 for today, in one's own class; another's class is not there."""
    seats = Enrolment.objects.select_related("user").filter(user=request.user, state=Enrolment.State.ACTIVE)
    seat = get_object_or_404(seats, cohort__slug=cohort_slug)
    flows.check_in(enrolment=seat, note=request.POST.get("note", "").strip())
    messages.success(request, _("Checked in for today. See you tomorrow."))
    return redirect("courses:learn")
