"""/basket/ and what fills it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from shop.catalogue.flows import set_price
from shop.orders.models import Basket, BasketLine
from tests.factories import make_cohort, make_offer, make_sku
from tests.shop.test_catalogue_pages import many_offers

pytestmark = pytest.mark.django_db


def test_a_guest_gathers_things_by_cookie(client: Client) -> None:
    make_offer(slug="ukulele", title="Ukulele from zero")
    response = client.post("/en/basket/add/", {"offer": "ukulele", "quantity": "2"})
    assert response["Location"] == "/en/basket/"
    cookie = client.cookies["basket"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = client.get("/en/basket/").content.decode()
    assert "Ukulele from zero" in page
    assert "¥1,198" in page
    assert Client().get("/en/basket/").content.decode().count("Ukulele from zero") == 0


def test_buy_now_leads_straight_to_the_checkout(client: Client) -> None:
    make_offer(slug="ukulele")
    assert client.post("/basket/add/", {"offer": "ukulele", "buy": "now"})["Location"] == "/checkout/"


def test_an_offer_is_added_by_its_id_too(client: Client) -> None:
    offer = make_offer()
    client.post("/basket/add/", {"offer": str(offer.pk)})
    assert BasketLine.objects.get().offer == offer


def test_a_cookie_written_by_hand_opens_nothing(client: Client) -> None:
    make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele"})
    token = Basket.objects.get().token
    stranger = Client()
    for value in (str(token), f"{token}:1:0", f"{token}:1:0:forged", "x" * 5000):
        stranger.cookies["basket"] = value
        assert not stranger.get("/basket/").context["basket"]


def test_the_basket_of_an_account_cannot_be_opened_by_its_cookie(
    client_of: Callable[[User], Client], student: User, visitor: User
) -> None:
    make_offer(slug="ukulele")
    member = client_of(student)
    member.post("/basket/add/", {"offer": "ukulele"})
    for thief in (Client(), client_of(visitor)):
        thief.cookies["basket"] = member.cookies["basket"].value
        assert not thief.get("/basket/").context["basket"]


def test_get_adds_nothing(client: Client) -> None:
    make_offer(slug="ukulele")
    assert client.get("/basket/add/?offer=ukulele").status_code == 405
    assert not Basket.objects.exists()


def test_adding_needs_our_own_form() -> None:
    make_offer(slug="ukulele")
    assert Client(enforce_csrf_checks=True).post("/basket/add/", {"offer": "ukulele"}).status_code == 403


def test_the_place_and_a_path_of_our_own_are_kept(client: Client) -> None:
    make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele", "place": "topic:12", "return_to": "/community/class/12-how/?page=2"})
    line = BasketLine.objects.get()
    assert (line.place, line.return_to) == ("topic:12", "/community/class/12-how/?page=2")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "community",
        "/a\r\nSet-Cookie: x=1",
        "/" + "a" * 400,
    ],
)
def test_a_path_that_leaves_our_host_is_forgotten(client: Client, target: str) -> None:
    make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele", "place": "<script>", "return_to": target})
    line = BasketLine.objects.get()
    assert (line.place, line.return_to) == ("", "")


def test_a_buyer_chooses_the_currency_when_buying_and_may_choose_again(client: Client, owner: User) -> None:
    offer = make_offer(slug="ukulele", title="Ukulele from zero")
    set_price(offer=offer, currency="TWD", amount=269000, actor=owner)
    page = client.get("/en/shop/ukulele/").content.decode()
    assert "TWD · NT$2,690" in page
    client.post("/basket/add/", {"offer": "ukulele", "currency": "TWD", "buy": "now"})
    assert "NT$2,690" in client.get("/en/checkout/").content.decode()
    client.post("/basket/currency/", {"currency": "CNY"})
    assert "¥599" in client.get("/en/basket/").content.decode()
    assert "NT$2,690" not in client.get("/en/checkout/").content.decode()


@pytest.mark.parametrize("currency", ["TWD", "XXX", "", "twd'--"])
def test_a_basket_stays_in_a_currency_in_which_all_of_it_is_sold(client: Client, owner: User, currency: str) -> None:
    both, yuan = make_offer(slug="both"), make_offer(slug="yuan", title="Only in yuan")
    set_price(offer=both, currency="TWD", amount=269000, actor=owner)
    for slug in ("both", "yuan"):
        client.post("/basket/add/", {"offer": slug})
    page = client.post("/en/basket/currency/", {"currency": currency}, follow=True).content.decode()
    assert Basket.objects.get().currency == yuan.prices.get().currency == "CNY"
    assert ("Only in yuan is not sold in TWD." in page) == (currency == "TWD")


def test_what_is_added_in_another_currency_takes_the_basket_along_where_all_is_sold_in_it(client: Client, owner: User) -> None:
    offers = [make_offer(slug=slug) for slug in ("one", "two")]
    for offer in offers:
        set_price(offer=offer, currency="TWD", amount=269000, actor=owner)
    client.post("/basket/add/", {"offer": "one"})
    client.post("/basket/add/", {"offer": "two", "currency": "TWD"})
    assert Basket.objects.get().currency == "TWD"
    page = client.get("/en/basket/").content.decode()
    assert "NT$5,380" in page


def test_a_seat_is_for_one_person_and_goods_can_be_several(client: Client) -> None:
    seat, goods = make_offer(slug="seat", cohort=make_cohort()), make_offer(slug="goods")
    for slug in ("seat", "seat", "goods", "goods"):
        client.post("/basket/add/", {"offer": slug})
    assert dict(BasketLine.objects.values_list("offer", "quantity")) == {seat.pk: 1, goods.pk: 2}
    client.post("/basket/change/", {"offer": seat.pk, "quantity": "5"})
    client.post("/basket/change/", {"offer": goods.pk, "quantity": "7"})
    assert dict(BasketLine.objects.values_list("offer", "quantity")) == {seat.pk: 1, goods.pk: 7}
    client.post("/basket/change/", {"offer": goods.pk, "quantity": "0"})
    assert list(BasketLine.objects.values_list("offer", flat=True)) == [seat.pk]


@pytest.mark.parametrize("quantity", ["-1", "x", "", "99999999999999999999", "1e3"])
def test_a_strange_quantity_breaks_nothing(client: Client, quantity: str) -> None:
    make_offer(slug="ukulele")
    assert client.post("/basket/add/", {"offer": "ukulele", "quantity": quantity}).status_code == 302
    assert BasketLine.objects.get().quantity == 1


def test_what_is_sold_out_does_not_get_in_and_the_page_says_so(client: Client) -> None:
    make_offer(slug="gone", title="Last kit", sku=make_sku(on_hand=0))
    response = client.post("/en/basket/add/", {"offer": "gone"}, follow=True)
    assert "Last kit cannot be bought at the moment." in response.content.decode()
    assert not BasketLine.objects.exists()


def test_a_draft_or_missing_offer_is_not_found(client: Client) -> None:
    make_offer(slug="draft", live=False)
    assert client.post("/basket/add/", {"offer": "draft"}).status_code == 404
    assert client.post("/basket/add/", {"offer": "nothing"}).status_code == 404


def test_a_changed_price_shows_in_the_basket_at_once(client: Client) -> None:
    offer = make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele"})
    set_price(offer=offer, currency="CNY", amount=49900, actor=None)
    assert "¥499" in client.get("/basket/").content.decode()


def test_one_basket_speaks_one_currency(client: Client) -> None:
    make_offer(slug="yuan"), make_offer(slug="yen", currency="JPY", price=9800)
    client.post("/basket/add/", {"offer": "yen"})
    assert Basket.objects.get().currency == "JPY"
    page = client.post("/en/basket/add/", {"offer": "yuan"}, follow=True).content.decode()
    assert "Please pay for your basket first" in page
    assert BasketLine.objects.count() == 1


def test_signing_in_brings_the_basket_along(client: Client, student: User) -> None:
    make_offer(slug="a"), make_offer(slug="b")
    own = Client()
    own.force_login(student)
    own.post("/basket/add/", {"offer": "a"})
    client.post("/basket/add/", {"offer": "a", "quantity": "3"})
    client.post("/basket/add/", {"offer": "b", "place": "topic:1", "return_to": "/x/"})
    response = client.post("/accounts/login/", {"login": student.email, "password": "courseyard-demo"})
    assert response.status_code == 302
    lines = BasketLine.objects.filter(basket__user=student)
    assert sorted(lines.values_list("offer__slug", "quantity")) == [("a", 3), ("b", 1)]
    assert lines.get(offer__slug="b").place == "topic:1"
    assert Basket.objects.count() == 1
    assert client.get("/basket/").context["basket"].count == 4


def test_the_header_counts_without_a_query(client: Client) -> None:
    make_offer(slug="ukulele")
    path = "/en/shop/?before=999999"
    with CaptureQueriesContext(connection) as without:
        assert b'class="count"' not in client.get(path).content
    client.post("/basket/add/", {"offer": "ukulele", "quantity": "3"})
    with CaptureQueriesContext(connection) as having:
        page = client.get(path).content.decode()
    assert '<span class="count">3</span>' in page
    assert len(having) == len(without)
    assert '<span class="count">3</span>' in client.get("/en/shop/").content.decode()


def test_adding_and_looking_cost_the_same_with_ten_and_a_thousand_offers(client: Client) -> None:
    offer = make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele"})
    with CaptureQueriesContext(connection) as few:
        client.post("/basket/add/", {"offer": "ukulele"})
    with CaptureQueriesContext(connection) as few_seen:
        client.get("/basket/")
    many_offers(offer, 1000)
    basket = Basket.objects.get()
    BasketLine.objects.bulk_create(BasketLine(basket=basket, offer=row) for row in type(offer).objects.exclude(pk=offer.pk)[:30])
    with CaptureQueriesContext(connection) as many:
        client.post("/basket/add/", {"offer": "ukulele"})
    with CaptureQueriesContext(connection) as many_seen:
        client.get("/basket/")
    assert len(many) == len(few) <= 12
    assert len(many_seen) == len(few_seen) <= 5
