"""What a class would read anew if it moved to what is published today."""

from dataclasses import dataclass

from courses.models import Cohort, LessonPage


@dataclass(frozen=True)
class PinChange:
    """A lesson in one language: `before` is the pinned revision's id (None: not pinned yet), `after` the published one's."""

    title: str
    language: str
    position: int
    page_id: int
    before: int | None
    after: int


def changed_since_pinned(cohort: Cohort) -> list[PinChange]:
    """Published lessons whose text is another than the class's, in order. Two queries."""
    pins = {(lesson, locale): revision for lesson, locale, revision in cohort.pins.values_list("lesson", "locale", "revision")}
    pages = LessonPage.objects.filter(lesson__course=cohort.course_id, live=True, live_revision__isnull=False)
    found = []
    for page in pages.select_related("lesson", "locale").order_by("lesson__position", "pk"):
        before = pins.get((page.lesson_id, page.locale_id))
        if before != page.live_revision_id:
            code = page.locale.language_code
            found.append(PinChange(page.title, code, page.lesson.position, page.pk, before, page.live_revision_id))
    return found
