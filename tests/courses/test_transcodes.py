"""Recordings made playable: two sizes, never larger, once; what is no film says so. Real ffmpeg, real S3 server."""

import multiprocessing
import os
import shutil
import signal
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from courses import ffmpeg
from courses.flows import add_media, run_transcode, submit_homework, sweep_transcodes, transcode
from courses.flows.transcode import MOST_TRIES
from courses.models import Assignment, Media, Transcode
from kit.storage import PrivateStorage
from kit.storage import client as s3
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course
from tests.films import made, turned

pytestmark = pytest.mark.django_db
flow = import_module("courses.flows.transcode")  # the package has a function of that name
WEBM = ("-c:v", "libvpx", "-c:a", "libopus", "-deadline", "realtime")


def upload(course: Any, path: Path) -> Media:
    return add_media(course=course, file=SimpleUploadedFile(path.name, path.read_bytes()), title="Strings")


def work(item: Any) -> Transcode:
    row = Transcode.objects.get(source=item.key)
    run_transcode(transcode_id=row.pk)
    row.refresh_from_db()
    item.refresh_from_db()
    return row


def stored(row: Transcode) -> dict[str, Any]:
    found = s3().list_objects_v2(Bucket=settings.S3_PRIVATE_BUCKET, Prefix=row.folder + "/").get("Contents", [])
    return {one["Key"].rsplit("/", 1)[1]: one["LastModified"] for one in found}


def shape(row: Transcode, name: str, folder: Path) -> tuple[int, int]:
    path = folder / "fetched"
    with path.open("wb") as copy:
        PrivateStorage().fetch(f"{row.folder}/{name}", copy)
    found = ffmpeg.probe(path, "video/mp4", beat=lambda: None)
    return found.width, found.height


@pytest.fixture
def course(teacher: Any) -> Any:
    return make_course(lessons=1)


def test_a_film_comes_in_two_sizes_with_poster_length_and_a_plain_piece(course: Any, tmp_path: Path) -> None:
    item = upload(course, made(tmp_path / "a.mp4", size="1920x1080", seconds=8))
    row = work(item)
    assert row.state == "ready", row.message
    assert [(one["width"], one["height"]) for one in row.sizes] == [(640, 360), (1280, 720)]
    assert [len(one["segments"]) for one in row.sizes] == [2, 2]
    assert row.seconds == pytest.approx(8, abs=0.3)
    assert set(stored(row)) == {"poster.jpg", "plain.mp4", *(f"{n}_0000{i}.ts" for n in ("low", "high") for i in (0, 1))}
    assert shape(row, "plain.mp4", tmp_path) == (1280, 720)
    assert (item.playable, item.seconds) == ("film", row.seconds)
    assert PrivateStorage().exists(item.key)


@pytest.mark.parametrize(
    ("size", "sizes"),
    [("320x240", [(320, 240)]), ("640x480", [(480, 360), (640, 480)]), ("480x854", [(360, 640), (480, 854)])],
)
def test_a_small_or_upright_film_is_never_made_larger(course: Any, tmp_path: Path, size: str, sizes: Any) -> None:
    row = work(upload(course, made(tmp_path / "a.mp4", size=size)))
    assert [(one["width"], one["height"]) for one in row.sizes] == sizes
    assert shape(row, "plain.mp4", tmp_path) == sizes[-1]


def test_a_film_of_a_turned_phone_stands_upright(course: Any, tmp_path: Path) -> None:
    flat = made(tmp_path / "flat.mp4", size="640x360")
    row = work(upload(course, turned(flat, tmp_path / "a.mov")))
    assert [(one["width"], one["height"]) for one in row.sizes] == [(360, 640)]
    assert shape(row, "plain.mp4", tmp_path) == (360, 640)


@pytest.mark.parametrize(
    ("name", "extra"),
    [("a.mp3", ()), ("a.wav", ()), ("a.ogg", ("-c:a", "libvorbis", "-ac", "2")), ("a.m4a", ()), ("a.webm", ("-c:a", "libopus"))],
)
def test_a_sound_becomes_one_piece_that_every_phone_plays(course: Any, tmp_path: Path, name: str, extra: Any) -> None:
    item = upload(course, made(tmp_path / name, extra=extra))
    row = work(item)
    assert (row.state, row.sizes, item.playable) == ("ready", [], "sound"), row.message
    assert set(stored(row)) == {"plain.m4a"}


