"""The demo's files: public pictures into Wagtail, lesson files into their course."""

from pathlib import Path

from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Collection

from courses.flows import add_media
from courses.flows.team import workshop_name
from courses.models import Course, Media
from kit.models import Picture

ASSETS = Path(__file__).parents[1] / "assets"


def picture(asset: str, title: str, course: Course | None = None) -> Picture:
    """A public picture, in its course's collection; told from others by title."""
    known = Picture.objects.filter(title=title).first()
    if known is not None:
        return known
    collection = course and Collection.objects.filter(name=workshop_name(course)).first()
    with (ASSETS / asset).open("rb") as file:
        return Picture.objects.create(
            title=title,
            file=ImageFile(file, name=Path(asset).name),
            collection=collection or Collection.get_first_root_node(),
            uploaded_by_user=course.teacher if course else None,
        )


def media(course: Course, asset: str, title: str) -> Media:
    """A private file of the course, told from others by title."""
    known = Media.objects.filter(course=course, title=title).first()
    return known or add_media(course=course, file=upload(asset), title=title)


def upload(asset: str) -> SimpleUploadedFile:
    """The file as a browser would send it."""
    return SimpleUploadedFile(Path(asset).name, (ASSETS / asset).read_bytes())
