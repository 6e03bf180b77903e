"""/shop/, /shop/<offer>/, the offer as a thing, and what it puts on a landing page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from kit import slots, things
from kit.clock import now
from shop.catalogue.flows import close_offer
from shop.catalogue.models import Bundle, Component, Offer, Price
from stock.flows import set_on_hand
from tests.factories import make_cohort, make_course, make_offer, make_sku

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def many_offers(model: Offer, count: int) -> None:
    """Copies of an offer, each with a class's seat and a good of its own."""
    first = Offer.objects.count()
    part = Component.objects.filter(bundle__offer=model).select_related("sku").latest("pk")
    sku = part.sku
    assert sku
    skus = type(sku).objects.bulk_create(
        type(sku)(
            **{f.attname: getattr(sku, f.attname) for f in sku._meta.fields if f.name not in {"id", "code"}}, code=f"COPY-{n}"
        )
        for n in range(first, first + count)
    )
    for row in skus:
        set_on_hand(ref=row.stock_ref, on_hand=3)
    offers = Offer.objects.bulk_create(
        Offer(slug=f"copy-{n}", title=f"Copy {n}", seller=model.seller, course=model.course, state="live")
        for n in range(first, first + count)
    )
    bundles = Bundle.objects.bulk_create(Bundle(offer=offer) for offer in offers)
    Component.objects.bulk_create(
        Component(bundle=bundle, kind="stock", sku=row, weight=1) for bundle, row in zip(bundles, skus, strict=True)
    )
    Price.objects.bulk_create(Price(offer=offer, currency="CNY", amount=100, valid_from=now()) for offer in offers)


def test_the_shelf_shows_what_is_for_sale_with_price_and_stock(client: Client) -> None:
    make_offer(title="Ukulele from zero", sku=make_sku(on_hand=2))
    make_offer(title="Secret draft", live=False)
    close_offer(offer=make_offer(title="Last year's"), actor=None)
    page = client.get("/en/shop/").content.decode()
    assert "Ukulele from zero" in page
    assert "¥599" in page
    assert "Only 2 left" in page
    assert "Secret draft" not in page
    assert "Last year" not in page


def test_the_shelf_costs_the_same_queries_with_ten_and_with_a_thousand_offers(client: Client) -> None:
    offer = make_offer()
    many_offers(offer, 9)
    few = queries(client, "/shop/")
    many_offers(offer, 990)
    assert queries(client, "/shop/") == few <= 6


def test_older_offers_are_a_page_away(client: Client) -> None:
    offer = make_offer(title="The oldest of all")
    many_offers(offer, 30)
    first = client.get("/en/shop/")
    assert "The oldest of all" not in first.content.decode()
    assert "The oldest of all" in client.get(f"/en/shop/?before={first.context['older']}").content.decode()


def test_an_offer_says_what_is_in_it_and_sells_it(client: Client) -> None:
    cohort = make_cohort(name="Spring class")
    sku = make_sku(contents="A concert ukulele\nA tuner", on_hand=5)
    make_offer(slug="ukulele", cohort=cohort, sku=sku)
    page = client.get("/en/shop/ukulele/").content.decode()
    for text in (
        "Spring class",
        "A concert ukulele",
        "A tuner",
        "62 × 23 × 11 cm, 1.5 kg",
        "¥599",
        "Only 5 left",
        'action="/en/basket/add/"',
    ):
        assert text in page, text
    assert "Small enough for pick-up" not in page


def test_an_offer_page_costs_the_same_with_many_parts(client: Client) -> None:
    offer = make_offer(slug="kit", sku=make_sku())
    few = queries(client, "/shop/kit/")
    bundle = Bundle.objects.get(offer=offer)
    for _number in range(20):
        Component.objects.create(bundle=bundle, kind="stock", sku=make_sku(seller=offer.seller), weight=1)
    assert queries(client, "/shop/kit/") == few <= 9


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"sale_from": 3}, "On sale from"),
        ({"sale_until": -1}, "No longer for sale"),
        ({"empty": True}, "Sold out"),
    ],
)
def test_what_cannot_be_bought_now_says_why_and_has_no_form(client: Client, fields: dict[str, Any], text: str) -> None:
    empty = fields.pop("empty", False)
    window: dict[str, Any] = {name: now() + timedelta(days=days) for name, days in fields.items()}
    make_offer(slug="thing", sku=make_sku(on_hand=0 if empty else 5), **window)
    page = client.get("/en/shop/thing/").content.decode()
    assert text in page
    assert "/basket/add/" not in page


