"""What a lesson page shows. Only for whom `courses.access` let in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.translation import get_language

from courses.access import ids_with_needed, live_seats, of_learner, with_published
from courses.models import (
    Course,
    Enrolment,
    HomeworkDraft,
    Lesson,
    LessonPage,
    LessonPin,
    Note,
    Quiz,
    Remark,
    ResumePoint,
    Submission,
    SubmissionFile,
)
from courses.reads.days_off import reply_by, rests_of
from courses.reads.language import best, original_language, title_in_language
from courses.reads.works import numbered
from kit.prepared import Given, prepared


def lesson_at(course_slug: str, lesson_slug: str) -> Lesson:
    """The lesson of this very course, with `shown_title` and its neighbours `before` and `after` ({slug, title, day}).

    Http404 where there is none: another course's slug never finds a lesson. One query.
    """
    found = _lesson_at(course=course_slug, lesson=lesson_slug, language=get_language())
    if not found:
        raise Http404
    return found[0]


@prepared
def _lesson_at() -> QuerySet[Lesson]:
    rows = Lesson.objects.filter(course__slug=Given("course"), slug=Given("lesson"))
    return with_published(rows.select_related("course__teacher", "assignment")).annotate(
        shown_title=title_in_language(LessonPage.objects.filter(lesson=OuterRef("pk")), Given("language")),
        before=_neighbour(Q(position__lt=OuterRef("position")), "-position"),
        after=_neighbour(Q(position__gt=OuterRef("position")), "position"),
    )


def _neighbour(side: Q, order: str) -> Subquery:
    rows = with_published(Lesson.objects.filter(side, course=OuterRef("course"))).filter(is_published=True).order_by(order)
    return Subquery(rows.values(json=JSONObject(slug="slug", title="title", day="day"))[:1], output_field=JSONField())


@dataclass
class LessonText:
    """A lesson's text in one language, as the class learns it."""

    title: str
    goal: str
    body: Any
    original: str


def lesson_text(lesson: Lesson, seat: Enrolment | None) -> LessonText:
    """The text for this reader: the revision that the class pinned, else what is published. Http404 without any.

    One query here, one more for the media when the body is read.
    """
    page = best(_pages_with_pin(lesson=lesson.pk, cohort=seat.cohort_id if seat else None))
    if page is None:
        raise Http404
    pinned = page.pinned  # type: ignore[attr-defined]
    if pinned is None:
        return LessonText(page.title, page.goal, page.body, original_language(page))
    content = pinned if isinstance(pinned, dict) else json.loads(pinned)
    body = LessonPage._meta.get_field("body").to_python(content["body"])
    return LessonText(content["title"], content["goal"], body, original_language(page))


@prepared
def _pages_with_pin() -> QuerySet[LessonPage]:
    pins = LessonPin.objects.filter(cohort=Given("cohort"), lesson=OuterRef("lesson"), locale=OuterRef("locale"))
    pages: QuerySet[LessonPage] = LessonPage.objects.filter(lesson=Given("lesson"), live=True).select_related("locale")
    return pages.annotate(pinned=Subquery(pins.values("revision__content")[:1]))


def media_ids(body: Any) -> set[int]:
    """Ids of the files that stand in a lesson's body; asks no database."""
    return {int(block["value"]["media"]) for block in body.raw_data if block["type"] == "media" and block["value"].get("media")}


def quiz_ids(body: Any) -> set[int]:
    """Ids of the quizzes that stand in a lesson's body; asks no database."""
    return {int(block["value"]) for block in body.raw_data if block["type"] == "quiz" and block["value"]}


def quizzes_in(body: Any) -> dict[int, Quiz]:
    """The quizzes of a body by id. Asks no database where there is none, and one query for all where there are."""
    if not quiz_ids(body):
        return {}
    return {block.value.pk: block.value for block in body if block.block_type == "quiz" and block.value}


def thing_references(body: Any) -> list[str]:
    """References of the offers that stand in a body."""
    return [str(block["value"]) for block in body.raw_data if block["type"] == "offer"]


def seats_with_record(user: Any, course: Course, lessons: Iterable[Lesson]) -> list[Enrolment]:
    """`access.seats_with_progress` of one lesson, whose seats also know where the learner stopped (`resume`: {media,
    seconds} or None), the `tries` at the homework, newest first, each with files, review, remarks and `reply_by`, the `draft`
    of the next one, and their own `own_notes` in order. One query.
    """
    ids = ids_with_needed(lessons)
    seats = of_learner(user, _seats_with_record(user=user.pk, course=course.pk, lessons=ids, lesson=ids[0]))
    for seat in seats:
        for one in seat.tries:  # type: ignore[attr-defined]
            if more := [file["id"] for file in one["files"]]:
                one["number"] = 1
                one["files"] = [{**file, "number": number} for number, file in enumerate(one["files"], 2)]
            one["remarks"] = numbered(one["remarks"], more)
            one["reply_by"] = reply_by(datetime.fromisoformat(one["submitted_at"]), seat.cohort, rests_of(seat))
    return seats


@prepared
def _seats_with_record() -> QuerySet[Enrolment]:
    stopped = ResumePoint.objects.filter(enrolment=OuterRef("pk"), lesson=Given("lesson"))
    files = SubmissionFile.objects.filter(submission=OuterRef("pk")).order_by("pk")
    remarks = Remark.objects.filter(review__submission=OuterRef("pk"))  # in the model's order: file by file
    tries = (
        Submission.objects.filter(enrolment=OuterRef("pk"), assignment__lesson=Given("lesson"))
        .order_by("-pk")
        .values(
            json=JSONObject(
                id="pk",
                text="text",
                has_file="key",
                content_type="content_type",
                files=ArraySubquery(files.values(json=JSONObject(id="pk", content_type="content_type"))),
                submitted_at="submitted_at",
                state="state",
                review="review__body",
                reviewer="review__author__name",
                spoken="review__content_type",
                remarks=ArraySubquery(remarks.values(json=JSONObject(second="second", text="text", file="file_id"))),
            )
        )
    )
    drafts = HomeworkDraft.objects.filter(enrolment=OuterRef("pk"), assignment__lesson=Given("lesson"))
    notes = Note.objects.filter(enrolment=OuterRef("pk"), lesson=Given("lesson")).order_by(F("second").asc(nulls_last=True), "pk")
    return live_seats().annotate(
        resume=Subquery(stopped.values(json=JSONObject(media="media_id", seconds="seconds"))[:1], output_field=JSONField()),
        tries=ArraySubquery(tries),
        draft=Subquery(drafts.values("text")[:1]),
        own_notes=ArraySubquery(notes.values(json=JSONObject(id="pk", media="media_id", second="second", text="text"))),
    )
