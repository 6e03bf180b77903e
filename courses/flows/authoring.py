"""Making a course: plain rows and the Wagtail pages that present them. Used by the guided flow and the demo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from wagtail.models import Locale, Page

from community.flows import tell_followers
from courses.flows.team import give_rights, open_workshop, shop_window
from courses.models import Assignment, CatalogPage, Course, CoursePage, Lesson, LessonPage, Module
from courses.searching import course_changed
from kit.clock import now
from kit.text import slugify_any
from notices.flows import Words


@dataclass(frozen=True)
class LessonDraft:
    """A lesson to be made. `body` is raw StreamField data ([{"type": …, "value": …}]); `day` defaults to the position,
    `slug` to `day-<position>`; `homework` is what is to be handed in, empty for none.
    """

    title: str
    slug: str = ""
    module: str = ""
    goal: str = ""
    body: Sequence[dict[str, Any]] = field(default=())
    day: int | None = None
    is_preview: bool = False
    minutes: int = 15
    homework: str = ""


@transaction.atomic
def create_course(
    *,
    teacher: Any,
    slug: str,
    title: str,
    days: int = 30,
    tagline: str = "",
    cover: Any = None,
    story: Sequence[dict[str, Any]] = (),
    teacher_story: str = "",
    outcomes: Sequence[str] = (),
    questions: Sequence[tuple[str, str]] = (),
    language: str = "",
) -> Course:
    """A course, its draft landing page, its collection of pictures, and its teacher's rights to both.

    `story` is raw StreamField data, `outcomes` lines, `questions` pairs of question and answer.
    """
    course = Course.objects.create(slug=slug, title=title, teacher=teacher, days=days, created_at=now())
    locale = Locale.objects.get(language_code=language or settings.LANGUAGE_CODE)
    page = CoursePage(
        course=course,
        title=title,
        slug=slug,
        locale=locale,
        live=False,
        owner=teacher,
        show_in_menus=False,
        tagline=tagline,
        cover=cover,
        story=list(story),
        teacher_story=teacher_story,
        outcomes="\n".join(outcomes),
        questions=[{"type": "question", "value": {"question": ask, "answer": answer}} for ask, answer in questions],
    )
    _catalogue(locale).add_child(instance=page)
    page.save_revision(user=teacher, clean=False)  # it was, a line above
    open_workshop(course=course)
    give_rights(course=course, page=page)
    if cover is not None:
        cover.collection = shop_window(course)
        cover.save(update_fields=["collection"])
    return course


def _catalogue(locale: Locale) -> CatalogPage:
    """The catalogue in that language, made from the original where it is missing."""
    page = CatalogPage.objects.filter(locale=locale).first()
    if page is None:
        page = CatalogPage.objects.order_by("depth", "pk")[0].copy_for_translation(locale, copy_parents=True)
    return page


@transaction.atomic
def add_lessons(*, course: Course, lessons: Iterable[LessonDraft | str]) -> list[Lesson]:
    """Append lessons in order, each with a draft page below the course's original landing page."""
    home = original_page(course)
    last = course.lessons.aggregate(last=Max("position"))["last"] or 0
    taken = set(course.lessons.values_list("slug", flat=True))
    modules = {module.title: module for module in course.modules.all()}
    made = []
    for position, given in enumerate(lessons, last + 1):
        draft = given if isinstance(given, LessonDraft) else LessonDraft(title=given)
        slug = _free_slug(draft.slug or f"day-{position}", taken)
        module = _module(course, draft.module, modules) if draft.module else None
        lesson = Lesson.objects.create(
            course=course,
            module=module,
            slug=slug,
            title=draft.title[:160],
            position=position,
            day=draft.day or position,
            is_preview=draft.is_preview,
            minutes=draft.minutes,
        )
        if draft.homework:
            Assignment.objects.create(lesson=lesson, prompt=draft.homework)
        _add_page(home, lesson, draft)
        made.append(lesson)
    return made


def original_page(course: Course) -> CoursePage:
    """The landing page that the others translate."""
    return CoursePage.objects.filter(course=course).order_by("pk")[0]


