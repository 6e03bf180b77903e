"""Files of messages: looked at, and stored under a key of ours before any row is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from community.models import MessageFile
from kit import outbox
from kit.files import (
    FILE,
    IMAGE,
    FileRefused,
    FileTooLarge,
    Kind,
    encoded_again,
    is_download,
    kind_of,
    shown_name,
)
from kit.storage import PrivateStorage, new_key

DOWNLOAD = Kind(FILE, "application/octet-stream", ".bin")
ERASED = "message.file_erased"


@dataclass(frozen=True)
class Kept:
    """A file that lies in the private bucket and belongs to no message yet."""

    kind: str
    name: str
    key: str
    content_type: str
    size: int
    width: int | None
    height: int | None


def keep_files(files: Sequence[Any]) -> list[Kept]:
    """Look at all of them, then store them. Raises FileRefused or FileTooLarge before anything is stored, StorageFault.

    Outside of any transaction: a slow upload must not hold locks. A refusal that follows leaves an orphan at worst.
    """
    if len(files) > settings.MESSAGE_FILES_MOST:
        raise FileRefused(_("A message carries %(most)d files at most.") % {"most": settings.MESSAGE_FILES_MOST})
    looked_at = [(file, *_looked_at(file)) for file in files]
    storage = PrivateStorage()
    return [
        Kept(
            kind=kind.kind,
            name=shown_name(file.name or "") or _("file"),
            key=storage.save(new_key("messages", f"x{kind.suffix}"), body),
            content_type=kind.content_type,
            size=body.size,
            width=width,
            height=height,
        )
        for file, kind, body, width, height in looked_at
    ]


def erase_files(files: Any) -> None:
    """Rows go now, the objects through the outbox: storage may be away for a while. Needs a transaction."""
    keys = list(files.values_list("key", flat=True))
    outbox.write_many(topic=ERASED, payloads={key: {"key": key} for key in keys})
    MessageFile.objects.filter(key__in=keys).delete()


def erase_object(payload: dict[str, Any]) -> None:
    """Handler of `message.file_erased`. Deleting what is gone already is no fault."""
    PrivateStorage().delete(payload["key"])


def _looked_at(file: Any) -> tuple[Kind, Any, int | None, int | None]:
    """What the file is by its content, and what of it is stored: pictures are encoded again, documents never shown."""
    limit = settings.MESSAGE_FILE_MAX_BYTES
    if file.size > limit:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": limit // 1024**2})
    file.seek(0)
    head = file.read(64)
    if not head:
        raise FileRefused(_("The file is empty."))
    kind = kind_of(head) or (DOWNLOAD if is_download(file.name or "") else None)
    if kind is None:
        raise FileRefused(_("Files of this kind are not taken."))
    if kind.kind != IMAGE:
        file.seek(0)
        return kind, file, None, None
    longest, most = settings.MESSAGE_PICTURE_LONGEST, settings.MESSAGE_PICTURE_MAX_PIXELS
    body, width, height = encoded_again(file, kind.content_type, into="WEBP", longest=longest, most_pixels=most)
    return Kind(IMAGE, "image/webp", ".webp"), body, width, height
