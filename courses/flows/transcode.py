"""Recordings are made playable by a worker: queued → working → ready or failed, once, whatever is killed meanwhile.

A worker claims the row with a lease and renews it while ffmpeg runs. Where it dies, the lease runs out and the sweep has
the work done again: the same keys are written anew, and whoever lost the lease can no longer end the work.
"""

import logging
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses import ffmpeg
from courses.ffmpeg import CannotPlay
from courses.files import kind_of
from courses.models import Course, Media, Transcode
from courses.reads.playlists import size_of
from kit.clock import now
from kit.locks import lock_rows
from kit.storage import PrivateStorage, StorageFault
from notices.flows import Words, notify

logger = logging.getLogger(__name__)
State = Transcode.State
LEASE = timedelta(seconds=90)
MOST_TRIES = 5
PATIENCE = timedelta(seconds=60)  # the queue's own time, before the sweep looks after a row


class LostLease(Exception):
    """Another worker has this work by now."""


def transcode(*, source: str, content_type: str, course: Course | None = None, owner: Any = None) -> Transcode | None:
    """Have the recording under this key made playable; None for what is neither film nor sound. Once per key.

    `owner` is told, in the course's back office, what came of it; without one nobody is.
    """
    if content_type not in ffmpeg.DEMUXERS:
        return None
    values = {"content_type": content_type, "course": course, "owner": owner, "created_at": now()}
    folder = f"played/{source.rsplit('.', 1)[0]}"
    with transaction.atomic():
        row, created = Transcode.objects.get_or_create(source=source, defaults={**values, "folder": folder})
        if created:
            transaction.on_commit(lambda: _queue(row.pk))
    return row


def sweep_transcodes() -> None:
    """Queue again what lies about: its message was lost, or its worker died."""
    moment = now()
    waiting = Q(state=State.QUEUED, created_at__lt=moment - PATIENCE)
    for pk in Transcode.objects.filter(waiting | Q(state=State.WORKING, leased_until__lt=moment)).values_list("pk", flat=True)[
        :50
    ]:
        _queue(pk)


def run_transcode(*, transcode_id: int) -> None:
    """Do the work unless somebody has it. A missing ffmpeg leaves it waiting, and so does storage that does not answer."""
    if ffmpeg.find("ffmpeg") is None or ffmpeg.find("ffprobe") is None:
        logger.warning("ffmpeg is not installed (apt-get install ffmpeg): recordings are played as they were sent")
        return
    row = _claim(transcode_id)
    if row is None:
        return
    try:
        with translation.override(_language(row)):
            _work(row)
    except LostLease:
        logger.warning("another worker has this transcode, or it was erased", extra={"transcode": row.pk})
        if not Transcode.objects.filter(pk=row.pk).exists():
            PrivateStorage().delete_folder(row.folder)
    except StorageFault:
        _give_back(row)


def erase_transcode(*, source: str) -> None:
    """What was made of this recording goes with it. A worker that is at it stops, and takes away what it had stored."""
    for row in Transcode.objects.filter(source=source):
        row.delete()
        PrivateStorage().delete_folder(row.folder)


def _work(row: Transcode) -> None:
    """After too many tries it has failed: a file must not kill workers for ever. Raises LostLease, StorageFault."""
    if row.tries > MOST_TRIES:
        _end(row, State.FAILED, message=_("The recording could not be prepared. Try another format, such as MP4."))
        return
    try:
        with tempfile.TemporaryDirectory(prefix="transcode-") as name:
            result = _made(row, Path(name))
    except CannotPlay as error:
        _end(row, State.FAILED, message=str(error)[:300])
    else:
        _end(row, State.READY, **result)


def _claim(pk: int) -> Transcode | None:
    """The row with a new lease, if it is free."""
    with transaction.atomic():
        row = lock_rows(Transcode.objects.all(), [pk]).get(pk)
        if row is None or not (row.state == State.QUEUED or (row.state == State.WORKING and row.leased_until < now())):  # type: ignore[operator]
            return None
        row.tries += 1
        row.state, row.leased_until = State.WORKING, now() + LEASE
        row.save(update_fields=["tries", "state", "leased_until"])
    return row


