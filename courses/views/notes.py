"""A student's own notes beside a lesson. Nobody else reads, changes or finds them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import flows
from courses.forms import seconds_of
from courses.models import Media, Note
from courses.views.lesson import learner

MOST_SECONDS = 86_400


@require_POST
def write(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """A new note, at a moment of one of the lesson's recordings if `second` (83 or 1:23) says so."""
    row, seat = learner(request, course_slug, lesson_slug)
    second, ident = seconds_of(request.POST.get("second", "")), request.POST.get("media", "")
    second = second if second is not None and second < MOST_SECONDS else None
    media = Media.objects.filter(course=row.course_id, pk=int(ident)).first() if ident.isdecimal() and len(ident) < 18 else None
    try:
        flows.write_note(enrolment=seat, lesson=row, text=request.POST.get("text", ""), media=media, second=second)
    except ValueError:
        messages.error(request, _("The note was not kept: it is empty, or there are too many here."))
    return redirect(reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#notes")


@require_POST
def change(request: HttpRequest, course_slug: str, lesson_slug: str, note_id: int) -> HttpResponse:
    """Other words for one's own note, or none."""
    row, seat = learner(request, course_slug, lesson_slug)
    note = get_object_or_404(Note, pk=note_id, enrolment=seat, lesson=row)
    try:
        if "delete" in request.POST:
            flows.delete_note(note=note)
        else:
            flows.change_note(note=note, text=request.POST.get("text", ""))
    except ValueError:
        messages.error(request, _("The note was not kept: it is empty, or there are too many here."))
    return redirect(reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#notes")
