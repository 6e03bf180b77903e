"""Addresses of public pictures, many at once: lists must not ask the database picture by picture."""

from collections.abc import Iterable

from wagtail.images.models import Filter

from kit.models import Picture, Rendition
from kit.storage import StorageFault

CARD = "fill-640x480|format-webp"
LARGE = "fill-1200x900|format-webp"
THUMB = "fill-160x120|format-webp"


def picture_urls(pictures: Iterable[Picture | None], spec: str = CARD) -> dict[int, str]:
    """picture id → address of its rendition. One query, none for what this process has shown before (Wagtail's cache
    of renditions); a rendition asked for the first time is made then.

    A picture that storage cannot give is absent: pages stand without it.
    """
    wanted = {picture.pk: picture for picture in pictures if picture is not None}
    keys = {_cache_key(picture, spec): ident for ident, picture in wanted.items()}
    urls = {keys[key]: row.url for key, row in Rendition.cache_backend.get_many(keys).items()} if keys else {}
    if missing := wanted.keys() - urls.keys():
        made = Rendition.objects.filter(image__in=missing, filter_spec=spec)
        found = {row.image_id: row for row in made if row.focal_point_key == _focal(wanted[row.image_id], spec)}
        Rendition.cache_backend.set_many({_cache_key(wanted[ident], spec): row for ident, row in found.items()})
        urls |= {ident: row.url for ident, row in found.items()}
    for ident in wanted.keys() - urls.keys():
        try:
            urls[ident] = wanted[ident].get_rendition(spec).url
        except (*StorageFault, OSError):
            continue
    return urls


def _cache_key(picture: Picture, spec: str) -> str:
    return str(Rendition.construct_cache_key(picture, _focal(picture, spec), spec))


def _focal(picture: Picture, spec: str) -> str:
    """Renditions follow the picture's focal point: the key says for which one a rendition was cut."""
    return str(Filter(spec=spec).get_cache_key(picture))
