"""/account/ and /people/<handle>/."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Address, User
from kit.models import Picture
from tests.factories import make_user

SignIn = Callable[[User], Client]


def profile_of(person: User, **changes: Any) -> dict[str, Any]:
    fields = {"name": person.name, "language": "en", "time_zone": "Asia/Taipei", "handle": person.profile.handle, "bio": ""}
    return {**fields, **changes}


def picture(side: int = 900, kind: str = "JPEG") -> SimpleUploadedFile:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (side, side // 2), "red").save(out, kind, exif=exif)
    return SimpleUploadedFile("me.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["", "addresses/", "addresses/new/", "privacy/", "confirm/"])
def test_strangers_are_asked_to_sign_in(part: str) -> None:
    assert Client().get(f"/account/{part}").url == f"/accounts/login/?next=/account/{part}"


def test_a_profile_is_saved_and_made_public(student: User, client_of: SignIn) -> None:
    client = client_of(student)
    fields = profile_of(student, name="小晨", time_zone="Europe/Berlin", handle="Xiao-Chen", bio="Plays at night", is_public="on")
    assert client.post("/account/", fields).status_code == 302
    student.refresh_from_db()
    assert (student.name, student.language, student.time_zone, student.profile.handle) == (
        "小晨",
        "en",
        "Europe/Berlin",
        "xiao-chen",
    )
    page = Client().get("/people/xiao-chen/")
    assert page.status_code == 200
    assert "Plays at night" in page.content.decode()
    assert student.email not in page.content.decode()


def test_a_private_page_is_the_same_404_as_a_missing_one_but_its_owner_sees_it(
    student: User, visitor: User, client_of: SignIn
) -> None:
    path = f"/people/{student.profile.handle}/"
    hidden, missing = client_of(visitor).get(path), client_of(visitor).get("/people/nobody-here/")
    assert hidden.status_code == missing.status_code == 404
    assert Client().get(path).status_code == 404
    assert client_of(student).get(path).status_code == 200


def test_another_persons_handle_is_refused(student: User, visitor: User, client_of: SignIn) -> None:
    answer = client_of(student).post("/account/", profile_of(student, handle=visitor.profile.handle.upper()))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("language", "tlh"), ("handle", "../etc"), ("handle", "a")]
)
def test_what_is_no_zone_language_or_handle_is_refused(field: str, value: str, student: User, client_of: SignIn) -> None:
    assert client_of(student).post("/account/", profile_of(student, **{field: value})).status_code == 422


def test_nobody_gives_themselves_a_role_or_another_address_by_a_form_field(student: User, client_of: SignIn) -> None:
    client_of(student).post("/account/", profile_of(student, is_staff="on", is_superuser="on", email="owner@demo.test", user="1"))
    student.refresh_from_db()
    assert (student.is_staff, student.is_superuser, student.email) == (False, False, "student@demo.test")


def test_names_and_words_run_no_script(student: User, client_of: SignIn) -> None:
    evil = "<script>alert(1)</script>"
    client_of(student).post("/account/", profile_of(student, name=evil, bio=evil, is_public="on"))
    for response in (Client().get(f"/people/{student.profile.handle}/"), client_of(student).get("/account/")):
        assert evil not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()


def test_a_portrait_becomes_a_small_square_without_metadata_and_the_old_one_goes(student: User, client_of: SignIn) -> None:
    client = client_of(student)
    assert client.post("/account/", profile_of(student, portrait=picture())).status_code == 302
    first = User.objects.get(pk=student.pk).profile.portrait
    assert (first.width, first.height) == (512, 512)
    with first.file.open() as stored:
        assert not Image.open(stored).getexif()
    client.post("/account/", profile_of(student, portrait=picture(300)))
    assert not Picture.objects.filter(pk=first.pk).exists()
    client.post("/account/", profile_of(student, without_portrait="on"))
    assert User.objects.get(pk=student.pk).profile.portrait is None


@pytest.mark.parametrize("data", [b"no picture at all", b"<svg onload='alert(1)'/>", b""], ids=["text", "svg", "empty"])
def test_what_is_no_picture_is_refused_in_words(data: bytes, student: User, client_of: SignIn) -> None:
    upload = SimpleUploadedFile("me.png", data, "image/png")
    assert client_of(student).post("/account/", profile_of(student, portrait=upload)).status_code == 422
    assert not Picture.objects.exists()


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(student: User, client_of: SignIn) -> None:
    out = BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    upload = SimpleUploadedFile("bomb.png", out.getvalue(), "image/png")
    assert client_of(student).post("/account/", profile_of(student, portrait=upload)).status_code == 422


AREA = {"country": "TW", "region": "台北市"}
HOME = {"name": "陳小晨", "phone": "0912345678", **AREA, "city": "大安區", "street": "和平東路一段1號"}


def test_addresses_are_added_chosen_and_deleted(student: User, client_of: SignIn) -> None:
    client = client_of(student)
    assert client.post("/account/addresses/new/", HOME).status_code == 302
    assert client.post("/account/addresses/new/", {**HOME, "street": "和平東路一段2號"}).status_code == 302
    first, second = Address.objects.filter(user=student).order_by("pk")
    assert (first.is_default, second.is_default, first.postal_code) == (True, False, "106")
    client.post(f"/account/addresses/{second.pk}/default/")
    assert list(Address.objects.filter(user=student, is_default=True)) == [second]
    client.post(f"/account/addresses/{second.pk}/delete/")
    assert list(Address.objects.filter(user=student, is_default=True)) == [first]
    assert "和平東路一段1號" in client.get("/account/addresses/").content.decode()


def test_an_address_that_does_not_fit_its_country_is_refused_in_words(student: User, client_of: SignIn) -> None:
    answer = client_of(student).post("/account/addresses/new/", {**HOME, "city": "朝陽區"})
    assert answer.status_code == 422
    assert not Address.objects.exists()


def test_the_fields_follow_from_country_and_area_with_and_without_script(student: User, client_of: SignIn) -> None:
    client = client_of(student)
    part = client.get("/account/addresses/areas/?country=TW&region=台北市").content.decode()
    assert "大安區" in part
    assert "<html" not in part
    assert "大安區" in client.post("/account/addresses/new/", {"turn": "yes", **AREA}).content.decode()


@pytest.mark.parametrize("action", ["default", "delete"])
def test_another_persons_address_is_the_same_404_as_a_missing_one(
    action: str, student: User, visitor: User, client_of: SignIn
) -> None:
    client_of(student).post("/account/addresses/new/", HOME)
    row = Address.objects.get()
    client = client_of(visitor)
    hidden, missing = (
        client.post(f"/account/addresses/{row.pk}/{action}/"),
        client.post(f"/account/addresses/{row.pk + 99}/{action}/"),
    )
    assert hidden.status_code == missing.status_code == 404
    assert Address.objects.filter(pk=row.pk, is_default=True).exists()


def test_a_get_changes_nothing(student: User, client_of: SignIn) -> None:
    client_of(student).post("/account/addresses/new/", HOME)
    row = Address.objects.get()
    assert client_of(student).get(f"/account/addresses/{row.pk}/delete/").status_code == 405


def test_an_account_without_a_profile_gets_one_on_the_way(db: None, client_of: SignIn) -> None:
    user = make_user()
    user.profile.delete()
    assert client_of(User.objects.get(pk=user.pk)).get("/account/").status_code == 200
