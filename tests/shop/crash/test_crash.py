"""Web and worker killed between "Stripe was called" and "committed": started again, all ends as if nothing had happened.

One story is lived through by real processes: a buyer pays, is refunded, and another order runs out. Each of its calls to
Stripe is a point where the caller may die, before or after it has heard the answer.
"""

import contextlib
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db.models import F

from kit.clock import now
from shop.checkout import tasks
from shop.checkout.flows import begin_payment
from shop.orders.links import key_of, order_path
from shop.orders.models import Order
from shop.payments.models import Payment, Refund, WebhookEvent
from tests.factories import make_user
from tests.profile import FULL
from tests.shop.crash.door import Door
from tests.shop.crash.processes import Processes, until
from tests.shop.order_of_events.picture import picture
from tests.shop.served import Browser, environment
from tests.shop.till import Till, check_audit
from tests.stripe_stand_in import StandIn

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:The ``noload``"),  # kombu's queue in PostgreSQL, with SQLAlchemy 2.1
]
PATIENCE = 2.0
Point = tuple[str, int, bool]


class Story:
    """A buyer pays an order, is refunded; another order runs out. What it takes, whoever dies on the way."""

    def __init__(self, till: Till, house: Processes, bundle: Any) -> None:
        self.till, self.house = till, house
        self.order, self.other = till.place(bundle, user=make_user()), till.place(bundle, user=make_user())
        self.browser = Browser(f"http://{house.address}")
        self.post: list[tuple[bytes, str]] = []

    def live(self) -> None:
        self._press("pay", lambda: self.order.payments.filter(state=Payment.State.OPEN).exists())
        self.till.stand_in.pay(str(self.order.payments.get().session_id))
        self._settle(lambda: self._is(self.order, Order.State.PAID))
        self._press("cancel", lambda: Refund.objects.filter(payment__order=self.order).exists())
        self._settle(lambda: Refund.objects.filter(payment__order=self.order, state=Refund.State.SUCCEEDED).exists())
        begin_payment(order=self.other)
        Order.objects.filter(pk=self.other.pk).update(hold_until=now() - timedelta(minutes=1))
        tasks.release_expired_orders.apply_async()
        self._settle(lambda: self._is(self.other, Order.State.EXPIRED))

    def _is(self, order: Order, state: Any) -> bool:
        return Order.objects.filter(pk=order.pk, state=state).exists()

    def _press(self, button: str, done: Callable[[], bool]) -> None:
        """The buyer presses until something happens: a server that died gives no answer."""

        def press() -> bool:
            with contextlib.suppress(OSError):
                self.browser.page(order_path(self.order))
                self.browser.post(f"/en/checkout/{button}/{self.order.number}/", {"key": key_of(self.order)})
            return done()

        assert until(press), button

    def _settle(self, done: Callable[[], bool]) -> None:
        """Stripe's post arrives, tried again where nobody answers; after a while beat's sweeps look for what was left."""
        began = time.monotonic()

        def quiet() -> bool:
            self._deliver()
            if time.monotonic() - began > PATIENCE:
                _sweep()
            open_events = WebhookEvent.objects.filter(state__in=[WebhookEvent.State.RECEIVED, WebhookEvent.State.FAILED])
            return not self.post and done() and not open_events.exists()

        assert until(quiet), (self.order.payments.values(), list(WebhookEvent.objects.values("type", "state", "note")))

    def _deliver(self) -> None:
        self.post += [(body, signature) for body, signature, _event in self.till.stand_in.take_webhooks()]
        while self.post:
            body, signature = self.post[0]
            head = {"Stripe-Signature": signature, "Content-Type": "application/json"}
            try:
                urllib.request.urlopen(
                    urllib.request.Request(f"http://{self.house.address}/webhooks/stripe/", body, head), timeout=20
                )
            except OSError:
                return
            self.post.pop(0)

    def pictures(self) -> list[dict[str, Any]]:
        return [picture(self.order), picture(self.other)]

    def at_stripe(self) -> tuple[int, int]:
        """Sessions and refunds that Stripe has of the first order."""
        store = self.till.stand_in.world.store
        sessions = [row for row in store.oldest_first("checkout.session") if row["client_reference_id"] == self.order.number]
        intents = {row["payment_intent"] for row in sessions}
        return len(sessions), len([row for row in store.oldest_first("refund") if row["payment_intent"] in intents])


def _sweep() -> None:
    """Time passes, and beat's tasks reach the worker."""
    earlier = now() - timedelta(minutes=5)
    WebhookEvent.objects.filter(received_at__gt=earlier).update(received_at=F("received_at") - timedelta(hours=9))
    Refund.objects.filter(state=Refund.State.STARTED, created_at__gt=earlier).update(created_at=earlier)
    for task in (tasks.sweep_webhooks, tasks.send_waiting_refunds, tasks.release_expired_orders):
        task.apply_async()
    time.sleep(1)


@pytest.fixture
def doors(stand_in: StandIn) -> Iterator[dict[str, Door]]:
    database = environment("")["DATABASE_URL"]
    found = {role: Door(stand_in, database) for role in ("web", "worker")}
    yield found
    for door in found.values():
        door.close()


@pytest.fixture
def house(doors: dict[str, Door]) -> Iterator[Processes]:
    """The running site; what this process queues goes to its worker, too."""
    processes = Processes(doors)
    current_app.conf.task_always_eager = False
    yield processes
    current_app.conf.task_always_eager = True
    processes.stop()


def _points(calls: dict[str, int]) -> list[Point]:
    """Every call of either process, before and after its answer; six of them, spread out, in the quick run."""
    web, worker = (
        [(role, number + 1, heard) for number in range(count) for heard in (False, True)] for role, count in calls.items()
    )
    if FULL:
        return [*web, *worker]
    return [web[0], web[1], web[-1], worker[1], worker[len(worker) // 2], worker[-2]]


def test_fault_23_killed_anywhere_between_stripe_and_the_commit_it_ends_as_if_nothing_had_happened(
    till: Till, bundle: Any, doors: dict[str, Door], house: Processes
) -> None:
    untouched = Story(till, house, bundle)
    untouched.live()
    wanted, at_stripe = untouched.pictures(), untouched.at_stripe()
    assert at_stripe == (1, 1)
    points = _points({role: len(door.calls) for role, door in doors.items()})
    assert len(points) >= (20 if FULL else 6)
    for turn, (role, call, heard) in enumerate(points):
        house.whole = FULL and turn % 2 == 1
        doors[role].set_trap(call, heard=heard)
        story = Story(till, house, bundle)
        story.live()
        assert doors[role].has_snapped, (role, call, heard)
        doors[role].set_trap(0, heard=False)
        assert story.pictures() == wanted, (role, call, heard)
        assert story.at_stripe() == at_stripe, (role, call, heard)
    check_audit()
