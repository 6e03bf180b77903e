"""Shares that change while an order settles: one of the two comes first, and what counts never changes afterwards."""

import threading
import time
from typing import Any

import pytest
from django.db import connection

from shop.checkout.flows import settle_payment
from shop.orders.models import Order
from shop.payments import stripe
from shop.payouts.flows import change_split, share, share_revenue, split
from shop.payouts.models import Earning, Split

pytestmark = pytest.mark.django_db(transaction=True)


def _change_while_settling(till: Any, offer: Any, teacher: Any, owner: Any, monkeypatch: pytest.MonkeyPatch) -> Order:
    """The change has read its moment but not committed when the order is paid and its shares are counted."""
    order = till.place(offer)
    session = stripe.read_session(till.pay(order))
    changing, settled = threading.Event(), threading.Event()
    real = split.audit.record

    def slowly(**words: Any) -> Any:
        changing.set()
        settled.wait(1.5)
        return real(**words)

    def change() -> None:
        try:
            change_split(offer=offer, shares={teacher.pk: 10_000}, actor=owner)
        finally:
            connection.close()

    monkeypatch.setattr(split.audit, "record", slowly)
    thread = threading.Thread(target=change)
    thread.start()
    assert changing.wait(5)
    time.sleep(0.05)
    monkeypatch.setattr(split.audit, "record", real)
    settle_payment(session=session)
    settled.set()
    thread.join()
    order.refresh_from_db()
    assert Split.objects.get().created_at < order.paid_at  # type: ignore[operator]
    return order


def test_shares_changed_while_an_order_settles_are_waited_for(
    till: Any, bundle: Any, teacher: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = _change_while_settling(till, bundle, teacher, owner, monkeypatch)
    assert Earning.objects.count() == 2
    assert share_revenue(order=order) == []


def test_control_without_the_lock_the_order_is_settled_by_shares_that_do_not_count(
    till: Any, bundle: Any, teacher: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "lock_offers", lambda offers: None)
    order = _change_while_settling(till, bundle, teacher, owner, monkeypatch)
    assert not Earning.objects.exists()
    assert len(share_revenue(order=order)) == 2
