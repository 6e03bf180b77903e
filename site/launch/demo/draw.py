"""Which picture goes into which file; the drawing itself is in the art folder."""

from collections.abc import Callable, Iterator
from functools import partial

from launch.demo.art import covers, desk, faces, kits, modules, notes, table
from launch.demo.art.diagrams import lesson_picture
from launch.demo.art.pen import Sheet
from launch.demo.ukulele import UKULELE

COVERS: dict[str, Callable[[], Sheet]] = {
    "ukulele-cover": covers.ukulele_cover,
    "coffee-cover": covers.coffee_cover,
    "calligraphy-cover": covers.calligraphy_cover,
    "home-hero": covers.home_hero,
}
MODULES = {"ukulele": modules.UKULELE_MODULES, "coffee": table.MODULES, "calligraphy": desk.MODULES}


def pictures() -> Iterator[tuple[str, Callable[[], Sheet]]]:
    """(file name without its ending, what draws it) for every picture of the demo."""
    yield from COVERS.items()
    for course, draw in kits.KITS.items():
        yield f"{course}-kit", draw
    for course, drawn in MODULES.items():
        for number, draw in enumerate(drawn, start=1):
            yield f"{course}-module-{number}", draw
    for name, draw in notes.NOTES.items():
        yield f"note-{name}", draw
    for handle in faces.FACES:
        yield f"avatar-{handle}", partial(faces.avatar, handle)
    yield from _lessons()


def _lessons() -> Iterator[tuple[str, Callable[[], Sheet]]]:
    for index, module in enumerate(UKULELE.modules):
        for lesson in module.lessons:
            if lesson.music:
                day = int(lesson.slug.removeprefix("day-"))
                yield f"ukulele-day-{day:02d}", partial(lesson_picture, lesson.music, index)
    for course, drawn in (("coffee", table.LESSONS), ("calligraphy", desk.LESSONS)):
        for day, draw in enumerate(drawn, start=1):
            yield f"{course}-day-{day:02d}", draw