def _add_page(home: CoursePage, lesson: Lesson, draft: LessonDraft) -> None:
    page = LessonPage(
        lesson=lesson,
        title=lesson.title,
        slug=lesson.slug,
        locale_id=home.locale_id,
        live=False,
        owner_id=home.owner_id,
        goal=draft.goal[:200],
        body=list(draft.body),
    )
    home.add_child(instance=page)
    page.save_revision(user=home.owner, clean=False)  # it was, a line above


def _module(course: Course, title: str, known: dict[str, Module]) -> Module:
    if title not in known:
        known[title] = Module.objects.create(course=course, title=title[:120], position=len(known) + 1)
    return known[title]


def _free_slug(wish: str, taken: set[str]) -> str:
    base = slugify_any(wish, "lesson").encode("ascii", "ignore").decode()[:50] or "lesson"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


@transaction.atomic
def translate_course(
    *, course: Course, language: str, title: str, tagline: str = "", story: Sequence[dict[str, Any]] = (), teacher_story: str = ""
) -> CoursePage:
    """The landing page in another language, as a draft. What is left empty shows the original, marked."""
    locale = Locale.objects.get(language_code=language)
    _catalogue(locale)
    page: CoursePage = original_page(course).copy_for_translation(locale)
    page.title, page.draft_title, page.tagline, page.story, page.teacher_story = title, title, tagline, list(story), teacher_story
    page.outcomes, page.questions = "", []
    page.save()
    page.save_revision(user=course.teacher)
    give_rights(course=course, page=page)
    return page


@transaction.atomic
def change_lesson(
    *,
    lesson: Lesson,
    day: int,
    minutes: int,
    is_preview: bool,
    homework: str,
    unlock: str = "day",
    opens_on: date | None = None,
    homework_of: Lesson | None = None,
    due_day: int | None = None,
) -> Lesson:
    """Change what stands beside a lesson's text. Homework that somebody handed in cannot be taken away, only reworded.

    `opens_on` is kept for the rule `date` alone, `homework_of` (an earlier lesson of the course) for `homework`.
    """
    lesson.day, lesson.minutes, lesson.is_preview, lesson.unlock = day, minutes, is_preview, unlock
    lesson.opens_on = opens_on if unlock == Lesson.Unlock.DATE else None
    lesson.homework_of = homework_of if unlock == Lesson.Unlock.HOMEWORK else None
    lesson.save(update_fields=["day", "minutes", "is_preview", "unlock", "opens_on", "homework_of"])
    if homework.strip():
        Assignment.objects.update_or_create(lesson=lesson, defaults={"prompt": homework.strip(), "due_day": due_day})
    else:
        Assignment.objects.filter(lesson=lesson, submissions=None).delete()
    return lesson


@transaction.atomic
def publish_course(*, course: Course, actor: Any) -> None:
    """Publish the landing page in every language, and every lesson as last written. What is up to date stays as it is.

    Who follows the teacher hears of a course once, when it is published the first time.
    """
    is_new = not CoursePage.objects.filter(course=course, first_published_at__isnull=False).exists()
    _publish_unwritten(course)
    for page in [*CoursePage.objects.filter(course=course), *LessonPage.objects.filter(lesson__course=course)]:
        if page.live and not page.has_unpublished_changes:
            continue
        newest = page.latest_revision or page.save_revision(user=actor)
        # Who may publish is asked by the caller; Wagtail would ask page permissions remembered from before the course.
        newest.publish(user=actor, skip_permission_checks=True)
    if is_new:
        teacher = course.teacher
        words = Words(_("New course: %(course)s"), _("By %(teacher)s"), {"course": course.title, "teacher": teacher.display_name})
        url = reverse("courses:landing", args=[course.slug])
        tell_followers(person=teacher, key=f"course:{course.pk}:new", words=words, url=url)


def _publish_unwritten(course: Course) -> None:
    """Titles that an outline made and nobody has opened: there is no revision to publish, only a row to show.

    One statement, since an outline may have hundreds of them.
    """
    rows = Page.objects.filter(pk__in=LessonPage.objects.filter(lesson__course=course), live=False, latest_revision=None)
    moment = now()
    rows.update(live=True, has_unpublished_changes=False, first_published_at=moment, last_published_at=moment)
    course_changed(course.pk)
