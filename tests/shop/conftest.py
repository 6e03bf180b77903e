"""Fixtures of the shop's tests."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from shop.referrals.flows import create_link, create_programme, join_programme, record_click
from shop.referrals.rules import Rules
from tests.factories import make_cohort, make_course, make_offer, make_sku
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn


@pytest.fixture
def till(stand_in: StandIn) -> Till:
    return Till(stand_in)


@pytest.fixture
def bundle(teacher: Any) -> Any:
    """The demo's offer: a seat and a ukulele for CNY 599, split 469 : 130."""
    cohort = make_cohort(course=make_course(lessons=1), seats=20)
    return make_offer(
        cohort=cohort, sku=make_sku(seller=teacher, code="UKE-S", on_hand=10), slug="ukulele", title="Ukulele class with kit"
    )


@pytest.fixture
def visitor_of_referrer(bundle: Any, referrer: Any) -> uuid.UUID:
    """Somebody who came by the referrer's link: 30 % of the seat, 5 % of the kit."""
    programme = create_programme(name="Everything", rules=Rules(rates={"seat": 3000, "stock": 500}))
    join_programme(user=referrer, programme=programme)
    create_link(owner=referrer, target="/courses/", code="demo")
    visitor = uuid.uuid4()
    record_click(code="demo", visitor=visitor, address="192.0.2.1", user=AnonymousUser())
    return visitor


@pytest.fixture
def english() -> Iterator[None]:
    """Texts for people as they stand in the source."""
    with translation.override("en"):
        yield
