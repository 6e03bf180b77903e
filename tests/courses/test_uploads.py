"""Large films straight into storage: signed part by part, going on where they broke off. Against the real S3 server."""

import base64
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from courses.flows import finish_upload, sweep_uploads
from courses.models import Media, MediaUpload, Transcode
from kit import multipart
from kit.storage import client as s3
from tests.factories import make_course, make_user
from tests.films import made

pytestmark = pytest.mark.django_db
BASE = "/admin/courses/upload/"
MEGABYTE = 1024**2


@pytest.fixture
def course(teacher: Any) -> Any:
    return make_course(lessons=1)


@pytest.fixture
def browser(course: Any, client_of: Any) -> Client:
    client: Client = client_of(course.teacher)
    return client


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    """A real film, made three parts long by what players skip (a `free` box, ISO 14496-12)."""
    body = made(tmp_path / "a.mp4", size="320x240").read_bytes()
    free = 20 * MEGABYTE
    return body + free.to_bytes(4, "big") + b"free" + bytes(free - 8)


def begin(browser: Client, course: Any, body: bytes, *, status: int = 200, **changed: Any) -> dict[str, Any]:
    values = {"course": course.pk, "title": "Strings", "mark": "a.mp4|1", "size": len(body)}
    values["head"] = base64.b64encode(body[:64]).decode()
    response = browser.post(BASE + "begin/", {**values, **changed})
    assert response.status_code == status, response.content
    found: dict[str, Any] = response.json()
    return found


def put(address: str, body: bytes) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body, method="PUT"), timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:
        return 400  # it hung up in the middle of a body that is too long


def piece(body: bytes, begun: dict[str, Any], number: int) -> bytes:
    return body[(number - 1) * begun["part_size"] : number * begun["part_size"]]


def send(browser: Client, body: bytes, begun: dict[str, Any], numbers: Any) -> None:
    for number in numbers:
        address = browser.post(f"{BASE}{begun['id']}/part/{number}/").json()["address"]
        assert put(address, piece(body, begun, number)) == 200


def in_storage(course: Any) -> list[str]:
    found = s3().list_objects_v2(Bucket=settings.S3_PRIVATE_BUCKET, Prefix=f"courses/{course.pk}/").get("Contents", [])
    return [row["Key"] for row in found]


def test_a_broken_upload_goes_on_where_it_stopped_and_becomes_a_film(course: Any, browser: Client, film: bytes) -> None:
    begun = begin(browser, course, film)
    assert (begun["parts"], begun["sent"]) == (3, [])
    send(browser, film, begun, [1, 3])
    again = begin(browser, course, film)
    assert (again["id"], again["sent"]) == (begun["id"], [1, 3])
    assert browser.post(f"{BASE}{begun['id']}/finish/").status_code == 409
    send(browser, film, again, [2])
    answers = [browser.post(f"{BASE}{begun['id']}/finish/").json() for _ in range(2)]
    item = Media.objects.get()
    assert answers == [{"next": f"/admin/snippets/courses/media/edit/{item.pk}/"}] * 2
    assert (item.kind, item.size, item.course, item.title) == ("video", len(film), course, "Strings")
    assert s3().get_object(Bucket=settings.S3_PRIVATE_BUCKET, Key=item.key)["Body"].read() == film
    assert Transcode.objects.filter(source=item.key).count() == 1


def test_killed_between_joining_and_saying_so_it_ends_the_same(course: Any, browser: Client, film: bytes) -> None:
    begun = begin(browser, course, film)
    send(browser, film, begun, [1, 2, 3])
    upload = MediaUpload.objects.get()
    multipart.complete(upload.key, upload.upload_id, multipart.parts(upload.key, upload.upload_id))
    assert begin(browser, course, film)["sent"] == [1, 2, 3]
    assert finish_upload(upload=upload) == finish_upload(upload=upload) == Media.objects.get()


def test_an_upload_that_storage_forgot_says_so_and_begins_anew(course: Any, browser: Client, film: bytes) -> None:
    first = begin(browser, course, film)
    upload = MediaUpload.objects.get()
    multipart.abort(upload.key, upload.upload_id)  # as at the restart of the demo's server
    assert "start it again" in browser.post(f"{BASE}{first['id']}/finish/", headers={"Accept-Language": "en"}).json()["error"]
    second = begin(browser, course, film)
    assert second["id"] != first["id"]
    send(browser, film, second, [1, 2, 3])
    assert browser.post(f"{BASE}{second['id']}/finish/").status_code == 200


