"""Documents that applicants show: checked by content, kept in the private bucket until the decision, never longer."""

import warnings
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from community.errors import NotSound, TooLarge

FORMATS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def checked(file: Any) -> tuple[File, str]:
    """(what is stored, its extension): a PDF as it is, a picture encoded again. Raises TooLarge or NotSound.

    Encoding again leaves behind where a picture was taken and whatever was hidden in it. A PDF is only ever offered as a
    download from storage's own host.
    """
    if file.size > settings.PROOF_MAX_BYTES:
        raise TooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": settings.PROOF_MAX_BYTES // 1024**2})
    file.seek(0)
    if file.read(5) == b"%PDF-":
        file.seek(0)
        return file, ".pdf"
    return _picture(file)


def _picture(file: Any) -> tuple[File, str]:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow only warns below twice its limit
            picture = Image.open(file, formats=list(FORMATS))
        if picture.width * picture.height > settings.PROOF_MAX_PIXELS:
            raise NotSound(_("The picture has too many pixels."))
        kind = picture.format or ""
        upright = ImageOps.exif_transpose(picture)
        out = BytesIO()
        upright.save(out, kind, quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *BOMBS) as error:
        raise NotSound(_("A picture (JPEG, PNG, WebP) or a PDF, please.")) from error
    return ContentFile(out.getvalue()), FORMATS[kind]