@pytest.mark.parametrize(
    ("seats", "kits", "text"),
    [(20, 8, "8 to be had"), (8, 20, "8 seats left"), (8, 8, "8 seats left"), (9, 0, "Sold out"), (0, 9, "This class is full")],
)
def test_seats_are_spoken_of_only_where_they_run_out_first(client: Client, seats: int, kits: int, text: str) -> None:
    make_offer(slug="both", cohort=make_cohort(seats=seats), sku=make_sku(on_hand=kits))
    page = client.get("/en/shop/both/").content.decode()
    assert text in page
    others = {"to be had", "seats left", "Sold out", "This class is full"} - {text, text.lstrip("8 ")}
    assert [other for other in others if other in page] == []


def test_a_draft_exists_for_its_seller_and_the_owner_only(
    client: Client, client_of: Callable[[User], Client], teacher: User, teacher2: User, owner: User, visitor: User
) -> None:
    make_offer(slug="draft", seller=teacher, live=False)
    assert client.get("/shop/draft/").status_code == 404
    assert client_of(visitor).get("/shop/draft/").status_code == 404
    assert client_of(teacher2).get("/shop/draft/").status_code == 404
    assert client_of(teacher).get("/shop/draft/").status_code == 200
    assert client_of(owner).get("/shop/draft/").status_code == 200


def test_the_thing_has_price_stock_and_form_data_by_id_and_by_slug() -> None:
    offer, draft = make_offer(slug="ukulele", sku=make_sku(on_hand=4)), make_offer(live=False)
    request = RequestFactory().get("/")
    card = things.card("offer:ukulele", request)
    assert card == things.card(f"offer:{offer.pk}", request)
    assert card
    assert (card.url, card.data["amount"], card.data["currency"], card.data["free"]) == ("/shop/ukulele/", 59900, "CNY", 4)
    assert card.data["kit"] == [{"name": "Ukulele 21 inch", "quantity": 1}]
    assert things.card(f"offer:{draft.pk}", request) is None
    assert things.card("offer:nothing", request) is None


def test_cards_of_many_offers_cost_no_more_than_of_one() -> None:
    offer = make_offer()
    request = RequestFactory().get("/")
    with CaptureQueriesContext(connection) as one:
        things.cards("offer", [offer.pk], request)
    many_offers(offer, 1000)
    with CaptureQueriesContext(connection) as many:
        cards = things.cards("offer", Offer.objects.values_list("pk", flat=True), request)
    assert len(cards) == 1001
    assert len(many) - 1 == len(one) <= 5


def test_a_course_shows_the_class_that_can_be_bought() -> None:
    course = make_course()
    make_offer(title="Full", cohort=make_cohort(course=course, seats=0))
    open_class = make_offer(title="Open", cohort=make_cohort(course=course))
    request = RequestFactory().get("/")
    card = things.card(f"course_offer:{course.pk}", request)
    assert card
    assert card.data["offer"] == open_class.pk
    assert card.data["free"] == 20
    assert things.card("course_offer:999999", request) is None


def test_courses_in_a_list_cost_the_same_queries_however_many() -> None:
    request = RequestFactory().get("/")
    offer = make_offer(cohort=make_cohort(), sku=make_sku())
    with CaptureQueriesContext(connection) as one:
        things.cards("course_offer", [offer.course_id], request)
    many_offers(offer, 100)
    with CaptureQueriesContext(connection) as many:
        things.cards("course_offer", [offer.course_id, 1, 2, 3], request)
    assert len(many) == len(one) <= 4


def test_the_landing_page_gets_buy_box_and_kit_for_few_queries(client: Client) -> None:
    course = make_course()
    offer = make_offer(slug="ukulele", cohort=make_cohort(course=course, name="Spring class"), sku=make_sku(contents="A tuner"))
    request = RequestFactory().get("/")
    with CaptureQueriesContext(connection) as seen:
        buy = slots.contents("course.buy", request, course=course)
        kit = slots.contents("course.kit", request, course=course)
    assert len(seen) <= 5
    assert buy[0][0] == "shop/course_buy.html"
    assert buy[0][1]["shelf"]["offer"] == offer.pk
    assert kit[0][1]["kit"][0]["contents"] == ["A tuner"]


def test_a_course_without_an_offer_shows_no_buy_box() -> None:
    course = make_course()
    assert slots.contents("course.buy", RequestFactory().get("/"), course=course) == []
    make_offer(cohort=make_cohort(course=course), live=False)
    assert slots.contents("course.buy", RequestFactory().get("/"), course=course) == []