@pytest.mark.parametrize("text", [b"<html>" * 100, b"%PDF-1.4\n" * 60], ids=["page", "paper"])
def test_what_is_no_film_is_refused_before_and_after_the_journey(text: bytes, course: Any, browser: Client, film: bytes) -> None:
    begin(browser, course, text, status=400)
    assert not MediaUpload.objects.exists()
    begun = begin(browser, course, text, head=base64.b64encode(film[:64]).decode())
    send(browser, text, begun, [1])
    response = browser.post(f"{BASE}{begun['id']}/finish/", headers={"Accept-Language": "en"})
    assert response.status_code == 400
    assert "neither a film" in response.json()["error"]
    assert in_storage(course) == []
    assert not Media.objects.exists()
    assert not MediaUpload.objects.exists()


def test_size_and_number_have_limits(course: Any, browser: Client, film: bytes, settings: Any) -> None:
    for number in range(5):
        begin(browser, course, film, mark=f"{number}")
    response = begin(browser, course, film, status=429, mark="one more")
    assert response["error"]
    settings.UPLOAD_MAX_BYTES = len(film) - 1
    begin(browser, course, film, status=413, mark="x")
    begin(browser, course, film, status=400, size=0)
    begin(browser, course, film, status=400, head="***")


def test_an_address_takes_one_part_of_its_length_only(course: Any, browser: Client, film: bytes) -> None:
    begun = begin(browser, course, film)
    address = browser.post(f"{BASE}{begun['id']}/part/1/").json()["address"]
    body = piece(film, begun, 1)
    assert put(address.replace("partNumber=1", "partNumber=2"), body) in {400, 403}
    assert put(address.replace(".mp4", ".bin"), body) in {400, 403, 404}
    assert put(address, body + b"more") in {400, 403}
    assert put(address, body) == 200
    for number in (0, 4):
        assert browser.post(f"{BASE}{begun['id']}/part/{number}/").status_code == 400


@pytest.mark.parametrize("who", ["anonymous", "visitor", "teacher2"])
def test_strangers_find_no_upload(who: str, course: Any, browser: Client, film: bytes, teacher2: Any, client_of: Any) -> None:
    begun = begin(browser, course, film)
    stranger = Client() if who == "anonymous" else client_of(teacher2 if who == "teacher2" else make_user())
    for path in ("part/1/", "finish/", "stop/"):
        response = stranger.post(f"{BASE}{begun['id']}/{path}")
        assert response.status_code == 404 if who == "teacher2" else response.status_code in {302, 403}
        assert b"X-Amz" not in response.content
    values = {"course": course.pk, "title": "x", "mark": "m", "size": 9, "head": base64.b64encode(film[:64]).decode()}
    assert stranger.post(BASE + "begin/", values).status_code in {302, 400, 403}
    assert MediaUpload.objects.count() == 1


def test_who_no_longer_teaches_signs_no_more_parts(course: Any, browser: Client, film: bytes, teacher2: Any) -> None:
    begun = begin(browser, course, film)
    course.teacher = teacher2
    course.save()
    assert browser.post(f"{BASE}{begun['id']}/part/1/").status_code == 404


def test_given_up_by_hand_or_after_a_day(course: Any, browser: Client, film: bytes, clock: Any) -> None:
    for mark in ("stopped", "left"):
        begun = begin(browser, course, film, mark=mark)
        send(browser, film, begun, [1])
        upload = MediaUpload.objects.get()
        if mark == "stopped":
            browser.post(f"{BASE}{upload.pk}/stop/")
        else:
            clock.advance(hours=23)
            sweep_uploads()
            assert MediaUpload.objects.exists()
            clock.advance(hours=2)
            sweep_uploads()
        assert not MediaUpload.objects.exists()
        with pytest.raises(multipart.UploadLost):
            multipart.parts(upload.key, upload.upload_id)


def test_the_page_may_reach_storage_and_loads_its_script(course: Any, browser: Client, film: bytes, settings: Any) -> None:
    begin(browser, course, film)
    response = browser.get(BASE)
    assert f"connect-src 'self' {settings.S3_ENDPOINT_URL};" in response.headers["Content-Security-Policy"]
    assert b"js/upload" in response.content
    assert b"Strings" in response.content
