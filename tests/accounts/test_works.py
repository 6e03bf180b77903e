"""/account/works/ and what of them stands on /people/<handle>/."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.flows import erase_account
from accounts.flows.privacy import export_account
from accounts.models import Profile, Work
from kit.models import Picture
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/en/account/works/"


def _file(size: tuple[int, int] = (2400, 1200)) -> SimpleUploadedFile:
    out, image = BytesIO(), Image.new("RGB", size, "red")
    exif = image.getexif()
    exif[0x010E] = "Taken at home"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("w.jpg", out.getvalue())


def _public(user: Any) -> str:
    Profile.objects.update_or_create(user=user, defaults={"handle": "lin", "is_public": True})
    return "/en/people/lin/"


def test_a_work_stands_on_ones_public_page_without_metadata(teacher: Any, client_of: Any) -> None:
    page = _public(teacher)
    assert client_of(teacher).post(PAGE, {"title": "<b>Koa</b>", "picture": _file()}).status_code == 302
    work = Work.objects.get(user=teacher)
    with work.picture.file.open("rb") as file:
        picture = Image.open(file)
        assert picture.size == (1600, 800)
        assert not picture.getexif()
    text = Client().get(page).content.decode()
    assert "&lt;b&gt;Koa" in text
    assert "<b>Koa" not in text


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"", b"GIF89a", b"\xff\xd8\xff broken"])
def test_what_is_no_picture_is_refused(teacher: Any, client_of: Any, content: bytes) -> None:
    values = {"title": "x", "picture": SimpleUploadedFile("w.jpg", content)}
    assert client_of(teacher).post(PAGE, values).status_code == 422
    assert not Work.objects.exists()
    assert not Picture.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused(teacher: Any, client_of: Any) -> None:
    assert client_of(teacher).post(PAGE, {"title": "x", "picture": _file((9000, 7000))}).status_code == 422


def test_it_is_removed_with_its_file_by_its_maker_alone(teacher: Any, student: Any, client_of: Any) -> None:
    client_of(teacher).post(PAGE, {"title": "Koa", "picture": _file()})
    work = Work.objects.get()
    assert client_of(student).post(f"{PAGE}{work.pk}/remove/").status_code == 404
    assert Client().post(f"{PAGE}{work.pk}/remove/").status_code == 302
    assert Work.objects.exists()
    client_of(teacher).post(f"{PAGE}{work.pk}/remove/")
    assert not Work.objects.exists()
    assert not Picture.objects.exists()


def test_works_are_in_the_export_and_go_with_the_account(client_of: Any) -> None:
    user = make_user()
    client_of(user).post(PAGE, {"title": "Koa", "picture": _file()})
    assert [row["title"] for row in export_account(user)["works"]] == ["Koa"]
    erase_account(user=user)
    assert not Work.objects.exists()
    assert not Picture.objects.exists()


def test_the_page_asks_the_same_for_one_work_and_for_many(teacher: Any, client_of: Any) -> None:
    page, browser, counts = _public(teacher), client_of(teacher), []
    for more in (1, 5):
        for number in range(more):
            browser.post(PAGE, {"title": f"W{number}", "picture": _file((40, 40))})
        Client().get(page)
        with CaptureQueriesContext(connection) as queries:
            Client().get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]
