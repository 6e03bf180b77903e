"""Our idempotency keys are committed before Stripe is called: a crash in the middle of the call loses nothing."""

import threading
import time
from typing import Any

import pytest
from django.db import connections

from shop.checkout.flows import begin_payment, refund_order
from shop.payments.models import Payment, Refund
from tests.shop.till import Till

pytestmark = pytest.mark.django_db(transaction=True)


def _seen_during(work: Any, rows: Any) -> list[str]:
    """Keys of started rows that another connection sees while `work` waits for Stripe."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 3
    seen: list[str] = []
    while not seen and time.monotonic() < deadline and thread.is_alive():
        seen = list(rows.filter(state="started").values_list("key", flat=True))
    assert thread.is_alive(), "Stripe had answered already"
    thread.join()
    return seen


def test_a_payments_key_is_there_while_stripe_is_asked(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.stand_in.hang_next(1, path="sessions")
    assert _seen_during(lambda: begin_payment(order=order), Payment.objects.all()) == [Payment.objects.get().key]
    session = next(till.stand_in.world.store.oldest_first("checkout.session"))
    assert session["metadata"]["payment"] == Payment.objects.get().key


def test_a_refunds_key_and_lines_are_there_while_stripe_is_asked(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.hang_next(1, path="refunds")
    seen = _seen_during(lambda: refund_order(order=order, actor=None, reason=""), Refund.objects.all())
    assert seen == [Refund.objects.get().key]
    assert Refund.objects.get().lines.count() == 2
    till.deliver()
