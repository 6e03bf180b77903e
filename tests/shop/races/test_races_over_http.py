"""Races of buyers, bank and staff over HTTP, on gunicorn's four workers and PostgreSQL: no 5xx, nothing sold or paid twice.

Each has its control beside it: the same race on a site whose rows are not locked (unlocked.py). Those of coupons and of
expiry against payment stand where threads of one process can be slowed down at one line: test_race_coupon.py and
test_race_last_kit.py.
"""

import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings

from kit.clock import now
from shop.checkout.flows import release_expired_orders
from shop.orders.models import Order
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payouts.models import Payout
from shop.referrals.models import Commission
from stock.flows import set_on_hand
from stock.models import StockItem
from tests.bench.data import CSRF, session_of
from tests.factories import make_cohort, make_course, make_offer, make_sku, make_user
from tests.profile import size
from tests.shop.crowd import at_once, oversold
from tests.shop.races.test_race_coupon import HOME
from tests.shop.served import Browser, StaysHere, site
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, PIECES = size(16, 200), size(4, 20)


class Buyer(Browser):
    """Fills a basket with the class and its kit, then stands before the pay button."""

    def prepare(self) -> None:
        self.page("/en/shop/class/")
        self.post("/en/basket/add/", {"offer": "class"})
        self.page("/en/checkout/")

    def buy(self) -> int:
        return self.post("/en/checkout/", {**HOME, "seen_total": "59900", "email": f"buyer{self.number}@demo.test"})


def pressed_by(user: Any, address: str) -> Callable[[str, dict[str, str]], int]:
    """press(path, values): the status that a signed-in member of staff gets."""
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    opener = urllib.request.build_opener(StaysHere())
    opener.addheaders = [("Cookie", cookies)]

    def press(path: str, values: dict[str, str]) -> int:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": CSRF, **values}).encode()
        try:
            return int(opener.open(f"{address}{path}", body, timeout=60).status)
        except urllib.error.HTTPError as error:
            return error.code

    return press


UNLOCKED = "tests.shop.races.unlocked"


def _rush(till: Till, teacher: Any, **how: str) -> list[int]:
    """Everybody stands before the pay button, then all press it."""
    cohort = make_cohort(course=make_course(lessons=1), seats=PIECES)
    make_offer(cohort=cohort, sku=make_sku(seller=teacher, on_hand=PIECES), slug="class")
    with site(till.stand_in.base, **how) as address:
        buyers = [Buyer(address, number) for number in range(BUYERS)]
        assert at_once([buyer.prepare for buyer in buyers]) == [None] * BUYERS
        return at_once([buyer.buy for buyer in buyers])


def test_many_buyers_for_few_seats_and_kits_get_no_more_than_there_are(till: Till, teacher: Any) -> None:
    answers = _rush(till, teacher)
    # 303: on to Stripe's page. 409: somebody was quicker, said clearly.
    assert answers.count(303) == PIECES, answers
    assert set(answers) == {303, 409}, answers
    assert Order.objects.count() == Payment.objects.count() == PIECES
    assert [(item.on_hand, item.reserved, item.allocated) for item in StockItem.objects.all()] == [(PIECES, PIECES, 0)] * 2
    check_audit()


def test_control_without_locks_more_is_sold_than_there_is(till: Till, teacher: Any) -> None:
    with oversold():
        answers = _rush(till, teacher, module=UNLOCKED)
    assert answers.count(303) > PIECES, answers


def _refunds(order: Order, owner: Any, address: str) -> list[int]:
    press = pressed_by(owner, address)
    wish = {"what": "all", "amount": "59900", "reason": "twice"}
    path = f"/en/admin/shop/orders/{order.number}/refund/"
    return at_once([partial(press, path, {**wish, "key": str(uuid.uuid4())}) for _one in range(6)])


def test_control_without_locks_the_money_is_given_back_more_than_once(till: Till, bundle: Any, owner: Any) -> None:
    with site(till.stand_in.base, module=UNLOCKED) as address:
        for _attempt in range(3):  # on a busy machine the workers' first answers come one after another
            order = till.bought(bundle, user=make_user())
            _refunds(order, owner, address)
            if sum(Refund.objects.filter(payment__order=order).values_list("amount", flat=True)) > 59900:
                return
    pytest.fail("without locks, too, the money was given back once")


def test_two_refunds_at_once_over_http_give_the_money_back_once(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    with site(till.stand_in.base) as address:
        answers = _refunds(order, owner, address)
    assert set(answers) == {302}, answers
    assert len(list(till.stand_in.world.store.oldest_first("refund"))) == 1
    assert Refund.objects.get().amount == 59900
    check_audit()


def test_expiry_against_payment_over_http_never_loses_the_payment(till: Till, bundle: Any) -> None:
    rounds = size(3, 20)
    set_on_hand(ref="sku:UKE-S@main", on_hand=rounds)
    with site(till.stand_in.base) as address:
        for _round in range(rounds):
            order = till.place(bundle, user=make_user())
            till.pay(order)
            Order.objects.filter(pk=order.pk).update(hold_until=now() - timedelta(minutes=1))
            posts = [partial(_deliver, address, *taken[:2]) for taken in till.stand_in.take_webhooks()]
            answers = at_once([release_expired_orders, *posts, release_expired_orders])
            assert set(answers) == {0, 204}, answers
            order.refresh_from_db()
            assert (order.state, order.shipments.count()) == (Order.State.PAID, 1)
    assert not WebhookEvent.objects.exclude(state__in=["done", "ignored"]).exists()
    check_audit()


def _deliver(address: str, body: bytes, signature: str) -> int:
    head = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return int(urllib.request.urlopen(urllib.request.Request(f"{address}/webhooks/stripe/", body, head), timeout=60).status)


def test_a_payout_run_started_twice_over_http_pays_once(
    till: Till, bundle: Any, visitor_of_referrer: uuid.UUID, owner: Any
) -> None:
    assert set(_runs(till, bundle, visitor_of_referrer, owner)) == {302}
    payout = Payout.objects.get()
    assert payout.amount == 46900 * 3000 // 10000 + 13000 * 500 // 10000
    assert payout.entries.count() == 2


def test_control_without_locks_only_the_database_stops_the_second_run(
    till: Till, bundle: Any, visitor_of_referrer: uuid.UUID, owner: Any
) -> None:
    """Nothing is paid twice even then, but people see an error page."""
    answers = _runs(till, bundle, visitor_of_referrer, owner, module=UNLOCKED)
    assert 500 in answers, answers
    assert Payout.objects.count() == 1


def _runs(till: Till, bundle: Any, visitor: uuid.UUID, owner: Any, **how: str) -> list[int]:
    till.bought(bundle, visitor=visitor)
    Commission.objects.update(state=Commission.State.AVAILABLE, available_at=now() - timedelta(days=1))
    with site(till.stand_in.base, **how) as address:
        press = pressed_by(owner, address)
        return at_once([partial(press, "/en/admin/shop/payouts/prepare/", {}) for _one in range(6)])
