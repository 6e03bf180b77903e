"""Large films go from the browser straight into storage, in parts; a broken upload goes on where it stopped."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.files import FileRefused, FileTooLarge, Kind, Stored, kind_of
from courses.flows.media import add_stored
from courses.models import Course, Media, MediaUpload
from kit import multipart
from kit.clock import now
from kit.locks import lock_rows
from kit.multipart import UploadLost
from kit.storage import PrivateStorage, new_key
from kit.text import strip_controls

MEGABYTE = 1024**2
SMALLEST_PART = 8 * MEGABYTE
MOST_PARTS = 900
MOST_OPEN = 5
KEPT = timedelta(hours=24)
HEAD = 64


class TooManyUploads(Exception):
    """The person has as many unfinished uploads as one may (answer 429)."""


class UploadIncomplete(Exception):
    """Parts are missing or of another length than announced."""


def begin_upload(*, owner: Any, course: Course, title: str, mark: str, size: int, head: bytes) -> MediaUpload:
    """A new upload, or the unfinished one of this very file. `head`: its first 64 bytes, so that what is no film is
    refused before it travels (and is looked at again when it has arrived). Raises FileRefused, FileTooLarge, TooManyUploads.
    """
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": settings.UPLOAD_MAX_BYTES // MEGABYTE})
    kind = _film_or_sound(head)
    MediaUpload.objects.filter(owner=owner, course=course, mark=mark, media__isnull=False).delete()
    open_uploads = MediaUpload.objects.filter(owner=owner, media=None)
    known = open_uploads.filter(course=course, mark=mark, size=size).first()
    if known is not None:
        return known
    if open_uploads.count() >= MOST_OPEN:
        raise TooManyUploads
    key = new_key(f"courses/{course.pk}", f"x{kind.suffix}")
    upload_id = multipart.begin(key, kind.content_type)
    values = {"title": strip_controls(title).strip()[:160], "size": size, "part_size": _part_size(size)}
    try:
        with transaction.atomic():
            return MediaUpload.objects.create(
                owner=owner, course=course, mark=mark, key=key, upload_id=upload_id, touched_at=now(), **values
            )
    except IntegrityError:  # a second tab was faster
        multipart.abort(key, upload_id)
        return MediaUpload.objects.get(owner=owner, course=course, mark=mark)


def sent_parts(*, upload: MediaUpload) -> list[int]:
    """Numbers of the parts that have arrived whole. Raises UploadLost after forgetting an upload that storage forgot."""
    try:
        arrived = multipart.parts(upload.key, upload.upload_id)
    except UploadLost:
        if not _is_whole(upload):
            upload.delete()
            raise
        return list(range(1, upload.parts + 1))
    return [one.number for one in arrived if one.size == _length(upload, one.number)]


def sign_part(*, upload: MediaUpload, number: int) -> str:
    """Where the browser may put this part. Raises ValueError for a part that the file does not have."""
    if not 1 <= number <= upload.parts:
        raise ValueError(number)
    MediaUpload.objects.filter(pk=upload.pk).update(touched_at=now())
    return multipart.part_address(upload.key, upload.upload_id, number, _length(upload, number))


def finish_upload(*, upload: MediaUpload) -> Media:
    """Put the parts together and look at what came. Raises UploadIncomplete, UploadLost, or FileRefused where it is
    neither film nor sound: then nothing of it stays. Repeated, also after a crash, it ends the same.
    """
    with transaction.atomic():
        row = lock_rows(MediaUpload.objects.all(), [upload.pk]).get(upload.pk)
        if row is None:
            raise UploadLost
        if row.media is not None:
            return row.media
        try:
            _join(row)
            kind = _film_or_sound(multipart.first_bytes(row.key, HEAD))
        except (UploadLost, FileRefused) as error:
            refusal: Exception = error
        else:
            stored = Stored(kind.kind, row.key, kind.content_type, row.size)
            row.media = add_stored(course=row.course, stored=stored, title=row.title)
            row.save(update_fields=["media"])
            return row.media
        row.delete()
    if isinstance(refusal, FileRefused):
        PrivateStorage().delete(upload.key)
    raise refusal


def abort_upload(*, upload: MediaUpload) -> None:
    """Give up: storage forgets the parts."""
    with transaction.atomic():
        row = lock_rows(MediaUpload.objects.all(), [upload.pk]).get(upload.pk)
        if row is not None:
            multipart.abort(row.key, row.upload_id)
            row.delete()


def sweep_uploads() -> None:
    """What nobody has gone on with for a day is given up."""
    for upload in MediaUpload.objects.filter(touched_at__lt=now() - KEPT)[:100]:
        abort_upload(upload=upload)


def _join(row: MediaUpload) -> None:
    try:
        arrived = multipart.parts(row.key, row.upload_id)
        if [(one.number, one.size) for one in arrived] != [(n, _length(row, n)) for n in range(1, row.parts + 1)]:
            raise UploadIncomplete
        multipart.complete(row.key, row.upload_id, arrived)
    except UploadLost:
        if not _is_whole(row):  # else we had joined it and were killed before saying so
            raise


def _is_whole(upload: MediaUpload) -> bool:
    storage = PrivateStorage()
    return storage.exists(upload.key) and storage.size(upload.key) == upload.size


def _film_or_sound(head: bytes) -> Kind:
    kind = kind_of(head[:HEAD])
    if kind is None or kind.kind not in (Media.Kind.AUDIO, Media.Kind.VIDEO):
        raise FileRefused(_("This is neither a film nor a recording. We take MP4, MOV, WebM, MP3, M4A, WAV, OGG and FLAC."))
    return kind


def _part_size(size: int) -> int:
    wanted = -(-size // MOST_PARTS)
    return max(SMALLEST_PART, -(-wanted // MEGABYTE) * MEGABYTE)


def _length(upload: MediaUpload, number: int) -> int:
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)
