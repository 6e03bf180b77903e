"""/checkout/: one page from basket to Stripe's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Address, User
from shop.catalogue.flows import set_price
from shop.orders.models import BasketLine, Order
from stock.models import StockItem
from tests.factories import enrol, make_cohort, make_offer, make_sku
from tests.shop.test_catalogue_pages import many_offers
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = pytest.mark.django_db

HOME = {
    "country": "TW",
    "name": "王小明",
    "phone": "0912345678",
    "region": "台北市",
    "city": "大安區",
    "street": "和平東路一段 1 號",
    "email": "Guest@Demo.test",
    "agree": "on",
}


def filled(client: Client, **values: str) -> dict[str, str]:
    """The page's own hidden fields with what a buyer writes."""
    page = client.get("/en/checkout/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen_total)" value="([^"]+)"', page))
    assert set(hidden) == {"key", "seen_total"}
    return {**hidden, **HOME, **values}


def basket_of(client: Client, **values: Any) -> Any:
    if "sku" not in values:
        values["sku"] = make_sku(code="UKE")
    offer = make_offer(slug="ukulele", title="Ukulele from zero", **values)
    client.post("/basket/add/", {"offer": "ukulele"})
    return offer


def test_without_a_basket_the_way_leads_back(client: Client) -> None:
    assert client.get("/checkout/")["Location"] == "/basket/"
    assert client.post("/checkout/", HOME)["Location"] == "/basket/"


def test_a_guest_orders_a_bundle_and_goes_to_stripes_page(client: Client, stand_in: StandIn) -> None:
    basket_of(client, cohort=make_cohort(name="Spring class"))
    page = client.get("/en/checkout/").content.decode()
    for text in ("Ukulele from zero", "Spring class", "Ukulele 21 inch", "¥599", "What we promise", "Postcode", "I am new here"):
        assert text in page, text
    response = client.post("/en/checkout/", filled(client))
    assert response.status_code == 303
    assert response["Location"].startswith(stand_in.base)
    order = Order.objects.get()
    assert (order.email, order.total, order.currency, order.language, order.user) == ("guest@demo.test", 59900, "CNY", "en", None)
    assert (order.name, order.delivery.region, order.delivery.postal_code) == ("王小明", "台北市", "106")
    assert StockItem.objects.get(ref="sku:UKE@main").reserved == 1


def test_the_basket_stays_until_the_order_is_paid(client: Client, till: Till) -> None:
    basket_of(client)
    client.post("/checkout/", filled(client))
    assert BasketLine.objects.count() == 1
    back = client.get(f"/en/checkout/?back={Order.objects.get().number}").content.decode()
    assert "Nothing was charged" in back
    order = Order.objects.get()
    till.pay(order)
    till.deliver()
    assert BasketLine.objects.count() == 0
    assert client.get("/checkout/")["Location"] == "/basket/"


def test_sent_twice_it_is_one_order(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    data = filled(client)
    first, second = client.post("/checkout/", data), client.post("/checkout/", data)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_going_back_and_changing_the_address_is_another_order_and_the_last_kit_is_not_lost(
    client: Client, stand_in: StandIn
) -> None:
    basket_of(client, sku=make_sku(code="UKE", on_hand=1))
    data = filled(client)
    client.post("/checkout/", data)
    response = client.post("/checkout/", {**data, "street": "和平東路二段 2 號"})
    assert response.status_code == 303
    newest = Order.objects.latest("pk")
    assert newest.delivery.street == "和平東路二段 2 號"
    assert newest.state == Order.State.AWAITING
    assert StockItem.objects.get(ref="sku:UKE@main").reserved == 1


def test_somebody_else_was_quicker_is_said_clearly_and_nothing_is_charged(client: Client, till: Till) -> None:
    offer = basket_of(client, sku=make_sku(code="UKE", on_hand=1))
    data = filled(client)
    till.bought(offer, delivery=None)
    response = client.post("/en/checkout/", data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Ukulele from zero" in page
    assert "you were not charged" in page
    assert "王小明" in page
    assert BasketLine.objects.filter(basket__user=None).count() >= 1
    assert Order.objects.exclude(state=Order.State.PAID).count() == 0


def test_stripe_that_does_not_answer_keeps_the_order_for_another_try(client: Client, stand_in: StandIn, settings: Any) -> None:
    basket_of(client)
    data = filled(client)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    response = client.post("/en/checkout/", data, follow=True)
    page = response.content.decode()
    order = Order.objects.get()
    assert order.number in page
    assert "Your order is kept" in page
    assert "Pay now" in page
    settings.STRIPE_API_BASE = stand_in.base
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    again = client.post(f"/checkout/pay/{order.number}/", {"key": key[1]})
    assert again.status_code == 303
    assert again["Location"].startswith(stand_in.base)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("email", "not an address", "Enter a valid email address"),
        ("agree", "", "Please read it and tick the box"),
        ("street", "", "Please fill this in"),
        ("city", "三民區", "Please choose one of the list"),
        ("phone", "tomorrow", "digits only"),
        ("postal_code", "999", "does not belong"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_ordered(
    client: Client, field: str, value: str, text: str
) -> None:
    basket_of(client)
    response = client.post("/en/checkout/", filled(client, **{field: value}))
    page = response.content.decode()
    assert text in page
    assert re.search(rf'id="id_(home_)?{field}_error"', page)
    assert not Order.objects.exists()


def test_without_javascript_a_button_shows_the_districts_and_keeps_what_was_written(client: Client) -> None:
    basket_of(client)
    data = filled(client, region="高雄市", refresh="yes", street="中山路 1 號", agree="")
    page = client.post("/en/checkout/", data).content.decode()
    assert "三民區" in page
    assert "大安區" not in page
    assert "中山路 1 號" in page
    assert "guest@demo.test" in page.lower()
    assert "field-error" not in page
    assert not Order.objects.exists()


def test_the_postcode_follows_the_district_as_soon_as_it_is_chosen(client: Client) -> None:
    basket_of(client)
    page = client.post("/en/checkout/", filled(client, refresh="yes", postal_code="800")).content.decode()
    assert re.search(r'name="postal_code"[^>]*value="106"|value="106"[^>]*name="postal_code"', page)


def test_another_country_has_other_fields_and_its_own_delivery_fee(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    page = client.post("/en/checkout/", filled(client, country="JP", refresh="yes")).content.decode()
    assert "Prefecture" in page
    assert "¥60" in page
    assert "¥659" in page
    data = filled(
        client, country="JP", region="東京都", city="", street="千代田 1-1", postal_code="100-0001", phone="+81 3 1234 5678"
    )
    stale = client.post("/en/checkout/", data)
    assert "The sum has changed" in stale.content.decode()
    assert client.post("/en/checkout/", {**data, "seen_total": "65900"}).status_code == 303
    order = Order.objects.get()
    assert (order.shipping, order.total) == (6000, 65900)


def test_a_brush_set_may_be_picked_up_at_a_store_and_a_ukulele_may_not(client: Client, stand_in: StandIn) -> None:
    basket_of(client, sku=make_sku(small=True))
    page = client.get("/en/checkout/").content.decode()
    assert "Pick up at a convenience store" in page
    store = {"method": "store", "chain": "family", "store_code": "012345", "store_name": "和平店", "phone": "0912 345 678"}
    assert "Store number" in client.post("/en/checkout/", filled(client, refresh="yes", **store)).content.decode()
    assert client.post("/en/checkout/", filled(client, **store)).status_code == 303
    delivery = Order.objects.get().delivery
    assert (delivery.method, delivery.chain, delivery.store_code, delivery.phone) == ("store", "family", "012345", "0912345678")
    make_offer(slug="big", sku=make_sku())
    client.post("/basket/add/", {"offer": "big"})
    assert "Pick up at a convenience store" not in client.get("/en/checkout/").content.decode()
    response = client.post("/en/checkout/", filled(client, **store))
    assert response.status_code == 303
    assert Order.objects.latest("pk").delivery.method == "home"


def test_a_seat_alone_asks_for_no_address(client: Client, stand_in: StandIn) -> None:
    make_offer(slug="seat", cohort=make_cohort())
    client.post("/basket/add/", {"offer": "seat"})
    page = client.get("/en/checkout/").content.decode()
    assert "Where to send it" not in page
    data = filled(client, buyer_name="Mei")
    assert client.post("/checkout/", data).status_code == 303
    order = Order.objects.get()
    assert order.name == "Mei"
    assert not hasattr(order, "delivery")


def test_a_member_chooses_from_their_own_address_book(
    client_of: Callable[[User], Client], student: User, visitor: User, stand_in: StandIn
) -> None:
    home = {
        "name": "An",
        "phone": "0911111111",
        "country": "TW",
        "region": "台北市",
        "city": "信義區",
        "street": "市府路 1 號",
        "postal_code": "110",
    }
    own = Address.objects.create(user=student, **home)
    other = Address.objects.create(user=visitor, **{**home, "street": "別人的家"})
    client = client_of(student)
    basket_of(client)
    page = client.get("/en/checkout/").content.decode()
    assert "市府路 1 號" in page
    assert "別人的家" not in page
    assert 'name="street"' not in page
    client.post("/checkout/", filled(client, saved=str(other.pk)))
    assert not Order.objects.exists()
    assert client.post("/checkout/", filled(client, saved=str(own.pk))).status_code == 303
    order = Order.objects.latest("pk")
    assert (order.user, order.email, order.delivery.street) == (student, student.email, "市府路 1 號")
    assert client.post("/checkout/", filled(client, saved="new")).status_code == 303
    assert Order.objects.latest("pk").delivery.street == "和平東路一段 1 號"
    assert not Order.objects.filter(delivery__street="別人的家").exists()


def test_a_member_may_keep_a_new_address_for_next_time(
    client_of: Callable[[User], Client], student: User, stand_in: StandIn
) -> None:
    client = client_of(student)
    basket_of(client)
    data = filled(client, keep="on")
    client.post("/checkout/", data)
    client.post("/checkout/", {**data, "saved": "new"})
    assert Address.objects.get().street == "和平東路一段 1 號"
    assert Address.objects.get().user == student
    assert 'name="keep"' not in Client().get("/checkout/", follow=True).content.decode()


def test_who_has_the_seat_already_is_not_sold_another(
    client_of: Callable[[User], Client], student: User, stand_in: StandIn
) -> None:
    cohort = make_cohort(name="Spring class")
    enrol(student, cohort)
    client = client_of(student)
    make_offer(slug="seat", cohort=cohort)
    client.post("/basket/add/", {"offer": "seat"})
    response = client.post("/en/checkout/", filled(client))
    assert response.status_code == 409
    assert "Spring class" in response.content.decode()


def test_a_price_that_changed_in_the_meantime_is_shown_before_anything_is_ordered(client: Client, stand_in: StandIn) -> None:
    offer = basket_of(client)
    data = filled(client)
    set_price(offer=offer, currency="CNY", amount=69900, actor=None)
    response = client.post("/en/checkout/", data)
    assert "The sum has changed" in response.content.decode()
    assert "¥699" in response.content.decode()
    assert not Order.objects.exists()


def test_nobody_sets_price_state_or_buyer_through_the_form(client: Client, student: User, stand_in: StandIn) -> None:
    basket_of(client)
    client.post(
        "/checkout/", filled(client, total="1", subtotal="1", amount="1", state="paid", user=str(student.pk), currency="USD")
    )
    order = Order.objects.get()
    assert (order.total, order.state, order.user, order.currency) == (59900, Order.State.AWAITING, None, "CNY")


def test_the_checkout_needs_our_own_form(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    basket_of(client)
    strict.cookies["basket"] = client.cookies["basket"].value
    assert strict.post("/checkout/", HOME).status_code == 403


def test_signing_in_by_code_leads_back_with_the_basket(client: Client, student: User, mailoutbox: Any) -> None:
    basket_of(client)
    client.post("/accounts/login/code/", {"email": student.email, "next": "/checkout/"})
    code = re.search(r"\b([A-Z0-9]{3}-?[A-Z0-9]{3,4}|\d{6})\b", mailoutbox[-1].body)
    assert code, mailoutbox[-1].body
    response = client.post("/accounts/login/code/confirm/", {"code": code[1], "next": "/checkout/"})
    assert response["Location"] == "/checkout/"
    page = client.get("/en/checkout/").content.decode()
    assert "Ukulele from zero" in page
    assert student.email in page
    assert BasketLine.objects.get().basket.user == student


def test_signing_up_by_code_leads_back_with_the_basket(client: Client, mailoutbox: Any) -> None:
    basket_of(client)
    client.post("/accounts/signup/", {"email": "new@demo.test", "next": "/checkout/"})
    code = re.search(r"\b([A-Z0-9]{3}-?[A-Z0-9]{3,4}|\d{6})\b", mailoutbox[-1].body)
    assert code, mailoutbox[-1].body
    response = client.post("/accounts/confirm-email/", {"code": code[1]})
    assert response["Location"] == "/checkout/"
    assert "new@demo.test" in client.get("/en/checkout/").content.decode()


def test_the_page_costs_few_queries_and_none_grows_with_rows(
    client: Client, client_of: Callable[[User], Client], student: User, till: Till
) -> None:
    member = client_of(student)
    offer = basket_of(member, cohort=make_cohort())
    Address.objects.create(user=student, name="An", phone="0911111111", country="TW", street="x")
    with CaptureQueriesContext(connection) as few:
        assert member.get("/checkout/").status_code == 200
    many_offers(offer, 1000)
    lines = member.get("/basket/").context["basket"].basket.lines
    for row in type(offer).objects.exclude(pk=offer.pk)[:30]:
        lines.create(offer=row)
    till.place(offer, user=None)
    with CaptureQueriesContext(connection) as many:
        assert member.get("/checkout/").status_code == 200
    assert len(many) == len(few) <= 15
    basket_of_guest = Client()
    basket_of_guest.post("/basket/add/", {"offer": "ukulele"})
    with CaptureQueriesContext(connection) as guest:
        assert basket_of_guest.get("/checkout/").status_code == 200
    assert len(guest) <= 8
