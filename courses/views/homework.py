"""Handing in homework, and opening what was handed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses import flows
from courses.access import submission_for
from courses.files import FileRefused, FileTooLarge
from courses.models import Assignment, Enrolment, Lesson
from courses.reads.playlists import prepared_key
from courses.views.lesson import learner, private
from kit.storage import presigned_address


@require_POST
def hand_in(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Text, a file or both, for the homework of a lesson that is open to the learner."""
    row, seat, assignment = _asked(request, course_slug, lesson_slug)
    back = reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#homework"
    try:
        flows.submit_homework(
            enrolment=seat, assignment=assignment, text=request.POST.get("text", ""), files=request.FILES.getlist("file")
        )
    except FileRefused as error:
        status = 413 if isinstance(error, FileTooLarge) else 400
        return render(request, "courses/file_refused.html", {"error": str(error), "back": back, "lesson": row}, status=status)
    except flows.AlreadyHandedIn:
        messages.info(request, _("Your homework is already with your teacher."))
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Handed in. Your teacher will answer here and in your notices."))
    return redirect(back)


@require_POST
def draft(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Keep the words for later; the page's script asks quietly, the button comes back to the page."""
    _row, seat, assignment = _asked(request, course_slug, lesson_slug)
    flows.save_draft(enrolment=seat, assignment=assignment, text=request.POST.get("text", ""))
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    messages.success(request, _("Kept. You can go on here, or on another device."))
    return redirect(reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#homework")


def _asked(request: HttpRequest, course_slug: str, lesson_slug: str) -> tuple[Lesson, Enrolment, Assignment]:
    """Lesson, seat and homework of somebody to whom it is open. Http404 else."""
    row, seat = learner(request, course_slug, lesson_slug)
    assignment = getattr(row, "assignment", None)
    if assignment is None:
        raise Http404
    return row, seat, assignment


@private
@require_GET
@login_required
def file(request: HttpRequest, submission_id: int, file_id: int | None = None) -> HttpResponse:
    """A file of a submission (the first, or another of it), for who made it and who reviews it; 15 minutes. A recording
    comes in the form that every browser plays, once that is prepared.
    """
    submission = submission_for(request.user, submission_id)
    key = submission.key if file_id is None else get_object_or_404(submission.files, pk=file_id).key
    if not key:
        raise Http404
    return redirect(presigned_address(prepared_key(key)))


@private
@require_GET
@login_required
def answer(request: HttpRequest, submission_id: int) -> HttpResponse:
    """The recording of a teacher's answer, for the same people as the homework itself; 15 minutes."""
    review = getattr(submission_for(request.user, submission_id), "review", None)
    if review is None or not review.key:
        raise Http404
    return redirect(presigned_address(prepared_key(review.key)))
