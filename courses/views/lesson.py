"""A lesson: reading it, its media, and what one does in it. Every view here asks `lesson_access` first."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from community import reads as community
from community.errors import NotSound, Refused, TooFast
from community.flows import open_topic
from community.models import Space
from courses import flows
from courses.access import LessonAccess, lesson_access
from courses.models import Enrolment, Lesson, LessonPage, Media
from courses.reads import lesson as reads
from courses.reads import quiz as quiz_reads
from courses.reads.due import due_of
from courses.reads.language import original_language
from courses.reads.parcels import sent_for
from courses.reads.playlists import in_preparation
from courses.unlock_words import closed_in_words
from kit import things

private = cache_control(private=True, no_store=True)


@private
@require_GET
def lesson(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """The lesson for whom it is open; else login, the page that sells, or the day it opens."""
    row = reads.lesson_at(course_slug, lesson_slug)
    access = lesson_access(request.user, row, seats=reads.seats_with_record)
    if not access.granted:
        return _refused(request, row, access)
    text = reads.lesson_text(row, access.enrolment)
    if access.enrolment is not None and access.why == "open" and not access.opened:
        flows.open_lesson(enrolment=access.enrolment, lesson=row)
    response = render(request, "courses/lesson.html", _context(request, row, access, text))
    response.headers["X-Keep"] = "lesson"  # the service worker may keep it for this person (pages/offline.py)
    return response


def _context(request: HttpRequest, row: Lesson, access: LessonAccess, text: reads.LessonText) -> dict[str, Any]:
    seat = access.enrolment
    belongs = seat or access.why == "team"
    quizzes = reads.quizzes_in(text.body)
    recordings = _media_choices(text.body)
    things.prime(reads.thing_references(text.body), request)
    address = reverse("courses:lesson", args=[row.course.slug, row.slug])
    return {
        "lesson": row,
        "course": row.course,
        "access": access,
        "text": text,
        "seat": seat,
        "record": seat,
        "assignment": getattr(row, "assignment", None) if belongs else None,
        "quizzes": quiz_reads.standings(request.user, quizzes) if quizzes and belongs else {},
        "questions": community.topics_about(f"lesson:{row.pk}", request.user, 5, address) if belongs else [],
        "due": due_of(seat, row),
        "media_choices": recordings if seat else [],
        "preparing": in_preparation(recordings),
        "ask_key": uuid4().hex,
        "place": f"lesson:{row.pk}",
        "media_base": address + "media/",
        "asked": _asked_second(request, recordings),
        "og_title": text.title,
    }


def _asked_second(request: HttpRequest, recordings: list[Media]) -> dict[str, int]:
    """`?t=134`, as a post's "2:14" leads here: the lesson's first recording begins at that second."""
    second = request.GET.get("t", "")
    if not (recordings and second.isascii() and second.isdecimal() and len(second) < 6):
        return {}
    return {"media": recordings[0].pk, "seconds": int(second)}


def _media_choices(body: Any) -> list[Media]:
    """The recordings and films of a lesson, for notes; they were read with the body."""
    items = [block.value["media"] for block in body if block.block_type == "media"]
    return [item for item in items if item and item.kind in (Media.Kind.AUDIO, Media.Kind.VIDEO)]


def _refused(request: HttpRequest, row: Lesson, access: LessonAccess) -> HttpResponse:
    """Title only: nothing of a paid lesson's text may reach whom it is not open to (SAFETY.md)."""
    if access.why == "unpublished" or (access.enrolment is None and not row.is_announced):  # type: ignore[attr-defined]
        raise Http404
    if access.why == "anonymous":
        return redirect_to_login(request.get_full_path())
    template = "courses/not_open.html" if access.enrolment else "courses/refused.html"
    is_sent = bool(access.enrolment and sent_for([access.enrolment]))
    waits_for = closed_in_words(row, access)
    context = {"lesson": row, "course": row.course, "access": access, "is_sent": is_sent, "waits_for": waits_for}
    return render(request, template, context, status=403)


def draft(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """Wagtail's preview, which has checked that this person may edit the page."""
    row = reads.lesson_at(page.lesson.course.slug, page.lesson.slug)
    text = reads.LessonText(page.title, page.goal, page.body, original_language(page))
    return render(request, "courses/lesson.html", {**_context(request, row, LessonAccess(True, "team"), text), "is_draft": True})


@require_POST
def complete(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Done: on to the next lesson, or to what one learns next."""
    row, seat = learner(request, course_slug, lesson_slug)
    flows.complete_lesson(enrolment=seat, lesson=row)
    messages.success(request, _("Well done: “%(lesson)s” is finished.") % {"lesson": row.shown_title})  # type: ignore[attr-defined]
    return redirect("courses:learn")


@require_POST
def stopped(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Where the player stands: media, seconds, and `at` (milliseconds since 1970) when the player said so."""
    row, seat = learner(request, course_slug, lesson_slug)
    try:
        seconds, milliseconds, ident = (int(float(request.POST[name])) for name in ("seconds", "at", "media"))
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return HttpResponse(status=400)
    item = Media.objects.filter(pk=ident, course=row.course_id).first()
    if item is None or not 0 <= seconds < 86_400:
        return HttpResponse(status=400)
    flows.save_resume_point(enrolment=seat, lesson=row, media=item, seconds=seconds, at=at)
    return HttpResponse(status=204)


@require_POST
def ask(request: HttpRequest, course_slug: str, lesson_slug: str) -> HttpResponse:
    """Ask under a lesson: a question on the board of one's class."""
    row, seat = learner(request, course_slug, lesson_slug)
    space = get_object_or_404(Space, about=seat.cohort.seat_ref)
    title, source, key = (request.POST.get(name, "") for name in ("title", "source", "key"))
    try:
        open_topic(
            author=request.user,
            space=space,
            kind="question",
            title=title,
            source=source or title,
            key=key[:64] or uuid4().hex,
            about=f"lesson:{row.pk}",
        )
    except TooFast as error:
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except (NotSound, Refused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your question is on the board of your class."))
    return redirect(reverse("courses:lesson", args=[course_slug, lesson_slug]) + "#questions")


def learner(request: HttpRequest, course_slug: str, lesson_slug: str) -> tuple[Lesson, Enrolment]:
    """The lesson and the seat of somebody to whom it is open now. Http404 else: writing needs what reading needs."""
    row = reads.lesson_at(course_slug, lesson_slug)
    access = lesson_access(request.user, row)
    if not access.granted or access.enrolment is None:
        raise Http404
    return row, access.enrolment
