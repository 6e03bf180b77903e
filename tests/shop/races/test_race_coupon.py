"""Many buyers at once with one single-use code, over HTTP on gunicorn; with the control that shows the race without the lock."""

import time
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from kit.clock import now
from shop.catalogue.models import Coupon
from shop.checkout.flows import CannotOrder
from shop.orders import coupons
from shop.orders.models import CouponUse, Order
from tests.factories import make_coupon, make_offer, make_sku, make_user
from tests.profile import size
from tests.shop.crowd import at_once
from tests.shop.served import Browser, site
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = size(12, 50)
HOME = {
    "country": "TW",
    "name": "王小明",
    "phone": "0912345678",
    "region": "台北市",
    "city": "大安區",
    "street": "和平東路一段 1 號",
    "agree": "on",
}


class Buyer(Browser):
    """A browser that has filled a basket and stands before the pay button."""

    def __init__(self, site: str, number: int) -> None:
        super().__init__(site, number)
        self.page("/en/shop/kit/")
        self.post("/en/basket/add/", {"offer": "kit"})
        self.page("/en/checkout/")

    def buy(self) -> int:
        wish = {**HOME, "coupon": "ONCE", "seen_total": "53910", "email": f"buyer{self.number}@demo.test"}
        return self.post("/en/checkout/", wish)


def test_many_buyers_with_one_single_use_code_use_it_once(till: Till) -> None:
    make_offer(slug="kit", sku=make_sku(on_hand=BUYERS))
    make_coupon("ONCE", max_uses=1)
    with site(till.stand_in.base) as address:
        buyers = [Buyer(address, number) for number in range(BUYERS)]
        answers = at_once([buyer.buy for buyer in buyers])
    # 303: on to Stripe's page. 409, or the page again: somebody was quicker.
    assert answers.count(303) == 1, answers
    assert set(answers) <= {200, 303, 409}, answers
    order = Order.objects.get()
    assert (order.discount, CouponUse.objects.get().order) == (5990, order)
    assert Coupon.objects.get().used == 1
    check_audit()


@pytest.fixture
def rush(till: Till) -> Any:
    """Twelve people place an order with the code at once, each stopping a moment between looking and taking."""
    offer = make_offer(sku=make_sku(on_hand=20))
    make_coupon("ONCE", max_uses=1)
    works = [
        partial(till.place, basket=till.basket(offer), user=make_user(), coupon="ONCE", key=f"rush-{number}")
        for number in range(12)
    ]
    return lambda: at_once(works)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = coupons.check_uses

    def slow(*args: Any) -> None:
        honest(*args)
        time.sleep(0.2)

    monkeypatch.setattr(coupons, "check_uses", slow)


def test_with_the_lock_one_of_twelve_flows_takes_it(rush: Any, slowly: None) -> None:
    answers = rush()
    assert sum(isinstance(answer, Order) for answer in answers) == 1, answers
    assert sum(isinstance(answer, CannotOrder) for answer in answers) == 11, answers
    check_audit()


def test_control_without_the_lock_a_single_use_code_is_used_more_than_once(
    rush: Any, slowly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coupons are read without FOR UPDATE, and the database's own last line of defence is down."""
    honest = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self if self.model is Coupon else honest(self, **how))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_coupon DROP CONSTRAINT coupon_within_its_uses")
    answers = rush()
    assert sum(isinstance(answer, Order) for answer in answers) > 1, answers
    CouponUse.objects.update(released_at=now())
    Coupon.objects.update(used=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE catalogue_coupon ADD CONSTRAINT coupon_within_its_uses CHECK (max_uses IS NULL OR used <= max_uses)"
        )
