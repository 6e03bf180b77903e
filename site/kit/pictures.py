"""Addresses of public pictures, many at once: lists must not ask the database picture by picture."""

from collections.abc import Iterable

from wagtail.images.models import Filter

from kit.models import Picture, Rendition
from kit.storage import StorageFault

CARD = "fill-640x480|format-webp"
LARGE = "fill-1200x900|format-webp"
THUMB = "fill-160x120|format-webp"


def picture_urls(pictures: Iterable[Picture | None], spec: str = CARD) -> dict[int, str]:
    """picture id → address of its rendition. One query; a rendition asked for the first time is made then.

    A picture that storage cannot give is absent: pages stand without it.
    """
    wanted = {picture.pk: picture for picture in pictures if picture is not None}
    if not wanted:
        return {}
    made = Rendition.objects.filter(image__in=wanted, filter_spec=spec)
    urls = {row.image_id: row.url for row in made if row.focal_point_key == _focal(wanted[row.image_id], spec)}
    for ident in wanted.keys() - urls.keys():
        try:
            urls[ident] = wanted[ident].get_rendition(spec).url
        except (*StorageFault, OSError):
            continue
    return urls


def _focal(picture: Picture, spec: str) -> str:
    """Renditions follow the picture's focal point: the key says for which one a rendition was cut."""
    return str(Filter(spec=spec).get_cache_key(picture))
