"""The outline of a course as a list of titles: saved again and again, it changes what is there and doubles nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page

from courses.flows.authoring import original_page
from courses.models import Assignment, Course, CoursePage, Lesson, LessonPage, Module


@dataclass(frozen=True)
class OutlineLine:
    """A lesson to be: its title (160 characters at most) and the chapter it stands in, '' for none (120)."""

    title: str
    module: str = ""


class OutlineRefused(Exception):
    """Lessons that hold work are missing from the new outline; `titles` names them. Nothing was changed."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(", ".join(titles))
        self.titles = list(titles)


@transaction.atomic
def set_outline(*, course: Course, lines: Sequence[OutlineLine], days: int) -> list[Lesson]:
    """Make the course's lessons what `lines` say, in that order, spread evenly over `days`.

    A lesson whose title still stands there is kept wherever it moved; a title changed in its place is renamed; new
    titles become drafts. Raises OutlineRefused where a lesson with text, homework or readers would have to go.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    old = list(course.lessons.select_related("module").order_by("position"))
    found = matching(
        [(row.module.title if row.module else "", row.title) for row in old], [(line.module, line.title) for line in lines]
    )
    kept = [old[index] if index is not None else None for index in found]
    _drop(course, [row for row in old if row not in kept])
    modules = _modules(course, lines)
    rows = [row or Lesson(course=course) for row in kept]
    moved = course.days != days or rows != old
    _place(rows, lines, modules, days if moved else 0)
    _save(course, rows, days)
    course.modules.exclude(title__in=[line.module for line in lines]).delete()
    return rows


def matching(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> list[int | None]:
    """For each new (module, title) the index of the old one that it continues, or None. Each old one is used once."""
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(old)))
    for same in (lambda a, b: a == b, lambda a, b: a[1] == b[1]):
        for place, wish in enumerate(new):
            index = next((i for i in free if same(old[i], wish)), None) if found[place] is None else None
            if index is not None:
                found[place] = index
                del free[index]
    for place in range(len(new)):
        before = found[place - 1] if place else -1
        if found[place] is None and before is not None and before + 1 in free:
            found[place] = before + 1
            del free[before + 1]
    return found


def _drop(course: Course, gone: Sequence[Lesson]) -> None:
    ids = [row.pk for row in gone]
    pages = LessonPage.objects.filter(lesson__in=ids)
    busy = {page.lesson_id for page in pages if page.live or page.first_published_at or page.goal or len(page.body)}
    busy |= set(Assignment.objects.filter(lesson__in=ids).values_list("lesson", flat=True))
    if busy:
        raise OutlineRefused([row.title for row in gone if row.pk in busy])
    if ids:
        pages.delete()
        Lesson.objects.filter(pk__in=ids).delete()


def _modules(course: Course, lines: Sequence[OutlineLine]) -> dict[str, Module]:
    """title → chapter, numbered in the order of the outline."""
    known = {module.title: module for module in course.modules.all()}
    titles = list(dict.fromkeys(line.module for line in lines if line.module))
    others = [title for title in known if title not in titles]
    for position, title in enumerate([*titles, *others], 1):
        module = known.setdefault(title, Module(course=course, title=title))
        if module.position != position:
            module.position = position
            module.save()
    return known


def _place(rows: Sequence[Lesson], lines: Sequence[OutlineLine], modules: dict[str, Module], days: int) -> None:
    for index, (row, line) in enumerate(zip(rows, lines, strict=True)):
        row.title, row.position = line.title, index + 1
        row.module = modules[line.module] if line.module else None
        if days:
            row.day = 1 + index * days // len(rows)


def _save(course: Course, rows: Sequence[Lesson], days: int) -> None:
    known = [row for row in rows if row.pk]
    titles = dict(Lesson.objects.filter(pk__in=[row.pk for row in known]).values_list("pk", "title"))
    Lesson.objects.bulk_update(known, ["title", "position", "module", "day"])
    for row in known:
        if row.title != titles[row.pk]:
            _rename(row)
    fresh = [row for row in rows if not row.pk]
    _name(course, fresh, "day" if days >= len(rows) else "lesson")
    Lesson.objects.bulk_create(fresh)
    _add_empty_pages(course, fresh)
    if course.days != days:
        course.days = days
        course.save(update_fields=["days"])


def _name(course: Course, fresh: Sequence[Lesson], word: str) -> None:
    taken = set(course.lessons.values_list("slug", flat=True))
    for row in fresh:
        number = row.position
        while f"{word}-{number}" in taken:
            number += 1
        row.slug = f"{word}-{number}"
        taken.add(row.slug)


def _rename(lesson: Lesson) -> None:
    """The title of the lesson's original page; what is published keeps its own until it is published again."""
    page = LessonPage.objects.filter(lesson=lesson).order_by("pk").first()
    if page is None:
        return
    draft = page.get_latest_revision_as_object()
    draft.title = draft.draft_title = lesson.title
    if not page.live:
        draft.save()
    draft.save_revision(user=draft.owner)


def _add_empty_pages(course: Course, lessons: Sequence[Lesson]) -> None:
    """Draft pages below the landing page, all at once: a page at a time costs Wagtail 60 queries each.

    They have no revision: Wagtail makes one when somebody writes, and an unwritten lesson is pinned by no class.
    """
    if not lessons:
        return
    home = CoursePage.objects.select_for_update(of=("self",)).get(pk=original_page(course).pk)
    last = home.get_last_child()
    taken = Page._str2int(last.path[-Page.steplen :]) if last else 0
    kind = ContentType.objects.get_for_model(LessonPage)
    pages = []
    for number, lesson in enumerate(lessons, taken + 1):
        path = Page._get_path(home.path, home.depth + 1, number)
        page = LessonPage(
            lesson=lesson, title=lesson.title, draft_title=lesson.title, slug=lesson.slug, path=path, depth=home.depth + 1
        )
        page.locale_id, page.owner_id, page.content_type = home.locale_id, home.owner_id, kind
        page.live, page.has_unpublished_changes, page.url_path = False, True, f"{home.url_path}{lesson.slug}/"
        pages.append(page)
    _insert(pages)
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild + len(pages))


def _insert(pages: Sequence[LessonPage]) -> None:
    """Base rows in one statement, then each page's own columns (Django has no bulk insert for inherited models)."""
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = Page.objects.bulk_create(Page(**{name: getattr(page, name) for name in names}) for page in pages)
    for page, base in zip(pages, bases, strict=True):
        page.pk = page.page_ptr_id = page.id = base.pk
        page.save_base(raw=True, force_insert=True)
