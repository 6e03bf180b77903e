"""Files that people send: what they are is decided by their content, never by their name."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from kit.text import strip_controls

AUDIO, VIDEO, IMAGE, FILE = "audio", "video", "image", "file"
# A camera of fifty megapixels, and no bomb: decoded at full size it takes some 180 MB.
MAX_PIXELS = 60_000_000
LONGEST_NAME = 120
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
FORMATS = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
# Brands of still pictures in the container of films (ISO 23008-12): phones write them, not every browser shows them. They are
# read, and stored as another format.
STILLS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
PHONE_PICTURES = ("HEIF", "AVIF")
HEIC = "image/heic"
register_heif_opener()


class FileRefused(Exception):
    """The file is of no kind we take, or broken; the message is for the person."""


class FileTooLarge(FileRefused):
    """The file is larger than the limit (answer 413)."""


@dataclass(frozen=True)
class Kind:
    """What a file is: AUDIO, VIDEO, IMAGE or FILE, its content type, and the extension that its key carries."""

    kind: str
    content_type: str
    suffix: str


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file by its first 64 bytes, or None. Signatures: RFC 9559 (WebM), ISO 14496-12 (MP4), RFC 3533 (Ogg)."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Kind(AUDIO, "audio/wav", ".wav")
    if head[:4] == b"OggS":
        return Kind(AUDIO, "audio/ogg", ".ogg")
    if head[:4] == b"fLaC":
        return Kind(AUDIO, "audio/flac", ".flac")
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return Kind(AUDIO, "audio/mpeg", ".mp3")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Kind(VIDEO, "video/webm", ".webm")
    if head[4:8] == b"ftyp":
        return _of_container(head[8:12])
    if head[:5] == b"%PDF-":
        return Kind(FILE, "application/pdf", ".pdf")
    return _picture_kind(head)


def _of_container(brand: bytes) -> Kind:
    if brand in STILLS:
        return Kind(IMAGE, HEIC, ".heic")
    return Kind(AUDIO, "audio/mp4", ".m4a") if brand[:3] == b"M4A" else Kind(VIDEO, "video/mp4", ".mp4")


def _picture_kind(head: bytes) -> Kind | None:
    if head[:3] == b"\xff\xd8\xff":
        return Kind(IMAGE, *FORMATS["JPEG"])
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return Kind(IMAGE, *FORMATS["PNG"])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind(IMAGE, *FORMATS["WEBP"])
    return None


# Documents that are handed on as they are: browsers save them, none is shown on our pages. Never HTML, SVG or scripts.
DOWNLOADS = {".docx", ".doc", ".pptx", ".ppt", ".xlsx", ".xls", ".odt", ".odp", ".ods", ".rtf", ".txt", ".csv", ".md"}
DOWNLOADS |= {".zip", ".epub", ".mid", ".midi", ".mxl", ".gp", ".gp5", ".gpx", ".vtt", ".srt", ".ipynb", ".py"}


def is_download(name: str) -> bool:
    """Whether a file of this name may be handed on as a download that no browser shows."""
    return PurePosixPath(name).suffix.lower() in DOWNLOADS


def shown_name(name: str) -> str:
    """A file's name as people may see it: without folders, line breaks and controls, its ending kept when it is cut."""
    flat = " ".join(strip_controls(name).replace("\\", "/").split("/")[-1].split())
    plain = "".join(letter for letter in flat if letter.isprintable())
    suffix = PurePosixPath(plain).suffix[:10]
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - len(suffix)] + suffix


def encoded_again(
    file: IO[bytes] | Any, content_type: str, *, into: str = "", longest: int = 0, most_pixels: int = MAX_PIXELS
) -> tuple[ContentFile, int, int]:
    """The picture upright, without places taken from a camera and hidden parts; with its width and height in pixels.

    `into` ("WEBP") is another format than its own, which a phone's (HEIC, AVIF) needs; `longest` makes it small enough. Its
    size is read from the header before anything is decoded. Raises FileRefused.
    """
    names = [name for name, value in FORMATS.items() if value[0] == content_type] or PHONE_PICTURES
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow only warns below twice its limit
            picture: Image.Image = Image.open(file, formats=names)
        if picture.width * picture.height > most_pixels:
            raise FileRefused(_("The picture has too many pixels."))
        return _written(picture, into or names[0], longest)
    except BOMBS as error:
        raise FileRefused(_("The picture has too many pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused(_("The picture cannot be read.")) from error


def _written(picture: Image.Image, name: str, longest: int) -> tuple[ContentFile, int, int]:
    if longest:
        picture.draft("RGB", (longest, longest))  # a JPEG is decoded no larger than it will be
    upright = ImageOps.exif_transpose(picture)
    if longest:
        upright.thumbnail((longest, longest))
    if name == "WEBP" and upright.mode not in ("RGB", "RGBA"):
        upright = upright.convert("RGBA" if "transparency" in upright.info or upright.mode in ("LA", "PA") else "RGB")
    upright.info.pop("exif", None)
    out = BytesIO()
    upright.save(out, name, quality=88)
    return ContentFile(out.getvalue()), upright.width, upright.height
