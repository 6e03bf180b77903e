"""Renditions that never break a page."""

from typing import Any

from kit.storage import StorageFault


def rendition(picture: Any, spec: str) -> Any:
    """The picture in that size, or None where there is none or storage does not answer: text works without it."""
    if picture is None:
        return None
    try:
        return picture.get_rendition(spec)
    except (OSError, *StorageFault):
        return None
