"""What of courses is searched: landing pages and lesson titles by everyone, a lesson's text by whom `access` lets in."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from courses.access import course_access, with_published
from courses.models import Course, CoursePage, Enrolment, Lesson, LessonPage, Media
from courses.permissions import Can, keep_ties, taught_courses, with_ties
from courses.reads.lesson import media_ids
from kit import searchables
from kit.text import plain_text


def register_all() -> None:
    searchables.register(
        searchables.Searchable("course", label=_("Courses"), entries=course_entries, all_ids=all_courses, visible=visible_courses)
    )
    searchables.register(
        searchables.Searchable("lesson", label=_("Lessons"), entries=lesson_entries, all_ids=all_lessons, visible=visible_lessons)
    )
    searchables.register_audience("course", course_ids)
    # Wagtail publishes from its admin, on schedule and by code: this signal is the one place all three pass.
    for signal in (page_published, page_unpublished):
        signal.connect(page_changed, dispatch_uid="courses.searching")


def page_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page appeared or went: its course or lesson is read again; a landing page takes its lessons along."""
    if isinstance(instance, LessonPage):
        searchables.changed(f"lesson:{instance.lesson_id}")
    elif isinstance(instance, CoursePage):
        course_changed(instance.course_id)


def course_changed(course_id: int) -> None:
    """The course and all its lessons are read again."""
    searchables.changed(f"course:{course_id}")
    for lesson in Lesson.objects.filter(course=course_id).values_list("pk", flat=True):
        searchables.changed(f"lesson:{lesson}")


def course_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    pages = CoursePage.objects.filter(course__in=ids, live=True).select_related("course", "locale")
    for page in pages:
        words = [page.tagline, page.outcomes, *_streamed(page.story), page.teacher_story]
        yield searchables.Entry(
            ref=f"course:{page.course_id}",
            part=page.locale.language_code,
            language=page.locale.language_code,
            title=page.title,
            text=" ".join(filter(None, words)),
            audience="public",
            url=page.own_path(),
        )


def lesson_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    """The title for everyone once the course is announced; the text apart, never in a public entry."""
    announced = CoursePage.objects.filter(course=OuterRef("lesson__course"), live=True)
    pages = LessonPage.objects.filter(lesson__in=ids, live=True).select_related("lesson__course", "locale")
    for page in pages.annotate(is_announced=Exists(announced)):
        language, audience = page.locale.language_code, f"course:{page.lesson.course_id}"
        common = {"ref": f"lesson:{page.lesson_id}", "title": page.title, "url": page.own_path(), "language": language}
        if page.is_announced:
            yield searchables.Entry(part=f"title {language}", text="", audience="public", **common)
        text = " ".join(filter(None, [page.goal, *_streamed(page.body), *_spoken(page.body)]))
        yield searchables.Entry(
            part=f"text {language}", text=text, audience=audience, finds_title=not page.is_announced, **common
        )


def visible_courses(ids: Sequence[str], request: Any) -> set[str]:
    return {str(pk) for pk in CoursePage.objects.filter(course__in=ids, live=True).values_list("course", flat=True)}


def visible_lessons(ids: Sequence[str], request: Any) -> set[str]:
    """Those whose text `courses.access` grants at this moment: a future day's, a refunded seat's is not among them."""
    rows = with_ties(with_published(Lesson.objects.filter(pk__in=ids).select_related("course")), request.user)
    by_course: dict[int, tuple[Course, list[Lesson]]] = {}
    for lesson in rows:
        course, lessons = by_course.setdefault(lesson.course_id, (keep_ties(lesson), []))
        lessons.append(lesson)
    granted = set()
    for course, lessons in by_course.values():
        granted |= {str(pk) for pk, access in course_access(request.user, course, lessons).items() if access.granted}
    return granted


def course_ids(user: Any) -> Iterable[int]:
    """Courses where the person has a live seat, or answers for."""
    if not user.is_authenticated:
        return []
    seats = Enrolment.objects.filter(user=user, state=Enrolment.State.ACTIVE)
    return {*seats.values_list("cohort__course", flat=True), *taught_courses(user, Can.READ).values_list("pk", flat=True)}


def all_courses() -> Iterable[int]:
    return Course.objects.order_by("pk").values_list("pk", flat=True).iterator()


def all_lessons() -> Iterable[int]:
    return Lesson.objects.order_by("pk").values_list("pk", flat=True).iterator()


def _streamed(body: Any) -> list[str]:
    """The words of a StreamField, without markup."""
    return [plain_text(words) for words in body.stream_block.get_searchable_content(body)]


def _spoken(body: Any) -> list[str]:
    """What is said in the recordings and films of a body, in every language of their captions."""
    tracks = Media.objects.filter(pk__in=media_ids(body)).order_by("pk").values_list("captions", flat=True)
    return [str(cue[2]) for track in tracks for cues in track.values() for cue in cues]
