"""Portraits and pictures of works that people upload: looked at before they are opened, then made small."""

import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kit.files import FORMATS, MAX_PIXELS, PHONE_PICTURES

MAX_BYTES = 8 * 1024 * 1024
SIDE, LONGEST = 512, 1600


class BadPortrait(ValueError):
    """With words for the person who uploaded it."""


def small_portrait(upload: UploadedFile) -> ContentFile:
    """A square WebP of 512 px without metadata. Raises BadPortrait."""
    return _webp(ImageOps.fit(_opened(upload), (SIDE, SIDE)), "portrait.webp")


def work_picture(upload: UploadedFile) -> ContentFile:
    """A WebP of at most 1600 px a side without metadata. Raises BadPortrait."""
    picture = _opened(upload)
    picture.thumbnail((LONGEST, LONGEST))
    return _webp(picture, "work.webp")


def _opened(upload: UploadedFile) -> Image.Image:
    """The picture upright, in RGB; its size is read from the header, before decoding."""
    if (upload.size or 0) > MAX_BYTES:
        raise BadPortrait(_("The picture is too large: 8 MB at most."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=(*FORMATS, *PHONE_PICTURES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise BadPortrait(_("The picture has too many pixels."))
                return ImageOps.exif_transpose(picture).convert("RGB")
    except BadPortrait:
        raise
    except Exception as error:  # Pillow raises many kinds for broken files
        raise BadPortrait(_("This file is no picture that we can read: use JPEG, PNG or WebP.")) from error


def _webp(picture: Image.Image, name: str) -> ContentFile:
    out = BytesIO()
    picture.save(out, "WEBP", quality=85)
    return ContentFile(out.getvalue(), name=name)
