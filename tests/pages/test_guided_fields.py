"""What is typed is checked at its field, and nothing of it is lost."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from courses.models import Course, CoursePage
from pages.guided.forms.name import latin
from tests.pages.guided_walk import KIT, NAME, WORDS, Walk, price_values

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("從零基礎到自由彈唱", "cong-ling-ji-chu-dao-zi-you-dan-chang"),
        ("Café & Crème", "cafe-creme"),
        ("ウクレレ", "ukurere"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", ""),
        ("x" * 90, "x" * 50),
    ],
)
def test_any_title_has_an_address_in_latin_letters(title: str, slug: str) -> None:
    assert latin(title) == slug


@pytest.fixture
def walk(teacher: User, client_of: SignIn) -> Walk:
    return Walk(client_of(teacher))


def errors(response: Any) -> list[str]:
    """Names of the fields that are marked."""
    assert response.status_code == 422
    return sorted(response.context["form"].errors)


def picture(form: str = "PNG", name: str = "cover.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, form)
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   \u202e "}, "title"),
        ({"title": "x" * 200}, "title"),
        ({"tagline": "x" * 161}, "tagline"),
        ({"slug": "!!!"}, "slug"),
        ({"language": "tlh"}, "language"),
        ({"cover": SimpleUploadedFile("cover.png", b"<svg onload=alert(1)>")}, "cover"),
        ({"cover": SimpleUploadedFile("cover.svg", b"<svg/>")}, "cover"),
    ],
)
def test_step_one_marks_what_is_wrong_and_makes_nothing(changes: dict[str, Any], field: str, walk: Walk) -> None:
    response = walk.send("start", {**NAME, "key": "k", **changes})
    assert errors(response) == [field]
    if field != "title":
        assert NAME["title"] in response.content.decode()
    assert not Course.objects.exists()


@pytest.mark.django_db
def test_an_address_is_made_unless_it_is_typed_and_is_never_shared(walk: Walk) -> None:
    walk.begin(title="從零開始")
    walk.course = None
    walk.begin(title="從零開始", key="two")
    assert list(Course.objects.order_by("pk").values_list("slug", flat=True)) == ["cong-ling-kai-shi", "cong-ling-kai-shi-2"]
    walk.course = None
    refused = walk.send("start", {**NAME, "key": "three", "slug": "Cong Ling KAI shi"})
    assert errors(refused) == ["slug"]
    assert "cong-ling-kai-shi-3" in refused.content.decode()


@pytest.mark.django_db
def test_the_cover_is_stored_once_and_stays_when_none_is_chosen(walk: Walk) -> None:
    walk.begin(cover=picture())
    page = CoursePage.objects.get()
    assert page.cover is not None
    assert page.cover.collection.name == f"course:{page.course.slug}"
    assert page.cover.file.name.startswith("pictures/")
    walk.send("name", {**NAME, "title": "Other"})
    assert CoursePage.objects.get().cover == page.cover


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": ""}, "price"),
        ({"price": "0"}, "price"),
        ({"price": "-5"}, "price"),
        ({"price": "599.999"}, "price"),
        ({"price": "five"}, "price"),
        ({"price": "1e9"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "10.5", "currency": "JPY"}, "price"),
        ({"currency": "XYZ"}, "currency"),
        ({"name": " "}, "name"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"starts_on": "3020-01-01"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"seats": "0"}, "seats"),
        ({"seats": "-1"}, "seats"),
        ({"seats": "1.5"}, "seats"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"start_rule": "never"}, "start_rule"),
    ],
)
def test_step_three_marks_what_is_wrong(changes: dict[str, Any], field: str, walk: Walk) -> None:
    walk.begin()
    response = walk.send("price", price_values(**changes))
    assert field in errors(response)
    assert set(errors(response)) <= {field, "starts_on"}
    assert not Course.objects.get().offers.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"on_hand": ""}, "on_hand"),
        ({"on_hand": "-1"}, "on_hand"),
        ({"length": "0"}, "length"),
        ({"width": "wide"}, "width"),
        ({"height": "501"}, "height"),
        ({"weight_g": "0"}, "weight_g"),
        ({"value": ""}, "value"),
        ({"value": "0"}, "value"),
        ({"value": "600"}, "part"),
        ({"part": "599.01"}, "part"),
        ({"part": "half"}, "part"),
        ({"has_kit": "maybe"}, "has_kit"),
    ],
)
def test_step_four_marks_what_is_wrong(changes: dict[str, Any], field: str, walk: Walk) -> None:
    walk.begin()
    walk.send("outline", WORDS)
    walk.send("price", price_values())
    response = walk.send("kit", {**KIT, **changes})
    assert errors(response) == [field]
    assert "Tuner" in response.content.decode()
    assert [part.kind for part in Course.objects.get().offers.get().bundles.get().components.all()] == ["seat"]


@pytest.mark.django_db
def test_without_a_kit_its_fields_do_not_matter(walk: Walk) -> None:
    walk.begin()
    walk.send("price", price_values())
    assert walk.send("kit", {**KIT, "has_kit": "no", "length": "wide"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("rate", ["", "-1", "100.01", "12.345", "x", "NaN"])
def test_step_five_marks_what_is_no_rate(rate: str, walk: Walk) -> None:
    walk.begin()
    walk.send("price", price_values())
    assert errors(walk.send("sharing", {"seat": rate})) == ["seat"]
    assert walk.client.get(walk.at("numbers"), {"seat": rate}).status_code == 400


@pytest.mark.django_db
def test_kit_and_referral_ask_for_the_price_first(walk: Walk) -> None:
    walk.begin()
    for step in ("kit", "sharing"):
        assert walk.client.get(walk.at(step)).url == walk.at("price")
        assert walk.send(step, {"has_kit": "no", "seat": "1"}).url == walk.at("price")
    assert walk.client.get(walk.at("numbers"), {"seat": "5"}).status_code == 400
