"""An app that takes the locks off when the site starts, and lets each race's reader wait a moment before it writes."""

import time
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

# Longer than the four workers are apart, even on a busy machine.
PAUSE = 1.0


class UnlockingConfig(AppConfig):
    name = "tests.shop.races.unlocking"
    label = "unlocking"

    def ready(self) -> None:
        import stock.flows.holding
        from shop.payments import flows as payments
        from shop.payouts.flows import prepare

        QuerySet.select_for_update = lambda self, **_how: self  # type: ignore[assignment, method-assign, misc]
        stock.flows.holding.lock_rows = _slowly(stock.flows.holding.lock_rows)
        payments.refundable = _slowly(payments.refundable)
        prepare.lock_payee = lambda _payee_id: None  # type: ignore[assignment]
        prepare._make = _slowly(prepare._make, before=True)


def _slowly(honest: Callable[..., Any], *, before: bool = False) -> Callable[..., Any]:
    def slow(*args: Any, **values: Any) -> Any:
        if before:
            time.sleep(PAUSE)
        answer = honest(*args, **values)
        if not before:
            time.sleep(PAUSE)
        return answer

    return slow