def _renew(row: Transcode) -> None:
    mine = Transcode.objects.filter(pk=row.pk, state=State.WORKING, tries=row.tries)
    if not mine.update(leased_until=now() + LEASE):
        raise LostLease


def _made(row: Transcode, folder: Path) -> dict[str, Any]:
    """Make everything and store it under the row's folder; values for the row."""
    storage, source = PrivateStorage(), folder / "source"

    def beat() -> None:
        _renew(row)

    with source.open("wb") as copy:
        storage.fetch(row.source, copy)
    with source.open("rb") as sent:
        kind = kind_of(sent.read(64))
    content_type = kind.content_type if kind else ""
    found = ffmpeg.probe(source, content_type, beat=beat)
    out = folder / "out"
    out.mkdir()
    sizes = _film(source, content_type, found, out, beat) if found.has_film else _sound(source, content_type, out, beat)
    seconds = ffmpeg.seconds_of(next(out.glob("plain.*")), beat=beat)
    for file in sorted(out.iterdir()):
        if file.suffix == ".m3u8":
            continue
        beat()
        with file.open("rb") as body:
            storage.save(f"{row.folder}/{file.name}", body)
    return {"is_film": found.has_film, "seconds": round(seconds, 2), "sizes": sizes}


def _film(source: Path, content_type: str, found: ffmpeg.Probe, out: Path, beat: ffmpeg.Beat) -> list[dict[str, Any]]:
    wanted = ffmpeg.sizes_of(found)
    for name, side in wanted.items():
        ffmpeg.write_size(source, content_type, found, name, side, out, beat=beat)
    ffmpeg.write_poster(source, content_type, min(1.0, (found.seconds or 0.0) / 2), out, beat=beat)
    ffmpeg.join_segments(list(wanted)[-1], out, beat=beat)
    return [size_of(name, side, found.width, found.height, out) for name, side in wanted.items()]


def _sound(source: Path, content_type: str, out: Path, beat: ffmpeg.Beat) -> list[dict[str, Any]]:
    ffmpeg.write_sound(source, content_type, out, beat=beat)
    return []


def _end(row: Transcode, state: Any, **values: Any) -> None:
    """Ready or failed, by whoever holds the last claim; the course's file learns of it and its owner is told."""
    with transaction.atomic():
        held = lock_rows(Transcode.objects.all(), [row.pk]).get(row.pk)
        if held is None or held.state != State.WORKING or held.tries != row.tries:
            raise LostLease
        for name, value in {**values, "state": state, "leased_until": None, "ended_at": now()}.items():
            setattr(held, name, value)
        held.save()
        if state == State.READY:
            playable = Media.Playable.FILM if held.is_film else Media.Playable.SOUND
            Media.objects.filter(key=held.source).update(playable=playable, seconds=held.seconds)
        _tell_owner(held)


def _give_back(row: Transcode) -> None:
    """Storage does not answer: no fault of the file. The sweep tries again."""
    mine = Transcode.objects.filter(pk=row.pk, state=State.WORKING, tries=row.tries)
    mine.update(state=State.QUEUED, leased_until=None, tries=row.tries - 1)


def _tell_owner(row: Transcode) -> None:
    item = Media.objects.filter(key=row.source).first()
    if row.owner is None or item is None:
        return
    ready = Words(gettext_noop("“%(title)s” is ready to play"), "", {"title": item.title})
    failed = Words(gettext_noop("“%(title)s” cannot be played"), "%(reason)s", {"title": item.title, "reason": row.message})
    words = ready if row.state == State.READY else failed
    notify(
        user=row.owner,
        kind="course",
        key=f"transcode:{row.pk}",
        url=f"/admin/snippets/courses/media/edit/{item.pk}/",
        words=words,
    )


def _language(row: Transcode) -> str:
    return (row.owner.language if row.owner else "") or settings.LANGUAGE_CODE


def _queue(pk: int) -> None:
    from courses.tasks import run_transcode as task  # tasks import the flows

    try:
        task.apply_async(args=[pk], retry=False)
    except Exception:
        logger.warning("broker unreachable, transcode left to the sweep", extra={"transcode": pk})
