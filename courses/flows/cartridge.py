"""A cartridge becomes a course: all of it or nothing, and the same file once."""

import posixpath
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from courses.cartridge.archive import Archive, CartridgeRefused
from courses.cartridge.html import Block
from courses.cartridge.plan import LessonPlan, Line, Plan, read_plan
from courses.cartridge.qti import Quiz
from courses.cartridge.references import LESSON_ADDRESS
from courses.files import FileRefused, store, store_download
from courses.flows.authoring import LessonDraft, add_lessons, create_course
from courses.flows.prompts import open_prompts
from courses.flows.quiz import QuizRefused, QuizRules, create_quiz
from courses.models import CartridgeImport, Course, Media, Prompt
from kit.clock import now
from kit.storage import PrivateStorage, StorageFault
from kit.text import slugify_any


@dataclass(frozen=True)
class Imported:
    """The course, its account, and whether the very file had been imported before."""

    course: Course
    lines: list[Line]
    is_repeat: bool


def import_cartridge(*, file: IO[bytes], teacher: Any, title: str = "") -> Imported:
    """Make a draft course of an IMS Common Cartridge. Raises CartridgeRefused (nothing is stored) and StorageFault.

    The same file by the same teacher gives the course of the first time, untouched.
    """
    archive = Archive(file)
    known = CartridgeImport.objects.filter(teacher=teacher, digest=archive.digest).select_related("course").first()
    if known is not None:
        return Imported(known.course, [Line(*line) for line in known.report["lines"]], True)
    plan = read_plan(archive)
    with stored_together() as keys, transaction.atomic():
        return _Import(archive, plan, teacher, keys).run(title)


@contextmanager
def stored_together() -> Iterator[list[str]]:
    """Keys of what is stored inside; where the block fails they are deleted again."""
    keys: list[str] = []
    try:
        yield keys
    except BaseException:
        for key in keys:
            try:
                PrivateStorage().delete(key)
            except StorageFault:  # an orphan costs a few bytes; the reason of the failure is what must be told
                continue
        raise


class _Import:
    def __init__(self, archive: Archive, plan: Plan, teacher: Any, keys: list[str]) -> None:
        self.archive, self.plan, self.teacher, self.keys = archive, plan, teacher, keys
        self.lines = list(plan.account)
        self.media: dict[str, Media] = {}

    def run(self, title: str) -> Imported:
        title = (title or self.plan.manifest.title or _("Imported course"))[:120]
        chapters = list(dict.fromkeys(lesson.module for lesson in self.plan.lessons))
        self.course = create_course(
            teacher=self.teacher, slug=_free_slug(title), title=title, days=min(max(len(chapters), 1), 365)
        )
        for name in self.plan.media:
            self._store(name)
        drafts = [self._draft(lesson, chapters.index(lesson.module) + 1) for lesson in self.plan.lessons]
        lessons = add_lessons(course=self.course, lessons=self._with_addresses(drafts))
        for lesson, plan in zip(lessons, self.plan.lessons, strict=True):
            for heading, words in plan.prompts:
                Prompt.objects.create(lesson=lesson, title=heading[:140], source=words)
        open_prompts(course=self.course)
        for quiz in self.plan.spare_quizzes:
            self._quiz(quiz)
        lines = [[line.what, line.name[:300], line.state, line.note] for line in self.lines]
        CartridgeImport.objects.create(
            course=self.course, teacher=self.teacher, digest=self.archive.digest, report={"lines": lines}, created_at=now()
        )
        return Imported(self.course, self.lines, False)

    def _store(self, name: str) -> None:
        """A file of the archive becomes a file of the course, or is named as one that we do not take."""
        with tempfile.TemporaryFile() as copy:
            self.archive.copy(name, copy)
            copy.flush()
            file = File(copy, name=posixpath.basename(name))
            try:
                stored = self._stored(file, name)
            except FileRefused as error:
                self.lines.append(Line("file", name, "left", str(error)))
                return
        self.keys.append(stored.key)
        self.media[name] = Media.objects.create(
            course=self.course,
            title=posixpath.basename(name)[:160],
            kind=stored.kind,
            key=stored.key,
            content_type=stored.content_type,
            size=stored.size,
            width=stored.width,
            height=stored.height,
            created_at=now(),
        )
        self.lines.append(Line("file", name, "used", _("a file of the course")))

    def _stored(self, file: File, name: str) -> Any:
        folder = f"courses/{self.course.pk}"
        try:
            return store(file=file, folder=folder, limit=settings.MEDIA_MAX_BYTES)
        except FileRefused:
            return store_download(file=file, folder=folder, limit=settings.MEDIA_MAX_BYTES, name=name)

    def _draft(self, plan: LessonPlan, day: int) -> LessonDraft:
        blocks = [block for raw in plan.blocks if (block := self._block(raw)) is not None]
        blocks += [{"type": "quiz", "value": pk} for quiz in plan.quizzes if (pk := self._quiz(quiz)) is not None]
        return LessonDraft(
            title=plan.title or _("Untitled"), module=plan.module, body=blocks, day=min(day, 365), homework=plan.homework
        )

    def _block(self, block: Block) -> Block | None:
        if block["type"] != "media":
            return block
        item = self.media.get(block["value"]["file"])
        if item is None:
            return None
        return {"type": "media", "value": {"media": item.pk, "caption": block["value"]["caption"]}}

    def _quiz(self, quiz: Quiz) -> int | None:
        """The quiz without the questions that our editor would refuse; each of those is named with the reason."""
        rules, questions = QuizRules(attempts=quiz.attempts, minutes=quiz.minutes), list(quiz.questions)
        while questions:
            try:
                return create_quiz(course=self.course, title=quiz.title or _("Quiz"), questions=questions, rules=rules).pk
            except QuizRefused as error:
                if not error.numbers:
                    self.lines.append(Line("quiz", quiz.title, "left", " ".join(error.faults)[:500]))
                    return None
                for number, fault in zip(error.numbers, error.faults, strict=True):
                    self.lines.append(Line("question", questions[number - 1].text[:80], "left", fault[:500]))
                questions = [one for number, one in enumerate(questions, 1) if number not in error.numbers]
        return None

    def _with_addresses(self, drafts: list[LessonDraft]) -> list[LessonDraft]:
        """Links between pages of the cartridge lead to their lessons: `day-<position>` as add_lessons names them."""
        found = []
        for draft in drafts:
            body = [self._with_address(block, len(drafts)) for block in draft.body]
            found.append(LessonDraft(**{**vars(draft), "body": body}))
        return found

    def _with_address(self, block: Block, count: int) -> Block:
        if block["type"] != "text" or LESSON_ADDRESS not in block["value"]:
            return block
        words = block["value"]
        for number in range(count, 0, -1):
            words = words.replace(f'{LESSON_ADDRESS}{number}"', f'/courses/{self.course.slug}/day-{number}/"')
        return {"type": "text", "value": words}


def _free_slug(title: str) -> str:
    base = slugify_any(title, "course").encode("ascii", "ignore").decode().strip("-")[:40] or "course"
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)


__all__ = ["CartridgeRefused", "Imported", "import_cartridge"]
