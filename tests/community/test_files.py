"""Files of posts: what is taken, what is refused and how, who opens them, and when they go. Against the real S3 server."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from community import flows
from community.flows import files as file_flows
from community.models import Attachment, Topic
from kit import outbox, persons, storage
from kit.files import shown_name
from kit.models import OutboxMessage
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **extra: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **extra)
    return out.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes whose header claims any size."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 900)) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"0" * 5_000_000)
    return out.getvalue()


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic(space=make_space(slug="class-1"), title="How")


@pytest.fixture
def browser(topic: Topic, client_of: Callable[[User], Client]) -> Client:
    return client_of(topic.author)


def send(browser: Client, topic: Topic, body: bytes, name: str, *, key: str = "", place: str = "") -> Any:
    values = {"place": place or f"topic:{topic.pk}", "file": SimpleUploadedFile(name, body)}
    return browser.post(f"/en/community/{topic.space.slug}/files/", values, headers={"Idempotency-Key": key} if key else {})


def reply(browser: Client, topic: Topic, **values: Any) -> Any:
    return browser.post(f"/en/community/{topic.space.slug}/{topic.pk}/reply/", {"source": "see", **values})


def stored(key: str) -> bytes:
    return storage.PrivateStorage().open(key).read()


def drain(topic: str) -> None:
    for row in OutboxMessage.objects.filter(topic=topic, done_at=None):
        assert outbox.deliver(message_id=row.pk)


def test_a_picture_is_encoded_again_without_what_the_camera_wrote_and_shown_in_its_place(browser: Client, topic: Topic) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 25.03 N 121.56 E"
    answer = send(browser, topic, picture((3000, 1000), exif=exif) + HTML, "my room.jpg")
    file = Attachment.objects.get()
    assert (answer.status_code, answer.headers["X-File"]) == (200, str(file.pk))
    assert (file.kind, file.content_type, file.width, file.height) == ("image", "image/webp", 2048, 683)
    assert file.key.startswith("posts/")
    assert file.key.endswith(".webp")
    assert "room" not in file.key
    body = stored(file.key)
    assert b"121.56" not in body
    assert b"script" not in body
    reply(browser, topic, source=f"look\n\n![the room](#file-{file.pk})\n\nend", files=[file.pk])
    page = browser.get(topic.path).content.decode()
    address = f"/community/class-1/files/{file.pk}/"
    assert f'<img src="{address}"' in page
    assert page.index(f'<img src="{address}"') < page.index("<p>end</p>")
    assert page.count(f'<img src="{address}"') == 1
    opened = browser.get(address)
    assert (opened.status_code, opened.headers["Cache-Control"]) == (302, "private, no-store")
    assert "Signature=" in opened.headers["Location"]
    assert f"Expires={2 * 60}" in opened.headers["Location"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("a.svg", SVG, 400),
        ("a.png", SVG, 400),
        ("a.html", HTML, 400),
        ("a.jpg", HTML, 400),
        ("a.js", b"alert(1)", 400),
        ("a.xhtml", b"<?xml version='1.0'?><html/>", 400),
        ("a.gif", b"GIF89a/*<script>*/=1;alert(1)", 400),
        ("IMG_1.HEIC", b"\x00\x00\x00\x24ftypheic" + bytes(60), 400),
        ("a.avif", b"\x00\x00\x00\x20ftypavif" + bytes(60), 400),
        ("a.jpg", b"", 400),
        ("a.jpg", b"\xff\xd8\xff broken", 400),
        ("a.png", claimed_png(12_000, 12_000), 400),
        ("a.png", claimed_png(60_000, 60_000), 400),
        ("a.exe", b"MZ" + bytes(80), 400),
        ("a.txt", b"x" * 2000, 413),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    browser: Client, topic: Topic, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str, body: bytes, status: int
) -> None:
    settings.POST_FILE_MAX_BYTES = 1500
    saved: list[str] = []

    def note(_storage: Any, key: str, _content: Any) -> str:
        saved.append(key)
        return key

    monkeypatch.setattr(storage.S3Storage, "_save", note)
    answer = send(browser, topic, body, name)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert len(answer.content.decode()) > 15
    sent_along = browser.post(
        f"/en/community/class-1/{topic.pk}/reply/", {"source": "my words", "upload": SimpleUploadedFile(name, body)}
    )
    assert sent_along.status_code == status
    assert "my words" in sent_along.content.decode()
    assert (saved, Attachment.objects.count(), topic.posts.count()) == ([], 0, 1)


@pytest.mark.parametrize(
    ("name", "body", "kind", "content_type"),
    [
        ("song.mp3", b"ID3" + bytes(80), "audio", "audio/mpeg"),
        ("polyglot.pdf", b"%PDF-1.7 <script>alert(1)</script>", "file", "application/pdf"),
        ("bomb.zip", zip_bomb(), "file", "application/octet-stream"),
        ("notes.txt", HTML, "file", "application/octet-stream"),
        ("clip.mp4", b"\x00\x00\x00\x18ftypisom" + bytes(60), "video", "video/mp4"),
    ],
)
def test_sound_film_and_documents_are_kept_as_what_their_content_says_and_never_as_a_page(
    browser: Client, topic: Topic, name: str, body: bytes, kind: str, content_type: str
) -> None:
    assert send(browser, topic, body, name).status_code == 200
    file = Attachment.objects.get()
    assert (file.kind, file.content_type, file.name) == (kind, content_type, name)
    assert stored(file.key) == body
    assert file.key.rpartition(".")[2] in {"mp3", "pdf", "bin", "mp4"}
    opened = browser.get(f"/community/class-1/files/{file.pk}/").headers["Location"]
    assert ("response-content-disposition=attachment" in opened) == (kind == "file")


def test_a_picture_too_large_to_show_is_told_in_pixels(browser: Client, topic: Topic) -> None:
    assert "pixels" in send(browser, topic, claimed_png(9000, 8000), "a.png").content.decode()


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_a_phones_picture_becomes_one_that_every_browser_shows(browser: Client, topic: Topic, kind: str) -> None:
    assert send(browser, topic, picture((300, 200), kind), "IMG_1.HEIC").status_code == 200
    file = Attachment.objects.get()
    assert (file.content_type, file.width, file.height) == ("image/webp", 300, 200)
    assert Image.open(BytesIO(stored(file.key))).format == "WEBP"


def test_a_picture_of_fifty_megapixels_is_made_small(browser: Client, topic: Topic) -> None:
    assert send(browser, topic, picture((8192, 6144)), "IMG_2.jpg").status_code == 200
    file = Attachment.objects.get()
    assert (file.width, file.height) == (2048, 1536)


def test_sending_a_file_twice_stores_one(browser: Client, topic: Topic) -> None:
    numbers = {send(browser, topic, picture(), "a.jpg", key="same").headers["X-File"] for _ in range(2)}
    assert (len(numbers), Attachment.objects.count()) == (1, 1)


def test_files_are_counted_a_post_and_an_hour(browser: Client, topic: Topic, settings: Any) -> None:
    settings.POST_FILES_MOST, settings.POST_FILES_PER_HOUR = 2, 3
    for number in range(2):
        assert send(browser, topic, b"hello", f"{number}.txt").status_code == 200
    assert send(browser, topic, b"hello", "3.txt").status_code == 400
    ids = list(Attachment.objects.values_list("pk", flat=True))
    assert reply(browser, topic, files=ids).status_code == 302
    assert send(browser, topic, b"hello", "4.txt").status_code == 200
    late = send(browser, topic, b"hello", "5.txt")
    assert (late.status_code, int(late.headers["Retry-After"]) > 0) == (429, True)


def test_without_script_a_file_comes_with_the_form_and_only_what_is_ticked_goes_along(browser: Client, topic: Topic) -> None:
    send(browser, topic, b"old", "old.txt")
    old = Attachment.objects.get()
    assert f'value="{old.pk}" checked' in browser.get(topic.path).content.decode()
    reply(browser, topic, seen=[old.pk], upload=SimpleUploadedFile("new.txt", b"new"))
    assert [(file.name, file.post and file.post.no) for file in Attachment.objects.all()] == [("new.txt", 2)]
    drain(file_flows.ERASED)
    assert not storage.PrivateStorage().exists(old.key)


def test_nobody_sends_the_file_of_another_or_one_that_is_in_a_post_already(
    browser: Client, topic: Topic, client_of: Callable[[User], Client]
) -> None:
    other = make_user()
    flows.join(user=other, space=topic.space)
    send(browser, topic, b"mine", "mine.txt")
    file = Attachment.objects.get()
    reply(client_of(other), topic, files=[file.pk])
    file.refresh_from_db()
    assert file.post is None
    reply(browser, topic, files=[file.pk], key="a")
    reply(browser, topic, files=[file.pk], key="b")
    file.refresh_from_db()
    assert file.post is not None
    assert file.post.no == 3


def test_who_opens_a_file(topic: Topic, browser: Client, client: Client, client_of: Callable[[User], Client]) -> None:
    member, boss, stranger, elsewhere = make_user(), make_user(), make_user(), make_space(slug="other")
    flows.join(user=member, space=topic.space, source="enrolment:1")
    flows.join(user=boss, space=topic.space, role="moderator")
    flows.join(user=stranger, space=elsewhere, role="owner")
    send(browser, topic, b"secret", "a.txt")
    file = Attachment.objects.get()
    address = f"/community/class-1/files/{file.pk}/"
    status = {who: client_of(person).get(address).status_code for who, person in (("member", member), ("boss", boss))}
    assert (browser.get(address).status_code, status) == (302, {"member": 404, "boss": 404})
    reply(browser, topic, files=[file.pk])
    people = client_of(member), client_of(boss)
    assert [one.get(address).status_code for one in people] == [302, 302]
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).get(address.replace("class-1", "other")).status_code == 404
    assert client.get(address).headers["Location"].startswith("/accounts/login/")
    flows.remove_post(by=boss, post=topic.posts.get(no=2), reason="no")
    assert [one.get(address).status_code for one in people] == [404, 302]
    flows.leave(source="enrolment:1")
    assert people[0].get(address).status_code == 404


def test_a_stranger_and_a_reader_store_nothing(topic: Topic, client_of: Callable[[User], Client]) -> None:
    reader = make_user()
    flows.join(user=reader, space=topic.space, role="reader")
    assert send(client_of(make_user()), topic, b"x", "a.txt").status_code == 404
    assert send(client_of(reader), topic, b"x", "a.txt").status_code == 403
    assert reply(client_of(reader), topic, upload=SimpleUploadedFile("a.txt", b"x")).status_code == 403
    assert send(client_of(topic.author), topic, b"x", "a.txt", place="topic:999999").status_code == 404
    assert Attachment.objects.count() == 0


def test_a_removed_posts_files_are_erased_after_a_while_unless_it_came_back(browser: Client, topic: Topic, clock: Any) -> None:
    boss = make_user()
    flows.join(user=boss, space=topic.space, role="moderator")
    for name in ("a", "b"):
        send(browser, topic, b"x", f"{name}.txt")
        reply(browser, topic, files=[Attachment.objects.get(post=None).pk], key=name)
    gone, back = Attachment.objects.order_by("pk")
    for number in (2, 3):
        flows.remove_post(by=boss, post=topic.posts.get(no=number), reason="no")
    topic.posts.filter(no=3).update(removed_at=None)
    assert not [row for row in outbox.due_message_ids() if OutboxMessage.objects.get(pk=row).topic == file_flows.REMOVED]
    clock.advance(days=31)
    drain(file_flows.REMOVED)
    drain(file_flows.ERASED)
    assert list(Attachment.objects.all()) == [back]
    assert [storage.PrivateStorage().exists(file.key) for file in (gone, back)] == [False, True]


def test_leaving_for_good_takes_the_files_and_forgotten_ones_are_swept(browser: Client, topic: Topic, clock: Any) -> None:
    send(browser, topic, b"x", "sent.txt")
    reply(browser, topic, files=[Attachment.objects.get().pk])
    send(browser, topic, b"x", "drafted.txt")
    flows.keep_draft(owner=topic.author, place=f"topic:{topic.pk}", words=flows.Words("begun"))
    send(browser, topic, b"x", "forgotten.txt", place=f"space:{topic.space_id}")
    clock.advance(days=8)
    flows.sweep_unsent_files()
    assert {file.name for file in Attachment.objects.all()} == {"sent.txt", "drafted.txt"}
    keys = list(Attachment.objects.values_list("key", flat=True))
    persons.erase_everything(topic.author)
    drain(file_flows.ERASED)
    assert (Attachment.objects.count(), [storage.PrivateStorage().exists(key) for key in keys]) == (0, [False, False])


def test_while_storage_is_away_words_go_and_files_say_so(browser: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any) -> str:
        raise EndpointConnectionError(endpoint_url="http://s3")

    monkeypatch.setattr(storage.S3Storage, "_save", down)
    answer = send(browser, topic, b"x", "a.txt")
    assert (answer.status_code, "at the moment" in answer.content.decode()) == (503, True)
    assert reply(browser, topic).status_code == 302
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        ("a\x00b.txt", "ab.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_a_files_name_is_words_and_nothing_else(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown
