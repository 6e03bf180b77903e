"""Where the kit is not sent: the course alone at its own price, said before paying; never the bundle's price without the kit."""

from typing import Any

import pytest
from django.test import Client

from accounts.flows import save_address
from courses.access import active_enrolment
from shop.catalogue.flows import close_offer, sell_without_kit, set_zone
from shop.checkout.flows import CannotOrder
from shop.orders.models import BasketLine, Order
from tests.factories import make_cohort, make_offer, make_sku
from tests.shop.test_checkout_page import HOME, basket_of, filled
from tests.shop.test_taxes import to
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def bare(client: Client, owner: Any) -> Any:
    """A bundle of CNY 599 in the basket, and the course without its kit for CNY 469."""
    cohort = make_cohort()
    bundle = basket_of(client, cohort=cohort)
    offer = make_offer(cohort=cohort, price=46900, slug="bare", title="Course alone")
    sell_without_kit(offer=bundle, instead=offer, actor=owner)
    return offer


def abroad(client: Client, **values: str) -> dict[str, str]:
    wish = {"country": "BR", "buyer_name": "Ana", "seen_total": "46900", **values}
    return {name: value for name, value in filled(client, **wish).items() if name not in ("region", "city", "street", "phone")}


def test_elsewhere_the_page_says_so_before_paying_and_asks_for_no_address(client: Client, bare: Any, stand_in: StandIn) -> None:
    page = client.post("/en/checkout/", abroad(client, refresh="yes")).content.decode()
    assert "The kit is not sent to Brazil" in page
    assert "¥469 instead of ¥599" in page
    assert "Pay ¥469" in page
    assert 'name="street"' not in page
    assert "Your name" in page
    at_home = client.post("/en/checkout/", filled(client, refresh="yes")).content.decode()
    assert "is not sent" not in at_home
    assert "Pay ¥599" in at_home


def test_elsewhere_the_course_is_bought_alone_and_nothing_is_sent(client: Client, bare: Any, till: Till, student: Any) -> None:
    assert client.post("/en/checkout/", abroad(client)).status_code == 303
    order = Order.objects.get()
    assert (order.total, order.shipping, order.lines.get().offer) == (46900, 0, bare)
    assert not hasattr(order, "delivery")
    assert order.terms["tax"]["country"] == "BR"
    assert BasketLine.objects.count() == 1
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    assert (order.state, order.shipments.count()) == (Order.State.PAID, 0)
    assert active_enrolment(order.user, bare.course) is not None
    assert not BasketLine.objects.exists()


def test_the_bundles_price_is_never_taken_without_the_kit(client: Client, bare: Any, stand_in: StandIn) -> None:
    page = client.post("/en/checkout/", abroad(client, seen_total="59900"))
    assert "The sum has changed" in page.content.decode()
    assert not Order.objects.exists()


def test_a_country_without_a_name_here_is_elsewhere_too(client: Client, bare: Any, stand_in: StandIn) -> None:
    page = client.post("/en/checkout/", abroad(client, country="ZZ", refresh="yes")).content.decode()
    assert "not sent to your country" in page
    assert client.post("/en/checkout/", abroad(client, country="ZZ")).status_code == 303
    assert Order.objects.get().terms["tax"]["country"] == ""


def test_an_area_that_nothing_is_sent_to_counts_as_elsewhere(client: Client, bare: Any, stand_in: StandIn, owner: Any) -> None:
    set_zone(zone=None, name="", areas=[("TW", "106")], actor=owner)
    page = client.post("/en/checkout/", filled(client, refresh="yes")).content.decode()
    assert "The kit is not sent to Taiwan" in page
    assert client.post("/en/checkout/", filled(client, buyer_name="An", seen_total="46900")).status_code == 303
    order = Order.objects.get()
    assert (order.total, order.lines.get().offer) == (46900, bare)


@pytest.mark.parametrize("why", ["nothing named", "no longer sold"])
def test_what_is_sold_with_its_kit_only_cannot_be_bought_elsewhere(
    client: Client, bare: Any, stand_in: StandIn, owner: Any, why: str
) -> None:
    if why == "nothing named":
        sell_without_kit(offer=bare.with_kit.get(), instead=None, actor=owner)
    else:
        close_offer(offer=bare, actor=owner)
    page = client.post("/en/checkout/", abroad(client, seen_total="59900")).content.decode()
    assert "sold with its kit only" in page
    assert "Not sold there" in page
    assert not Order.objects.exists()


def test_an_order_of_goods_for_a_place_in_no_zone_is_refused_by_the_flow(till: Till, bundle: Any) -> None:
    with pytest.raises(CannotOrder):
        till.place(bundle, delivery=to("BR"))
    with pytest.raises(CannotOrder):
        till.place(bundle, kitless=True)
    assert not Order.objects.exists()


def test_the_landing_page_names_the_price_without_the_kit(client: Client, bare: Any) -> None:
    assert "Elsewhere: the course without the kit for ¥469" in client.get("/en/shop/ukulele/").content.decode()
    assert "Elsewhere: the course without the kit for ¥469" in client.get(f"/en/courses/{bare.course.slug}/").content.decode()


def test_only_the_same_course_without_goods_is_sold_instead(bare: Any, owner: Any) -> None:
    bundle = bare.with_kit.get()
    others = [make_offer(cohort=make_cohort()), make_offer(cohort=make_cohort(course=bare.course), sku=make_sku()), bundle]
    for other in others:
        with pytest.raises(ValueError, match="same course"):
            sell_without_kit(offer=bundle, instead=other, actor=owner)
    bundle.refresh_from_db()
    assert bundle.without_kit == bare


def test_a_saved_address_still_decides(client_of: Any, student: Any, owner: Any, stand_in: StandIn) -> None:
    browser = client_of(student)
    basket_of(browser, cohort=make_cohort())
    names = ("country", "region", "city", "street")
    save_address(user=student, name="An", phone="0912345678", parts={name: HOME[name] for name in names})
    assert "Pay ¥599" in browser.get("/en/checkout/").content.decode()
    page = browser.post("/en/checkout/", filled(browser, saved="new", country="BR", refresh="yes")).content.decode()
    assert "sold with its kit only" in page
