"""What a course is called, why one should take it, its picture, and the text of one lesson, all without the page editor."""

import html
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.html import escape
from wagtail.models import Collection

from courses.flows.authoring import original_page
from courses.flows.team import workshop_name
from courses.models import Course, CoursePage, Lesson, LessonPage
from kit.models import Picture


def add_cover(*, course: Course, file: Any, title: str, actor: Any) -> Picture:
    """Store a checked picture in the course's collection of public pictures. Raises StorageFault."""
    picture = Picture(
        title=title[:255], file=file, uploaded_by_user=actor, collection=Collection.objects.get(name=workshop_name(course))
    )
    picture._set_image_file_metadata()
    picture.save()
    return picture


@transaction.atomic
def change_course(*, course: Course, title: str, tagline: str, slug: str, cover: Picture | None, actor: Any) -> CoursePage:
    """Change the draft of the landing page; what is published stays until it is published again.

    The address changes only while nothing is published. Raises ValueError otherwise.
    """
    page = original_page(course)
    if slug != course.slug:
        if page.first_published_at:
            raise ValueError("a published course keeps its address")
        _move(course, slug)
    course.title = title
    course.save(update_fields=["title", "slug"])
    draft: CoursePage = page.get_latest_revision_as_object()
    if (draft.title, draft.tagline, draft.cover_id) != (title, tagline, cover and cover.pk):
        draft.title = draft.draft_title = title
        draft.tagline, draft.cover = tagline, cover
        save_draft(page=draft, is_live=page.live, actor=actor)
    return draft


def _move(course: Course, slug: str) -> None:
    """Another address: its group and collection bear it in their names."""
    before = workshop_name(course)
    course.slug = slug
    for tail in ("", ":writers"):
        Group.objects.filter(name=before + tail).update(name=workshop_name(course) + tail)
    Collection.objects.filter(name=before).update(name=workshop_name(course))


@transaction.atomic
def open_to_all(*, lesson: Lesson) -> None:
    """Make this the lesson that everyone may read; one that is open already stays as it is, with any others."""
    if not Lesson.objects.filter(pk=lesson.pk, is_preview=True).exists():
        Lesson.objects.filter(course=lesson.course_id, is_preview=True).update(is_preview=False)
        Lesson.objects.filter(pk=lesson.pk).update(is_preview=True)
    lesson.is_preview = True


def plain_words(page: LessonPage) -> str | None:
    """The lesson's text where it is nothing but paragraphs (as write_lesson makes them), else None. '' where empty."""
    if len(page.body) == 0:
        return ""
    if len(page.body) > 1 or page.body[0].block_type != "text":
        return None
    source = page.body.raw_data[0]["value"]
    words = _unmarked(source)
    return words if _marked(words) == source else None


@transaction.atomic
def write_lesson(*, lesson: Lesson, goal: str, words: str, actor: Any) -> LessonPage:
    """Write a lesson as plain paragraphs (a blank line between them) into its draft. The same text changes nothing.

    A text with other blocks is left alone: the page editor is the place for it.
    """
    page = LessonPage.objects.filter(lesson=lesson).order_by("pk")[0]
    draft: LessonPage = page.get_latest_revision_as_object()
    known = plain_words(draft)
    if (draft.goal, known) == (goal, words) or (known is None and draft.goal == goal):
        return draft
    draft.goal = goal
    if known is not None:
        draft.body = [{"type": "text", "value": _marked(words)}] if words.strip() else []
    save_draft(page=draft, is_live=page.live, actor=actor)
    return draft


def save_draft(*, page: Any, is_live: bool, actor: Any) -> None:
    """As Wagtail's editor: the row follows the draft until it is published, a revision is made in any case."""
    if not is_live:
        page.save()
    page.save_revision(user=actor)


def _marked(words: str) -> str:
    parts = [part.strip() for part in words.replace("\r\n", "\n").split("\n\n")]
    return "".join(f"<p>{escape(part).replace(chr(10), '<br/>')}</p>" for part in parts if part)


def _unmarked(source: str) -> str:
    inner = source.removeprefix("<p>").removesuffix("</p>")
    return html.unescape(inner.replace("</p><p>", "\n\n").replace("<br/>", "\n"))
