"""What a lesson page shows. Only for whom `courses.access` let in."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.translation import get_language

from courses.access import with_published
from courses.models import Enrolment, Lesson, LessonPage, LessonPin, Remark, ResumePoint, Submission
from courses.reads.language import best, original_language, title_in_language


def lesson_at(course_slug: str, lesson_slug: str) -> Lesson:
    """The lesson of this very course, with `shown_title` and its neighbours `before` and `after` ({slug, title, day}).

    Http404 where there is none: another course's slug never finds a lesson. One query.
    """
    lesson = _lessons(get_language() or "").filter(course__slug=course_slug, slug=lesson_slug).first()
    if lesson is None:
        raise Http404
    return lesson


@cache
def _lessons(_language: str) -> QuerySet[Lesson]:
    """The query of `lesson_at`, built once a language: building it costs as much as asking it."""
    return with_published(Lesson.objects.select_related("course__teacher", "assignment")).annotate(
        shown_title=title_in_language(LessonPage.objects.filter(lesson=OuterRef("pk"))),
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
    pins = LessonPin.objects.filter(cohort=seat.cohort_id if seat else None, lesson=lesson, locale=OuterRef("locale"))
    pages: QuerySet[LessonPage] = LessonPage.objects.filter(lesson=lesson, live=True).select_related("locale")
    page = best(pages.annotate(pinned=Subquery(pins.values("revision__content")[:1])))
    if page is None:
        raise Http404
    pinned = page.pinned  # type: ignore[attr-defined]
    if pinned is None:
        return LessonText(page.title, page.goal, page.body, original_language(page))
    content = pinned if isinstance(pinned, dict) else json.loads(pinned)
    body = LessonPage._meta.get_field("body").to_python(content["body"])
    return LessonText(content["title"], content["goal"], body, original_language(page))


def media_ids(body: Any) -> set[int]:
    """Ids of the files that stand in a lesson's body; asks no database."""
    return {int(block["value"]["media"]) for block in body.raw_data if block["type"] == "media" and block["value"].get("media")}


def thing_references(body: Any) -> list[str]:
    """References of the offers that stand in a body."""
    return [str(block["value"]) for block in body.raw_data if block["type"] == "offer"]


def with_record(seats: QuerySet[Enrolment], lesson: Lesson) -> QuerySet[Enrolment]:
    """Seats that know where the learner stopped (`resume`: {media, seconds} or None) and the `tries` at the homework,
    newest first, each with its review and remarks: no query beside that of the seats.
    """
    stopped = ResumePoint.objects.filter(enrolment=OuterRef("pk"), lesson=lesson)
    remarks = Remark.objects.filter(review__submission=OuterRef("pk")).order_by("second", "pk")
    tries = (
        Submission.objects.filter(enrolment=OuterRef("pk"), assignment__lesson=lesson)
        .order_by("-pk")
        .values(
            json=JSONObject(
                id="pk",
                text="text",
                has_file="key",
                content_type="content_type",
                state="state",
                review="review__body",
                reviewer="review__author__name",
                remarks=ArraySubquery(remarks.values(json=JSONObject(second="second", text="text"))),
            )
        )
    )
    return seats.annotate(
        resume=Subquery(stopped.values(json=JSONObject(media="media_id", seconds="seconds"))[:1], output_field=JSONField()),
        tries=ArraySubquery(tries),
    )
