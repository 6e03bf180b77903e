"""Many papers at once: every number once and none missing; with the control that shows what the lock is for."""

import time
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from shop.invoices.flows import issue, issue_due_paper
from shop.invoices.models import Paper, Series
from shop.invoices.reads import runs
from shop.orders.models import Order
from tests.factories import make_offer, make_sku
from tests.shop.crowd import at_once
from tests.shop.till import Till

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = 8


def _rush(till: Till) -> list[Any]:
    """All orders are paid and have no paper yet; then all are issued at once."""
    offer = make_offer(sku=make_sku(on_hand=ORDERS))
    orders = [till.place(offer, email=f"buyer{number}@x.test") for number in range(ORDERS)]
    Order.objects.update(state="paid", paid_at=orders[0].placed_at)
    return at_once([partial(issue_due_paper, {"order": order.pk, "source": order.holder}) for order in orders])


def test_papers_issued_at_once_are_numbered_without_gaps_or_doubles(till: Till) -> None:
    assert _rush(till) == [None] * ORDERS
    assert sorted(Paper.objects.values_list("position", flat=True)) == list(range(1, ORDERS + 1))
    assert [(run.papers, run.complete) for run in runs()] == [(ORDERS, True)]


def test_control_without_the_lock_two_papers_want_the_same_number(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The series is read without FOR UPDATE, and each waits a moment before it writes: the database refuses the second."""
    honest = Series.save

    def slowly(self: Series, **how: Any) -> None:
        time.sleep(0.3)
        honest(self, **how)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(issue.Series, "save", slowly)
    refused = [answer for answer in _rush(till) if isinstance(answer, IntegrityError)]
    assert refused
    assert Paper.objects.count() == ORDERS - len(refused)
