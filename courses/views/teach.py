"""/teach/: the instructor's workspace. Everything here is of one's own courses; the rest is not there (404)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.roles import INSTRUCTOR, has_role, oversees
from courses import flows
from courses.access import submission_for
from courses.files import FileRefused, FileTooLarge
from courses.forms import LessonForm, ReviewForm, TitlesForm, remarks_from
from courses.models import Lesson, Quiz, Submission
from courses.permissions import Can, actions_of, refuse_without, taught_cohort, taught_course, taught_courses
from courses.reads import teach as reads
from courses.reads.groups import places_in
from courses.reads.quiz_statistics import statistics_of
from courses.reads.works import files_of, remarks_of
from courses.views.lesson import private
from kit.clock import now

View = Callable[..., HttpResponse]


def teachers_only(view: View) -> View:
    """Anonymous people sign in; whoever teaches nothing finds nothing here."""

    @wraps(view)
    @private
    @login_required
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not (oversees(request.user) or has_role(request.user, INSTRUCTOR) or taught_courses(request.user).exists()):
            raise Http404
        return view(request, **kwargs)

    return guarded


@teachers_only
@require_GET
def teach(request: HttpRequest) -> HttpResponse:
    context = {
        "cohorts": list(reads.cohorts_of(request.user)[:30]),
        "courses": list(taught_courses(request.user).order_by("-pk")[:30]),
        "queue": reads.with_reply_clock(reads.homework_queue(request.user)[:5]),
        "queue_count": reads.homework_queue(request.user).count(),
        "questions": list(reads.unanswered_questions(request.user)[:5]),
        "question_count": reads.unanswered_questions(request.user).count(),
        "silent_count": reads.silent_learners(request.user).count(),
        "now": now(),
    }
    return render(request, "courses/teach/home.html", context)


@teachers_only
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    works = reads.with_reply_clock(reads.homework_queue(request.user)[: reads.PAGE])
    return render(request, "courses/teach/queue.html", {"queue": works})


@teachers_only
@require_GET
def silent(request: HttpRequest) -> HttpResponse:
    """Who has opened nothing for seven days, in all running classes where one sees names."""
    seats = list(reads.silent_learners(request.user)[: reads.PAGE])
    return render(request, "courses/teach/silent.html", {"seats": seats})


@teachers_only
@require_GET
def behind(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """The class by how many due lessons are not done, most first; `?page=`."""
    row = taught_cohort(request.user, cohort_slug, Can.SEE_NAMES)
    places = [place for place in places_in(row) if place.behind]
    page = Paginator(places, reads.PAGE).get_page(request.GET.get("page"))
    older = f"?page={page.next_page_number()}" if page.has_next() else ""
    may = {action.name.lower() for action in actions_of(request.user, row.course)}
    return render(request, "courses/teach/behind.html", {"cohort": row, "page": page, "older": older, "may": may})


@teachers_only
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    return render(
        request, "courses/teach/questions.html", {"questions": list(reads.unanswered_questions(request.user)[: reads.PAGE])}
    )


@teachers_only
def review(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Listen, pin remarks to seconds, accept or return."""
    submission = submission_for(request.user, submission_id)
    refuse_without(request.user, submission.assignment.lesson.course, Can.REVIEW)
    form, refused = ReviewForm(request.POST or None), 0
    if request.method == "POST" and form.is_valid():
        try:
            flows.review_homework(
                submission=submission,
                author=request.user,
                body=form.cleaned_data["body"],
                accept=form.cleaned_data["decision"] == "accept",
                remarks=remarks_from(request.POST),
                recording=request.FILES.get("recording"),
            )
        except FileRefused as error:
            form.add_error(None, str(error))
            refused = 413 if isinstance(error, FileTooLarge) else 400
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Your answer is on its way to %(name)s.") % {"name": submission.enrolment.user.display_name})
        return redirect("courses:queue")
    files = files_of(submission)
    done = submission.state != Submission.State.SUBMITTED
    context = {
        "submission": submission,
        "files": files,
        "lesson": submission.assignment.lesson,
        "form": form,
        "review": submission.review if done else None,
        "remarks": remarks_of(submission.review, files) if done else [],
    }
    return render(request, "courses/teach/review.html", context, status=refused or 200)


@teachers_only
@require_GET
def cohort(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """A class: who is where, and where people stop."""
    row = taught_cohort(request.user, cohort_slug, Can.SEE_NAMES)
    after = request.GET.get("after", "")
    learners = list(reads.learners_of(row).filter(pk__gt=int(after) if after.isdecimal() else 0)[: reads.PAGE + 1])
    context = {
        "cohort": row,
        "course": row.course,
        "learners": learners[: reads.PAGE],
        "older": f"?after={learners[reads.PAGE - 1].pk}" if len(learners) > reads.PAGE else "",
        "total": reads.published_lessons(row.course_id),
        "drop_off": reads.drop_off(row),
        "pinned": row.pins.count(),
        "may": {action.name.lower() for action in actions_of(request.user, row.course)},
    }
    return render(request, "courses/teach/cohort.html", context)


@teachers_only
def outline(request: HttpRequest, course_slug: str) -> HttpResponse:
    """The outline of a course: paste titles, get draft lessons; publish what was written."""
    course = taught_course(request.user, course_slug)
    actions = actions_of(request.user, course)
    form = TitlesForm(request.POST if "titles" in request.POST else None)
    if request.method == "POST":
        refuse_without(request.user, course, Can.PUBLISH if "publish" in request.POST else Can.EDIT)
    if request.method == "POST" and "publish" in request.POST:
        flows.publish_course(course=course, actor=request.user)
        messages.success(request, _("Published."))
        return redirect("courses:outline", course_slug=course.slug)
    if request.method == "POST" and form.is_valid():
        made = flows.add_lessons(course=course, lessons=form.cleaned_data["titles"])
        messages.success(request, _("%(count)s draft lessons are waiting to be written.") % {"count": len(made)})
        return redirect("courses:outline", course_slug=course.slug)
    lessons = list(reads.outline(course)) if Can.READ in actions else []
    context = {"course": course, "lessons": lessons, "form": form, "may": {action.name.lower() for action in actions}}
    context["quizzes"] = list(course.quizzes.order_by("pk")) if Can.READ in actions else []
    return render(request, "courses/teach/outline.html", context)


@teachers_only
def lesson_facts(request: HttpRequest, course_slug: str, lesson_id: int) -> HttpResponse:
    """What stands beside a lesson's text: when it opens, its length, whether it is free, its homework."""
    course = taught_course(request.user, course_slug, Can.EDIT)
    row = get_object_or_404(Lesson.objects.select_related("assignment"), course=course, pk=lesson_id)
    form = LessonForm(request.POST or None, lesson=row)
    if request.method == "POST" and form.is_valid():
        flows.change_lesson(lesson=row, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("courses:outline", course_slug=course.slug)
    return render(request, "courses/teach/lesson_facts.html", {"course": course, "lesson": row, "form": form})


@teachers_only
@require_GET
def quiz(request: HttpRequest, quiz_id: int) -> HttpResponse:
    """How learners did in a quiz, question by question."""
    row = get_object_or_404(
        Quiz.objects.select_related("course"), pk=quiz_id, course__in=taught_courses(request.user, Can.REVIEW)
    )
    context = {"quiz": row, "course": row.course, "statistics": statistics_of(row)}
    return render(request, "courses/teach/quiz.html", context)
