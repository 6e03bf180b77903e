"""What stands around the school in a browser test: the payment service, the post that carries its webhooks."""

import urllib.request
from dataclasses import dataclass

from tests.stripe_stand_in import StandIn


@dataclass
class Street:
    url: str
    stand_in: StandIn

    def deliver_webhooks(self) -> None:
        """Carry everything that Stripe has to say to the school's door, once."""
        for body, signature, _event in self.stand_in.take_webhooks():
            request = urllib.request.Request(
                f"{self.url}/webhooks/stripe/",
                data=body,
                headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert answer.status < 300
