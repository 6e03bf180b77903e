"""Fixtures of the shop's tests."""

from typing import Any

import pytest

from tests.factories import make_cohort, make_offer, make_sku
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn


@pytest.fixture
def till(stand_in: StandIn) -> Till:
    return Till(stand_in)


@pytest.fixture
def bundle(teacher: Any) -> Any:
    """The demo's offer: a seat and a ukulele for CNY 599, split 469 : 130."""
    cohort = make_cohort(seats=20)
    return make_offer(cohort=cohort, sku=make_sku(seller=teacher, code="UKE-S", on_hand=10), slug="ukulele", title="Ukulele class with kit")
