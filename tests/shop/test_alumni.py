"""A class that has finished: the next course and what the kit uses up, at the class's price, in one tap."""

from typing import Any

import pytest
from django.test import Client

from community.models import Space
from courses.flows import revoke_seat
from courses.models import Certificate
from kit.clock import now
from shop.catalogue.models import Coupon
from tests.factories import enrol, make_cohort, make_coupon, make_course, make_offer, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(teacher: Any, student: Any) -> Certificate:
    cohort = make_cohort(course=make_course(lessons=1))
    seat = enrol(student, cohort, source="order:1")
    following = make_offer(cohort=make_cohort(course=make_course(lessons=1)), title="Course two", price=50000)
    strings = make_offer(seller=teacher, sku=make_sku(seller=teacher), title="New strings", price=4000)
    make_coupon("ALUMNI", percent=2000, space=Space.objects.get(about=cohort.seat_ref), offers=[following, strings])
    return Certificate.objects.create(enrolment=seat, name="An", course_title="Strings", issued_at=now())


def page(certificate: Certificate, browser: Client) -> str:
    return browser.get(f"/en/certificates/{certificate.uuid}/").content.decode()


def test_the_owner_of_the_certificate_alone_sees_next_course_and_consumables(finished: Certificate, client_of: Any) -> None:
    own = page(finished, client_of(finished.enrolment.user))
    assert "Course two" in own
    assert "New strings" in own
    assert 'name="coupon" value="ALUMNI"' in own
    for other in (Client(), client_of(make_user())):
        assert "ALUMNI" not in page(finished, other)


def test_one_tap_leads_to_a_checkout_with_the_class_price(finished: Certificate, client_of: Any) -> None:
    browser = client_of(finished.enrolment.user)
    html = page(finished, browser)
    slug = html.split("New strings")[1].split('name="offer" value="')[1].split('"')[0]
    answer = browser.post("/en/basket/add/", {"offer": slug, "coupon": "ALUMNI", "quantity": "1", "buy": "now"})
    assert answer.headers["Location"].endswith("/checkout/?coupon=ALUMNI")
    assert "Discount ALUMNI" in browser.get(answer.headers["Location"]).content.decode()


def test_the_code_is_worth_nothing_to_others_or_after_a_refund(finished: Certificate, client_of: Any) -> None:
    slug = Coupon.objects.get().offers.get(title="New strings").slug
    stranger = client_of(make_user())
    stranger.post("/en/basket/add/", {"offer": slug, "quantity": "1"})
    assert "Discount ALUMNI" not in stranger.get("/en/checkout/?coupon=ALUMNI").content.decode()
    own = client_of(finished.enrolment.user)
    own.post("/en/basket/add/", {"offer": slug, "quantity": "1"})
    revoke_seat(source="order:1")
    assert "Discount ALUMNI" not in own.get("/en/checkout/?coupon=ALUMNI").content.decode()


def test_codes_in_the_address_count_as_guesses(finished: Certificate, client_of: Any, settings: Any) -> None:
    settings.COUPON_GUESSES_PER_MINUTE = 3
    browser = client_of(make_user())
    browser.post("/en/basket/add/", {"offer": Coupon.objects.get().offers.get(title="New strings").slug, "quantity": "1"})
    answers = [browser.get(f"/en/checkout/?coupon=GUESS{number}").status_code for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_a_paused_coupon_is_not_offered(finished: Certificate, client_of: Any) -> None:
    Coupon.objects.update(paused_at=now())
    assert "ALUMNI" not in page(finished, client_of(finished.enrolment.user))
