"""Files that people hand in: what they are is decided by their content, never by their name."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from courses.models import Media
from kit.storage import PrivateStorage, new_key

MAX_PIXELS = 40_000_000
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
FORMATS = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}


class FileRefused(Exception):
    """The file is of no kind we take, or broken; the message is for the person."""


class FileTooLarge(FileRefused):
    """The file is larger than the limit (answer 413)."""


@dataclass(frozen=True)
class Kind:
    """What a file is: a kind of `Media`, its content type, and the extension that its key carries."""

    kind: Any
    content_type: str
    suffix: str


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file by its first 64 bytes, or None. Signatures: RFC 9559 (WebM), ISO 14496-12 (MP4), RFC 3533 (Ogg)."""
    audio, video = Media.Kind.AUDIO, Media.Kind.VIDEO
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Kind(audio, "audio/wav", ".wav")
    if head[:4] == b"OggS":
        return Kind(audio, "audio/ogg", ".ogg")
    if head[:4] == b"fLaC":
        return Kind(audio, "audio/flac", ".flac")
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return Kind(audio, "audio/mpeg", ".mp3")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Kind(video, "video/webm", ".webm")
    if head[4:8] == b"ftyp":
        return Kind(audio, "audio/mp4", ".m4a") if head[8:11] == b"M4A" else Kind(video, "video/mp4", ".mp4")
    if head[:5] == b"%PDF-":
        return Kind(Media.Kind.FILE, "application/pdf", ".pdf")
    return _picture_kind(head)


def _picture_kind(head: bytes) -> Kind | None:
    if head[:3] == b"\xff\xd8\xff":
        return Kind(Media.Kind.IMAGE, *FORMATS["JPEG"])
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return Kind(Media.Kind.IMAGE, *FORMATS["PNG"])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind(Media.Kind.IMAGE, *FORMATS["WEBP"])
    return None


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
        body, width, height = _encoded_again(file, kind)
    key = PrivateStorage().save(new_key(folder, f"x{kind.suffix}"), body)
    return Stored(kind.kind, key, kind.content_type, body.size, width, height)  # type: ignore[union-attr]


# Documents that are handed on as they are: browsers save them, none is shown on our pages. Never HTML, SVG or scripts.
DOWNLOADS = {".docx", ".doc", ".pptx", ".ppt", ".xlsx", ".xls", ".odt", ".odp", ".ods", ".rtf", ".txt", ".csv", ".md"}
DOWNLOADS |= {".zip", ".epub", ".mid", ".midi", ".mxl", ".gp", ".gp5", ".gpx", ".vtt", ".srt", ".ipynb", ".py"}


def store_download(*, file: Any, folder: str, limit: int, name: str) -> Stored:
    """Put a document into the private bucket as a download. Raises FileRefused for a kind that we do not hand on."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in DOWNLOADS or file.size == 0:
        raise FileRefused(_("Files of this kind are not taken."))
    if file.size > limit:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": limit // 1024**2})
    file.seek(0)
    # Without a type that a browser would show, whatever the file holds.
    key = PrivateStorage().save(new_key(folder, "x.bin"), file)
    return Stored(str(Media.Kind.FILE), key, "application/octet-stream", file.size)


def _encoded_again(file: Any, kind: Kind) -> tuple[File, int, int]:
    file.seek(0)
    name = next(name for name, value in FORMATS.items() if value[0] == kind.content_type)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow only warns below twice its limit
            picture = Image.open(file, formats=[name])
        if picture.width * picture.height > MAX_PIXELS:
            raise FileRefused(_("The picture has too many pixels."))
        upright = ImageOps.exif_transpose(picture)
        out = BytesIO()
        upright.save(out, name, quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *BOMBS) as error:
        raise FileRefused(_("The picture cannot be read.")) from error
    return ContentFile(out.getvalue()), upright.width, upright.height
