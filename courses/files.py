"""Files that people hand in: what they are is decided by their content, never by their name (kit.files)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from courses.models import Media
from kit.files import FORMATS, HEIC, FileRefused, FileTooLarge, Kind, encoded_again, is_download, kind_of
from kit.storage import PrivateStorage, new_key

LONGEST = 4096  # pixels of a picture's longer side, as stored

__all__ = ["FileRefused", "FileTooLarge", "Kind", "Stored", "kind_of", "store", "store_download"]


@dataclass(frozen=True)
class Stored:
    """A file that now lies in the private bucket."""

    kind: str
    key: str
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None


def store(*, file: Any, folder: str, limit: int, kinds: Collection[str] = tuple(Media.Kind)) -> Stored:
    """Check a file and put it into the private bucket under a key of ours. Raises FileRefused or FileTooLarge; then
    nothing is stored.

    Pictures are encoded again, so that neither places taken from a camera nor hidden parts survive.
    """
    if file.size > limit:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": limit // 1024**2})
    file.seek(0)
    kind = kind_of(file.read(64))
    if kind is not None and kind.kind not in kinds:
        raise FileRefused(_("A picture or a recording, please."))
    if kind is None:
        raise FileRefused(_("We take recordings (MP3, M4A, WAV, OGG), films (MP4, WebM), pictures (JPEG, PNG, WebP) and PDF."))
    width = height = None
    body: IO[bytes] | File = file
    if kind.kind == Media.Kind.IMAGE:
        sent = kind.content_type
        if sent == HEIC:
            kind = Kind(kind.kind, *FORMATS["JPEG"])
        body, width, height = encoded_again(file, sent, into="JPEG" if sent == HEIC else "", longest=LONGEST)
    key = PrivateStorage().save(new_key(folder, f"x{kind.suffix}"), body)
    return Stored(kind.kind, key, kind.content_type, body.size, width, height)  # type: ignore[union-attr]


def store_download(*, file: Any, folder: str, limit: int, name: str) -> Stored:
    """Put a document into the private bucket as a download. Raises FileRefused for a kind that we do not hand on."""
    if not is_download(name) or file.size == 0:
        raise FileRefused(_("Files of this kind are not taken."))
    if file.size > limit:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": limit // 1024**2})
    file.seek(0)
    # Without a type that a browser would show, whatever the file holds.
    key = PrivateStorage().save(new_key(folder, "x.bin"), file)
    return Stored(str(Media.Kind.FILE), key, "application/octet-stream", file.size)