def test_a_silent_film_of_android_plays(course: Any, tmp_path: Path) -> None:
    row = work(upload(course, made(tmp_path / "a.webm", size="320x240", sound=False, extra=WEBM)))
    assert row.state == "ready", row.message


HOSTILE = {
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "text": b"not a film at all " * 50,
    "empty": b"",
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_what_only_says_that_it_is_a_film_is_told_so(course: Any, kind: str, tmp_path: Path) -> None:
    """Behind a film's first bytes, as far as our own look at them goes, and by itself."""
    for head in (b"", b"\x00\x00\x00\x18ftypisom"):
        key = PrivateStorage().save(f"courses/{course.pk}/{kind}{len(head)}.mp4", SimpleUploadedFile("a", head + HOSTILE[kind]))
        item = Media.objects.create(
            course=course, kind="video", title="Bad", key=key, content_type="video/mp4", size=1, created_at=course.created_at
        )
        transcode(source=key, content_type="video/mp4", course=course, owner=course.teacher)
        row = work(item)
        assert (row.state, item.playable) == ("failed", "")
        assert row.message
        assert stored(row) == {}
    assert Notice.objects.filter(user=course.teacher, key=f"transcode:{row.pk}").count() == 1


def test_only_files_are_read_and_only_as_what_we_saw(tmp_path: Path) -> None:
    """The same playlist, given to ffmpeg as it would guess by itself, reads the other file: the control."""
    sound = made(tmp_path / "secret.mp3")
    (tmp_path / "film").write_text(f"ffconcat version 1.0\nfile '{sound}'\n")
    with pytest.raises(ffmpeg.CannotPlay):
        ffmpeg.probe(tmp_path / "film", "video/mp4", beat=lambda: None)
    guessed = ffmpeg._run(
        "ffprobe", ["-safe", "0", "-f", "concat", "-i", str(tmp_path / "film"), "-show_streams"], beat=lambda: None
    )
    assert "codec_type=audio" in guessed


def test_a_film_without_measure_is_refused(course: Any, tmp_path: Path, settings: Any) -> None:
    wide = work(upload(course, made(tmp_path / "a.webm", size="9000x16", sound=False, seconds=1, extra=WEBM)))
    settings.MEDIA_MAX_SECONDS = 1
    long = work(upload(course, made(tmp_path / "a.mp3", seconds=3)))
    assert (wide.state, long.state) == ("failed", "failed")
    assert wide.message != long.message


def test_what_says_no_length_ends_at_the_limit(course: Any, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_MAX_SECONDS = 2
    live = ("-c:a", "libopus", "-f", "webm", "-live", "1")
    row = work(upload(course, made(tmp_path / "a.webm", seconds=6, extra=live)))
    assert row.state == "ready", row.message
    assert row.seconds == pytest.approx(2, abs=0.3)


def test_the_teacher_is_told_once_and_it_is_done_once(course: Any, tmp_path: Path) -> None:
    item = upload(course, made(tmp_path / "a.mp3"))
    row = work(item)
    first = stored(row)
    time.sleep(1.1)
    again = work(item)
    assert (again.tries, stored(again)) == (1, first)
    assert Notice.objects.filter(user=course.teacher, key=f"transcode:{row.pk}").count() == 1


def test_without_ffmpeg_it_waits(course: Any, tmp_path: Path, settings: Any) -> None:
    item = upload(course, made(tmp_path / "a.mp3"))
    settings.FFMPEG = "/nowhere/ffmpeg"
    assert (work(item).state, item.playable) == ("queued", "")
    settings.FFMPEG = ""
    assert work(item).state == "ready"


def test_a_file_that_kills_its_workers_fails_at_last(course: Any, tmp_path: Path) -> None:
    item = upload(course, made(tmp_path / "a.mp3"))
    Transcode.objects.filter(source=item.key).update(tries=MOST_TRIES)
    row = work(item)
    assert (row.state, item.playable) == ("failed", "")


def test_who_lost_the_lease_ends_nothing(course: Any, tmp_path: Path, clock: Any) -> None:
    """Control of the fence: without the count of claims the first worker would end the second one's work."""
    from courses.flows.transcode import LostLease, _claim, _end, _renew

    item = upload(course, made(tmp_path / "a.mp3"))
    pk = Transcode.objects.get(source=item.key).pk
    first = _claim(pk)
    assert first is not None
    assert _claim(pk) is None
    clock.advance(minutes=5)
    second = _claim(pk)
    assert second is not None
    for ending in (lambda: _end(first, "failed", message="x"), lambda: _renew(first)):
        with pytest.raises(LostLease):
            ending()
    _renew(second)
    assert Transcode.objects.get(pk=pk).state == "working"


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_recording_erased_while_it_is_worked_on_leaves_nothing_behind(
    course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_well: bool
) -> None:
    """The row goes at the last moment, when all is stored, or when the file has turned out to be damaged."""
    item = upload(course, made(tmp_path / "a.mp3") if ends_well else turned_bad(tmp_path))
    row = Transcode.objects.get(source=item.key)
    honest = flow._end

    def late(held: Transcode, state: Any, **values: Any) -> None:
        Transcode.objects.filter(pk=held.pk).delete()
        honest(held, state, **values)

    monkeypatch.setattr(flow, "_end", late)
    run_transcode(transcode_id=row.pk)
    assert stored(row) == {}
    assert not Transcode.objects.exists()


def turned_bad(folder: Path) -> Path:
    path = folder / "bad.mp3"
    path.write_bytes(made(folder / "good.mp3").read_bytes()[:40])
    return path


def _in_child(pk: int) -> None:
    s3.cache_clear()
    run_transcode(transcode_id=pk)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_work_that_is_done_again_and_ends_once(
    teacher: Any, tmp_path: Path, settings: Any, clock: Any
) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "ffmpeg").write_text("#!/bin/sh\nexec sleep 60\n")
    (bin_folder / "ffmpeg").chmod(0o755)
    (bin_folder / "ffprobe").symlink_to(str(shutil.which("ffprobe")))
    settings.FFMPEG = "/nowhere/ffmpeg"  # Celery is eager here: what uploading queues finds nothing to do
    item = upload(make_course(lessons=1), made(tmp_path / "a.mp3"))
    row = Transcode.objects.get(source=item.key)
    settings.FFMPEG = str(bin_folder / "ffmpeg")
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_in_child, args=(row.pk,))
    child.start()
    ends = time.monotonic() + 30
    while Transcode.objects.get(pk=row.pk).state != "working" and time.monotonic() < ends:
        time.sleep(0.1)
    time.sleep(0.5)
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    settings.FFMPEG = ""
    assert work(item).state == "working"  # the lease still runs
    clock.advance(minutes=3)
    sweep_transcodes()
    sweep_transcodes()
    row.refresh_from_db()
    item.refresh_from_db()
    assert (row.state, row.tries, item.playable) == ("ready", 2, "sound")
    assert Notice.objects.filter(key=f"transcode:{row.pk}").count() == 1


def test_homework_recorded_by_android_is_handed_out_for_the_iphone(
    teacher: Any, student: Any, tmp_path: Path, client_of: Any
) -> None:
    cohort = make_cohort(course=make_course(lessons=1))
    seat = enrol(student, cohort)
    task = Assignment.objects.filter(lesson__course=cohort.course).first()
    task = task or Assignment.objects.create(lesson=cohort.course.lessons.get(), prompt="Play it")
    sent = made(tmp_path / "a.webm", extra=("-c:a", "libopus"))
    handed = submit_homework(enrolment=seat, assignment=task, file=SimpleUploadedFile("a.webm", sent.read_bytes()))
    path = f"/homework/{handed.pk}/file/"
    before = client_of(teacher).get(path).headers["Location"]
    run_transcode(transcode_id=Transcode.objects.get(source=handed.key).pk)
    after = client_of(teacher).get(path).headers["Location"]
    assert f"{handed.key}?" in before
    assert "/plain.m4a?" in after
