"""/learn/: my courses, today's lesson first."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses import flows
from courses.forms import ReminderForm
from courses.models import Reminder
from courses.reads import learn as reads
from courses.views.lesson import private
from kit.pictures import picture_urls


@private
@require_GET
@login_required
def learn(request: HttpRequest) -> HttpResponse:
    courses = reads.my_courses(request.user)
    pictures = picture_urls([item.page.cover for item in courses if item.page])
    context = {
        "courses": [(item, pictures.get(item.page.cover_id or 0, "") if item.page else "") for item in courses],
        "news": reads.answered(request.user, courses),
        "has_reminder": any(item.seat.reminded for item in courses),  # type: ignore[attr-defined]
    }
    return render(request, "courses/learn.html", context)


@private
@login_required
def reminder(request: HttpRequest) -> HttpResponse:
    """At which hour of one's own day the message comes."""
    row = Reminder.objects.filter(user=request.user).first()
    form = ReminderForm(request.POST or None, initial=ReminderForm.facts_of(row))
    if request.method == "POST" and form.is_valid():
        flows.set_reminder(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("courses:reminder")
    return render(request, "courses/reminder.html", {"form": form, "zone": request.user.time_zone})
