"""manage.py import_cartridge FILE --teacher EMAIL [--title TITLE]: a Common Cartridge becomes a draft course."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.roles import INSTRUCTOR, OWNER, has_role
from courses.flows import CartridgeRefused, import_cartridge
from kit.storage import StorageFault


class Command(BaseCommand):
    help = "Turn an IMS Common Cartridge (1.0 to 1.3) into a draft course. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--teacher", default="", help="e-mail of whose course it will be; default: the only teacher")
        parser.add_argument("--title", "--course-title", default="", help="another title than the cartridge's")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        teacher = _teacher(options["teacher"])
        with translation.override(teacher.language or settings.LANGUAGE_CODE), path.open("rb") as file:
            try:
                done = import_cartridge(file=file, teacher=teacher, title=options["title"])
            except CartridgeRefused as error:
                raise CommandError(f"Refused, nothing was stored: {error}") from error
            except StorageFault as error:
                raise CommandError("Storage does not answer: nothing was stored. Try again later.") from error
        self._tell(done)

    def _tell(self, done: Any) -> None:
        if done.is_repeat:
            self.stdout.write(f"Imported before: {done.course.title} (/teach/courses/{done.course.slug}/). Nothing was changed.")
            return
        for line in done.lines:
            self.stdout.write(f"{line.state:4}  {line.what}: {line.name} — {line.note}")
        left = sum(1 for line in done.lines if line.state == "left")
        lessons = done.course.lessons.count()
        self.stdout.write(
            f"{done.course.title}: {lessons} lessons, {done.course.quizzes.count()} quizzes, {done.course.media.count()} files; "
            f"{left} things could not be used. /teach/courses/{done.course.slug}/"
        )


def _teacher(email: str) -> Any:
    people = get_user_model().objects.filter(is_active=True)
    if email:
        person = people.filter(email__iexact=email).first()
        if person is None or not has_role(person, INSTRUCTOR, OWNER):
            raise CommandError(f"{email} is nobody who teaches here.")
        return person
    teachers = list(people.filter(groups__name=INSTRUCTOR).distinct()[:2])
    if len(teachers) != 1:
        raise CommandError("Say whose course it will be: --teacher EMAIL")
    return teachers[0]
