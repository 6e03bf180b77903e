"""Histories of one order: what a buyer, a bank and staff do, at Stripe and on the site.

`Life` lives one through. Steps that make no sense where it stands are passed over; they are judged by what Stripe has,
so that two lives of the same steps do the same. Where a person acts on the site, `wait` lets it hear enough first: nobody
refunds or tries again by what they have not been told.
"""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from django.test import TestCase

from shop.checkout.flows import CannotRefund, kit_only, refund_order
from shop.orders.models import Order
from shop.payments import stripe
from shop.payments.models import Dispute, Refund
from shop.payments.reads import refundable
from tests.conftest import Clock
from tests.profile import size
from tests.shop.till import Till

Step = tuple[str, *tuple[Any, ...]]
Known = tuple[Any, ...]
HOW_IT_IS_PAID: list[list[Step]] = [
    [("pay",)],
    [("decline",), ("pay",)],
    [("delay",), ("settle", True)],
    [("expire",), ("retry",), ("pay",)],
    [("delay",), ("settle", False), ("retry",), ("decline",), ("pay",)],
]
HOW_IT_IS_NOT: list[list[Step]] = [
    [("decline",), ("expire",)],
    [("delay",), ("settle", False)],
    [("expire",), ("retry",), ("delay",)],
]
STATUS = st.sampled_from(["succeeded", "pending", "requires_action", "failed"])
AFTERWARDS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("refund_at_stripe"), st.integers(1, 4), STATUS),
    st.tuples(st.just("refund_here"), st.sampled_from(["kit", "all"]), STATUS),
    st.tuples(st.just("end_refund"), st.integers(0, 2), st.sampled_from(["succeeded", "failed"])),
    st.tuples(st.just("dispute"), st.integers(1, 4)),
    st.tuples(st.just("close"), st.booleans()),
)
PAID = st.builds(list.__add__, st.sampled_from(HOW_IT_IS_PAID), st.lists(AFTERWARDS, min_size=1, max_size=size(3, 7)))
HISTORIES = st.one_of(PAID, PAID, PAID, PAID, st.sampled_from(HOW_IT_IS_NOT))


class Life:
    """One order and what happens to it. `wait()` returns once the site has heard enough for a person to act."""

    def __init__(self, till: Till, clock: Clock, order: Order, wait: Callable[[], None]) -> None:
        self.till, self.clock, self.order, self.wait = till, clock, order, wait
        self.session = till.begin(order)
        self.refunds: list[str] = []

    def _find(self, id: str) -> dict[str, Any]:
        return self.till.stand_in.world.store.find(id) or {}

    @property
    def _intent(self) -> dict[str, Any]:
        return self._find(self._find(self.session)["payment_intent"] or "")

    @property
    def _charge(self) -> dict[str, Any]:
        return self._find(self._intent.get("latest_charge") or "")

    @property
    def _dispute(self) -> dict[str, Any]:
        rows = self.till.stand_in.world.store.oldest_first("dispute")
        return next((row for row in rows if row["charge"] == self._charge.get("id")), {})

    def known(self) -> Known:
        """What the site knows, as far as people act by it."""
        self.order.refresh_from_db()
        payments = list(self.order.payments.order_by("pk"))
        disputes = Dispute.objects.filter(payment__order=self.order).values_list("state", flat=True)
        refunds = sorted(Refund.objects.filter(payment__order=self.order).values_list("amount", "state"))
        return self.order.state, [row.state for row in payments], [refundable(row) for row in payments], list(disputes), refunds

    def do(self, step: Step) -> None:
        self.clock.advance(seconds=2)
        name, *how = step
        getattr(self, f"step_{name}")(*how)

    def _is_open(self) -> bool:
        return bool(self._find(self.session)["status"] == "open")

    def step_pay(self) -> None:
        if self._is_open():
            self.till.stand_in.pay(self.session)

    def step_decline(self) -> None:
        if self._is_open():
            self.till.stand_in.decline(self.session)

    def step_expire(self) -> None:
        if self._is_open():
            self.till.stand_in.expire(self.session)

    def step_delay(self) -> None:
        if self._is_open():
            self.till.stand_in.delay_payment(self.session, settles=False)

    def step_settle(self, ok: bool) -> None:
        if self._intent.get("status") == "processing":
            self.till.stand_in.settle(self.session, ok=ok)

    def step_retry(self) -> None:
        """The buyer hears that it failed or ran out, and tries once more."""
        status = self._find(self.session)["status"]
        if status == "expired" or (status == "complete" and self._intent["status"] == "requires_payment_method"):
            self.wait()
            self.session = self.till.begin(self.order)

    def _left(self) -> int:
        charge = self._charge
        if not charge.get("captured") or (self._dispute and not self._dispute["is_charge_refundable"]):
            return 0
        return int(charge["amount_captured"] - charge["amount_refunded"])

    def step_refund_at_stripe(self, quarters: int, status: str) -> None:
        """In Stripe's dashboard: it bears no mark of ours and names no parts."""
        if self._left():
            self.till.stand_in.next_refund(status)
            params: Any = {"charge": self._charge["id"], "amount": max(1, self._left() * quarters // 4)}
            self.refunds.append(str(stripe.call(lambda api: api.v1.refunds.create(params))["id"]))

    def step_refund_here(self, what: str, status: str) -> None:
        if not self._left():
            return
        self.wait()
        order = Order.objects.get(pk=self.order.pk)
        self.till.stand_in.next_refund(status)
        try:
            with TestCase.captureOnCommitCallbacks(execute=True):
                parts = kit_only(order) if what == "kit" else "everything"
                refund = refund_order(order=order, components=parts, actor=None, reason="")
            self.refunds.append(str(refund.provider_id))
        except CannotRefund:  # nothing is left of the kit
            self.till.stand_in.world.playing.refund_statuses.clear()

    def step_end_refund(self, index: int, status: str) -> None:
        refund = self._find(self.refunds[index]) if index < len(self.refunds) else {"status": "failed"}
        if refund["status"] not in ("failed", "canceled", status):
            self.till.stand_in.finish_refund(refund["id"], status)

    def step_dispute(self, quarters: int) -> None:
        if self._left() and not self._charge["disputed"]:
            self.till.stand_in.open_dispute(self._charge["id"], amount=max(1, self._left() * quarters // 4))

    def step_close(self, won: bool) -> None:
        if self._dispute.get("status") == "needs_response":
            self.till.stand_in.close_dispute(self._dispute["id"], won=won)
