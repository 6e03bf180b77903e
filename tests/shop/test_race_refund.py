"""Two owners confirm what each of them previewed, at once: one refund; the other is told to look again."""

import time
from typing import Any

import pytest
from django.db.models import QuerySet

from shop.checkout.flows import CannotRefund, refund, refund_order
from shop.checkout.flows.refund_preview import left_of, part_of
from shop.orders.models import Order
from shop.payments.models import Refund
from tests.shop.crowd import at_once
from tests.shop.till import Till

pytestmark = pytest.mark.django_db(transaction=True)


def _rush(order: Order, owner: Any) -> list[Any]:
    left = left_of(order)
    components, shipping = part_of(order, 10000)
    terms: dict[str, Any] = {"components": components, "shipping": shipping, "actor": owner, "reason": "sorry", "left": left}
    return at_once([lambda n=n: refund_order(order=order, key=f"admin:{n}", **terms) for n in range(4)])  # type: ignore[misc]


def test_two_owners_at_once_refund_once(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    answers = _rush(order, owner)
    assert sum(isinstance(answer, Refund) for answer in answers) == 1, answers
    assert sum(isinstance(answer, CannotRefund) for answer in answers) == 3, answers
    till.deliver()
    assert Refund.objects.get().amount == 10000


def test_control_without_the_lock_both_pass(
    till: Till, bundle: Any, student: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = till.bought(bundle, user=student)
    honest = left_of

    def slowly(row: Order) -> int:
        left = honest(row)
        time.sleep(0.3)
        return left

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(refund, "left_of", slowly)
    _rush(order, owner)
    assert Refund.objects.count() > 1
