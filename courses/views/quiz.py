"""Taking a quiz of a lesson: begin, answer, hand in, see why. Plain forms; scripts only save sooner."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses import flows
from courses.access import LessonAccess, lesson_access
from courses.models import Attempt, Lesson, Quiz
from courses.permissions import teaches
from courses.reads import lesson as lesson_reads
from courses.reads import quiz as reads
from courses.views.lesson import private

FIELD = "q-"


@private
@require_GET
@login_required
def quiz(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> HttpResponse:
    """The running attempt, or how the last one went and what is left."""
    lesson, row, _access = _opened(request, course_slug, lesson_slug, quiz_id)
    standing = reads.standings(request.user, {row.pk: row})[row.pk]
    context: dict[str, Any] = {"lesson": lesson, "course": lesson.course, "quiz": row, "standing": standing}
    if standing.running is not None:
        context |= {"questions": reads.asked(standing.running), "seconds_left": reads.seconds_left(standing.running)}
        return render(request, "courses/quiz_taking.html", context)
    if standing.finished:
        last, revealed = standing.finished[0], reads.reveals(standing)
        context |= {
            "last": last,
            "percent": reads.percent_of(last),
            "questions": reads.reviewed(last, revealed=revealed),
            "revealed": revealed,
        }
    return render(request, "courses/quiz.html", context)


@require_POST
@login_required
def begin(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> HttpResponse:
    """Begin, or go on with what was begun."""
    _lesson, row, access = _opened(request, course_slug, lesson_slug, quiz_id)
    try:
        flows.begin_attempt(quiz=row, user=request.user, enrolment=access.enrolment)
    except flows.NoAttemptLeft:
        messages.error(request, _("You have used all your attempts."))
    return redirect("courses:quiz", course_slug, lesson_slug, quiz_id)


@require_POST
@login_required
def answer(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> HttpResponse:
    """Keep what is answered so far; 409 where the attempt is over."""
    attempt = _own_attempt(request, course_slug, lesson_slug, quiz_id)
    kept = flows.save_answers(attempt=attempt, given=_given(request, attempt))
    return HttpResponse(status=204 if kept else 409)


@require_POST
@login_required
def hand_in(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> HttpResponse:
    """Hand in and see how it went. The same form again changes nothing."""
    attempt = _own_attempt(request, course_slug, lesson_slug, quiz_id)
    flows.hand_in(attempt=attempt, given=_given(request, attempt))
    return redirect("courses:quiz", course_slug, lesson_slug, quiz_id)


def _opened(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> tuple[Lesson, Quiz, LessonAccess]:
    """The lesson and its quiz for whom the lesson is open with a seat, or its team. Http404 else: whoever may not read the
    lesson learns nothing of its questions, and a quiz of another lesson is not reached through this one.
    """
    lesson = lesson_reads.lesson_at(course_slug, lesson_slug)
    access = lesson_access(request.user, lesson)
    on_team = teaches(request.user, lesson.course)
    if not access.granted or not (access.enrolment or on_team):
        raise Http404
    row = get_object_or_404(Quiz, pk=quiz_id, course=lesson.course_id)
    body = lesson_reads.lesson_text(lesson, access.enrolment).body
    if not on_team and row.pk not in lesson_reads.quiz_ids(body):
        raise Http404
    return lesson, row, access


def _own_attempt(request: HttpRequest, course_slug: str, lesson_slug: str, quiz_id: int) -> Attempt:
    """The attempt that the form names, of this very person and quiz. Http404 for another's."""
    _lesson, row, _access = _opened(request, course_slug, lesson_slug, quiz_id)
    number = request.POST.get("attempt", "")
    return get_object_or_404(
        Attempt, quiz=row, user=request.user, number=int(number) if number.isdecimal() and len(number) < 9 else 0
    )


def _given(request: HttpRequest, attempt: Attempt) -> dict[str, list[str]]:
    """What the form holds of each question. `asked` says that the question was on it: no tick is an answer, too."""
    on_form = set(request.POST.getlist("asked"))
    return {
        question["id"]: request.POST.getlist(FIELD + question["id"])
        for question in attempt.questions
        if question["id"] in on_form or FIELD + question["id"] in request.POST
    }
