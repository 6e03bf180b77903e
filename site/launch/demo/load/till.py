"""The buyers' side of payments: what people do on the payment page, done through the stand-in's controls."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from shop.checkout.flows import release_expired_orders, sweep_missed_events


class Till:
    """Speaks to the Stripe stand-in at `base`, whose clock follows ours while the demo is loaded."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.shift = int(self.ask("shift_clock", seconds=0))

    def ask(self, control: str, **arguments: Any) -> Any:
        """Run a control of the stand-in. Raises OSError where nobody answers or it refuses."""
        body = json.dumps(arguments).encode()
        request = urllib.request.Request(f"{self.base}/_control/{control}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def follow_clock(self) -> None:
        """Sessions, charges and signatures bear the moment at which we are."""
        if self.shift != settings.CLOCK_OFFSET:
            self.shift = int(self.ask("shift_clock", seconds=settings.CLOCK_OFFSET - self.shift))

    def pay(self, session_id: str, card: str) -> None:
        self.follow_clock()
        self.ask("pay", session_id=session_id, card=card)
        self.listen()

    def delay(self, session_id: str) -> None:
        """Pay by a method whose outcome comes when somebody presses it on the stand-in's desk."""
        self.follow_clock()
        self.ask("delay_payment", session_id=session_id, settles=False)
        self.listen()

    def dispute(self, intent_id: str) -> None:
        self.follow_clock()
        charges = [event["data"]["object"] for event in self.ask("events", type="charge.succeeded")]
        charge = next(charge for charge in charges if charge["payment_intent"] == intent_id)
        self.ask("open_dispute", charge_id=charge["id"])
        self.listen()

    def listen(self) -> None:
        """Fetch and process what Stripe has to tell, as the site does after it was down; end what was not paid."""
        self.follow_clock()
        sweep_missed_events()
        release_expired_orders()


@contextmanager
def open_till() -> Iterator[Till | None]:
    """The stand-in, its webhooks held back meanwhile; None where the site speaks to the real Stripe."""
    base = settings.STRIPE_API_BASE
    if not base:
        yield None
        return
    till = Till(base)
    before = till.shift
    till.ask("pause")
    try:
        yield till
    finally:
        till.ask("shift_clock", seconds=before - till.shift)
        till.ask("resume")
