"""Where the site speaks to the real Stripe, the demo comes without orders."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from launch.demo.load import load
from shop.orders.models import Order
from tests.profile import FULL


@pytest.mark.skipif(not FULL, reason="loads the demo once more: make test-full")
@pytest.mark.django_db
def test_with_the_real_stripe_no_orders_are_made_up_and_students_still_learn(settings: Any) -> None:
    settings.STRIPE_API_BASE = ""
    said: list[str] = []
    assert load(say=said.append)
    assert len(said) == 1
    assert not Order.objects.exists()
    client = Client()
    client.force_login(User.objects.get(email="student@demo.test"), backend="accounts.backends.AccountBackend")
    assert client.get("/courses/ukulele/day-14/").status_code == 200
