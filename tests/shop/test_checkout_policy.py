"""What is promised about money back: read before paying, agreed to, and found again on the order."""

from typing import Any

import pytest
from django.test import Client

from courses.flows import open_lesson
from courses.models import Enrolment
from shop.catalogue.flows import set_policy
from shop.catalogue.policies import BY_LESSONS, EU, Policy
from shop.checkout.flows import CannotCancel, CannotOrder, cancel_order, cancelling_means
from shop.orders.models import Order
from tests.factories import make_cohort, make_course, make_offer
from tests.shop.test_checkout_page import basket_of, filled
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CONSENT = "I want to begin at once"


@pytest.fixture
def offer(client: Client) -> Any:
    return basket_of(client, cohort=make_cohort())


def test_the_policy_is_read_on_landing_page_offer_and_checkout(client: Client, offer: Any, owner: Any) -> None:
    set_policy(offer=offer, policy=BY_LESSONS, actor=owner)
    for address in ("/en/shop/ukulele/", f"/en/courses/{offer.course.slug}/", "/en/checkout/"):
        assert "up to 10 % opened, 80 % comes back" in client.get(address).content.decode(), address


def test_two_offers_with_two_policies_are_told_apart(client: Client, offer: Any, owner: Any) -> None:
    set_policy(offer=make_offer(slug="other", title="Another kit"), policy=Policy(cooling_days=3), actor=owner)
    client.post("/basket/add/", {"offer": "other"})
    page = client.get("/en/checkout/").content.decode()
    promised = page[page.index("What we promise") :]
    assert promised.index("Ukulele from zero") < promised.index("For 7 days") < promised.index("Another kit")
    assert promised.index("Another kit") < promised.index("For 3 days")


def test_consent_is_asked_for_where_the_offer_demands_it_and_kept(
    client: Client, offer: Any, owner: Any, stand_in: StandIn
) -> None:
    assert CONSENT not in client.get("/en/checkout/").content.decode()
    set_policy(offer=offer, policy=EU, actor=owner)
    assert CONSENT in client.get("/en/checkout/").content.decode()
    page = client.post("/en/checkout/", filled(client)).content.decode()
    assert "Please read it and tick the box." in page
    assert not Order.objects.exists()
    assert client.post("/en/checkout/", filled(client, consent="on")).status_code == 303
    assert "consent" in Order.objects.get().terms


def test_the_flow_takes_no_order_without_the_consent_that_is_demanded(till: Till, bundle: Any, owner: Any) -> None:
    set_policy(offer=bundle, policy=EU, actor=owner)
    with pytest.raises(CannotOrder):
        till.place(bundle)
    assert "consent" in till.place(bundle, consent=True).terms


def test_goods_alone_ask_for_no_consent(till: Till, owner: Any) -> None:
    goods = make_offer()
    set_policy(offer=goods, policy=EU, actor=owner)
    assert "consent" not in till.place(goods, consent=True).terms


def test_the_order_shows_what_it_was_promised_after_the_offer_changed(
    till: Till, bundle: Any, student: Any, owner: Any, client_of: Any
) -> None:
    set_policy(offer=bundle, policy=BY_LESSONS, actor=owner)
    order = till.bought(bundle, user=student)
    set_policy(offer=bundle, policy=Policy(cooling_days=3), actor=owner)
    page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    assert "up to 10 % opened, 80 % comes back" in page
    assert "For 3 days" not in page


@pytest.mark.parametrize("policy", [EU, Policy(cooling_days=14)])
def test_opening_a_lesson_ends_cancelling_where_the_buyer_agreed_to_that(
    till: Till, teacher: Any, student: Any, owner: Any, policy: Policy
) -> None:
    course = make_course(lessons=2, teacher=teacher)
    offer = make_offer(cohort=make_cohort(course=course))
    set_policy(offer=offer, policy=policy, actor=owner)
    order = till.bought(offer, user=student, consent=True)
    preview, paid = course.lessons.order_by("position")
    seat = Enrolment.objects.get(user=student)
    open_lesson(enrolment=seat, lesson=preview)
    assert cancelling_means(order) == "money_back"
    open_lesson(enrolment=seat, lesson=paid)
    if not policy.digital_consent:
        assert cancelling_means(order) == "money_back"
        return
    assert cancelling_means(order) == ""
    with pytest.raises(CannotCancel):
        cancel_order(order=order, actor=student)
