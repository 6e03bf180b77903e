"""Handing in homework, and opening what was handed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses import flows
from courses.access import lesson_access, submission_for
from courses.files import FileRefused, FileTooLarge
from courses.reads import lesson as reads
from courses.views.lesson import private
from kit.storage import presigned_address


@require_POST
def hand_in(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Text, a file or both, for the homework of a lesson that is open to the learner."""
    row = reads.lesson_at(course_slug, lesson_slug)
    access = lesson_access(request.user, row)
    assignment = getattr(row, "assignment", None)
    if not access.granted or access.enrolment is None or assignment is None:
        raise Http404
    back = reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#homework"
    try:
        flows.submit_homework(
            enrolment=access.enrolment, assignment=assignment, text=request.POST.get("text", ""), file=request.FILES.get("file")
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


@private
@require_GET
@login_required
def file(request: HttpRequest, submission_id: int) -> HttpResponse:
    """The file of a submission, for who made it and who reviews it; 15 minutes."""
    submission = submission_for(request.user, submission_id)
    if not submission.key:
        raise Http404
    return redirect(presigned_address(submission.key))
