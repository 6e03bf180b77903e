"""The picture beside a shared link: what everybody may see, in the page's language, drawn once."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client
from PIL import Image, ImageChops

from kit import storage
from pages import cards
from shop.catalogue.flows import close_offer
from tests.factories import make_cohort, make_course, make_offer, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(teacher: Any) -> Any:
    course = make_course(lessons=1, slug="ukulele", title=f"三十天學會烏克麗麗 {uuid4().hex[:6]}", teacher=teacher)
    return make_offer(cohort=make_cohort(course=course), sku=make_sku(seller=teacher), slug="kit", title="課程與琴")


def picture(path: str) -> Image.Image:
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert "public" in answer.headers["Cache-Control"]
    return Image.open(BytesIO(answer.content))


def og_image(path: str) -> str:
    page = Client().get(path).content.decode()
    return page.partition('<meta property="og:image" content="')[2].partition('"')[0]


@pytest.mark.parametrize("path", ["/courses/ukulele/", "/shop/kit/"])
def test_a_page_names_its_card_by_a_whole_address_in_its_language(offer: Any, settings: Any, path: str) -> None:
    settings.SITE_URL = "https://school.example"
    for language in ("zh-hant", "en"):
        address = og_image(f"/{language}{path}")
        assert address.startswith(f"https://school.example/{language}/cards/")
        shown = picture(address.removeprefix("https://school.example"))
        assert (shown.format, shown.size) == ("JPEG", (1200, 630))


def test_it_shows_the_title_and_the_price_of_now(offer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, str]] = []
    draw = cards.draw_card

    def drawn(title: str, price: str, *rest: Any) -> bytes:
        said.append((title, price))
        return draw(title, price, *rest)

    monkeypatch.setattr(cards, "draw_card", drawn)
    first = picture("/en/cards/course/ukulele.jpg")
    picture("/en/cards/course/ukulele.jpg")
    [(title, price)] = said
    assert title == offer.course.title
    assert "599" in price
    close_offer(offer=offer, actor=offer.seller)
    second = picture("/en/cards/course/ukulele.jpg")
    assert said[1:] == [(title, "")]
    assert ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getbbox() is not None


def test_what_is_not_public_has_none(offer: Any, teacher: Any, client_of: Any) -> None:
    draft = make_course(lessons=1, slug="secret", title="Secret", teacher=teacher, publish=False)
    for path in (f"/cards/course/{draft.slug}.jpg", "/cards/offer/no-such.jpg", "/cards/user/1.jpg", "/cards/course/x%00.jpg"):
        assert Client().get(path).status_code == 404
        assert client_of(teacher).get(path).status_code == 404


def test_without_storage_it_is_drawn_without_its_picture(offer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_values: Any, **_named: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="s3")

    monkeypatch.setattr(storage.S3Storage, "exists", down)
    assert picture("/cards/offer/kit.jpg").size == (1200, 630)
