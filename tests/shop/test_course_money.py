"""/teach/courses/<course>/money/: what a course brought in, and its prices, for whose role allows it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.flows import add_to_team
from kit.models import AuditEntry
from shop.catalogue.models import Price
from shop.checkout.flows import kit_only, refund_order
from shop.orders.course_income import course_income
from tests.factories import make_cohort, make_course, make_offer, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def page(bundle: Any) -> str:
    return f"/en/teach/courses/{bundle.course.slug}/money/"


def _member(bundle: Any, role: str) -> Any:
    user = make_user()
    add_to_team(course=bundle.course, user=user, role=role)
    return user


def test_what_was_paid_and_refunded_is_summed(bundle: Any, till: Till, owner: Any, client_of: Any, page: str) -> None:
    till.bought(bundle, user=make_user())
    order = till.bought(bundle, user=make_user())
    refund_order(order=order, components=kit_only(order), actor=owner, reason="kit back")
    till.deliver()
    (row,) = course_income(bundle.course)
    assert (row.orders, row.paid, row.refunded, row.kept) == (2, 119800, 13000, 106800)
    text = client_of(bundle.course.teacher).get(page).content.decode()
    for shown in ("¥1,198", "¥130", "¥1,068"):
        assert shown in text


def test_another_courses_orders_are_not_counted(bundle: Any, till: Till, teacher2: Any) -> None:
    other = make_offer(cohort=make_cohort(course=make_course(teacher=teacher2, lessons=1)))
    till.bought(other, user=make_user())
    assert course_income(bundle.course) == []


def test_the_seller_sets_a_price_and_it_is_in_the_trail(bundle: Any, client_of: Any, page: str) -> None:
    seller = _member(bundle, "seller")
    browser = client_of(seller)
    assert "¥599" in browser.get(page).content.decode()
    values = {"offer": bundle.pk, "currency": "CNY", "price": "649.50"}
    assert browser.post(page, values).status_code == 302
    assert Price.objects.get(offer=bundle, currency="CNY", valid_to=None).amount == 64950
    assert AuditEntry.objects.filter(action="price.set", actor_id=seller.pk).exists()
    for wrong in ({"price": "x"}, {"price": "0"}, {"price": "-5"}, {"currency": "XXX"}, {"price": "1.234"}):
        assert browser.post(page, {**values, **wrong}).status_code == 422
    foreign = make_offer(cohort=make_cohort(course=make_course(lessons=1)))
    assert browser.post(page, {**values, "offer": foreign.pk}).status_code == 422
    assert Price.objects.get(offer=bundle, currency="CNY", valid_to=None).amount == 64950


@pytest.mark.parametrize("role", ["author", "teacher", "assistant", "host"])
def test_other_roles_see_no_money(bundle: Any, client_of: Any, page: str, role: str) -> None:
    browser = client_of(_member(bundle, role))
    assert browser.get(page).status_code == 404
    assert browser.post(page, {"offer": bundle.pk, "currency": "CNY", "price": "1"}).status_code == 404
    assert page not in browser.get(f"/en/teach/courses/{bundle.course.slug}/").content.decode()


def test_another_teacher_finds_nothing(bundle: Any, teacher2: Any, student: Any, client_of: Any, page: str) -> None:
    for user in (teacher2, student):
        assert client_of(user).get(page).status_code == 404


def test_the_page_asks_the_same_for_one_order_and_for_many(bundle: Any, till: Till, client_of: Any, page: str) -> None:
    browser, counts = client_of(bundle.course.teacher), []
    browser.get(page)
    for more in (1, 4):
        for _one in range(more):
            till.bought(bundle, user=make_user())
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]
