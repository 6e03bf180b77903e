"""The shop's till in tests: buy, pay at the stand-in, let webhooks arrive by HTTP; and check the books after each step."""

from itertools import count
from typing import Any

from django.db.models import Sum
from django.test import Client, TestCase
from django.urls import reverse

from kit.models import OutboxMessage
from shop.catalogue.shipping import Fee
from shop.checkout.audit import findings
from shop.checkout.flows import begin_payment, place_order
from shop.invoices.models import Paper
from shop.invoices.reads import runs
from shop.ledger.models import Entry
from shop.ledger.reads import balance
from shop.orders.models import Basket, Order, OrderComponent
from shop.payments.models import Dispute, Payment, Refund, WebhookEvent
from shop.referrals.models import Commission
from stock.models import StockItem
from tests.stripe_stand_in import StandIn

_keys = count(1)


class Till:
    """Speaks to the site as buyers and Stripe do."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.client = Client()
        self.stripe = Client(enforce_csrf_checks=True)

    def basket(self, *offers: Any, quantity: int = 1, user: Any = None) -> Basket:
        """A basket of these offers, in the first one's currency."""
        currency = offers[0].prices.order_by("-pk")[0].currency
        basket = Basket.objects.create(currency=currency)
        for offer in offers:
            basket.lines.create(offer=offer, quantity=quantity)
        return basket

    def place(self, *offers: Any, user: Any = None, quantity: int = 1, basket: Basket | None = None, **fields: Any) -> Order:
        values: dict[str, Any] = {
            "key": f"form-{next(_keys)}",
            "email": user.email if user else "guest@demo.test",
            "language": "en",
            "name": "An",
            **fields,
        }
        if isinstance(values.get("shipping"), int):
            values["shipping"] = Fee(values["shipping"])
        return place_order(basket=basket or self.basket(*offers, quantity=quantity), user=user, **values)

    def begin(self, order: Order) -> str:
        """Begin to pay; the session's id."""
        begin_payment(order=order)
        return str(order.payments.order_by("-pk")[0].session_id)

    def pay(self, order: Order, **how: Any) -> str:
        """Pay on the hosted page; nothing has reached the site yet."""
        session_id = self.begin(order)
        self.stand_in.pay(session_id, **how)
        return session_id

    def post(self, body: bytes, signature: str) -> Any:
        """One webhook over HTTP, and what it queues on commit."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.stripe.post(
                reverse("checkout:webhook"), body, content_type="application/json", headers={"Stripe-Signature": signature}
            )

    def deliver(self) -> list[str]:
        """Let all waiting webhooks arrive; their types."""
        kinds = []
        while taken := self.stand_in.take_webhooks():
            for body, signature, event in taken:
                assert self.post(body, signature).status_code == 204
                kinds.append(event["type"])
                row = WebhookEvent.objects.get(event_id=event["id"])
                assert row.state != WebhookEvent.State.FAILED, row.note
        self.check_books()
        return kinds

    def bought(self, *offers: Any, user: Any = None, **fields: Any) -> Order:
        """A paid order, told by webhooks."""
        order = self.place(*offers, user=user, **fields)
        self.pay(order)
        self.deliver()
        order.refresh_from_db()
        assert order.state == Order.State.PAID
        return order

    def charge_of(self, order: Order) -> str:
        intent = self.stand_in.world.store.find(str(order.payments.get(state=Payment.State.SUCCEEDED).provider_id))
        assert intent is not None
        return str(intent["latest_charge"])

    def check_books(self) -> None:
        """What must hold after every step: every invariant, and Stripe's own balance."""
        check_audit()
        check_papers()
        at_stripe: dict[str, int] = {}
        for moved in self.stand_in.world.store.oldest_first("balance_transaction"):
            if "_account" in moved:
                continue  # a payee's own balance
            code = moved["currency"].upper()
            at_stripe[code] = at_stripe.get(code, 0) + moved["net"]
        for code, amount in at_stripe.items():
            assert balance("stripe_clearing", code) == amount, "I21: clearing differs from Stripe's balance"
            assert balance("refunds_pending", code) == 0
            assert Dispute.objects.filter(closed_at=None).exists() or balance("disputes", code) == 0


def check_audit() -> None:
    """I1 to I22 hold."""
    broken = [str(finding) for finding in findings() if finding.violations]
    assert not broken, broken


def check_papers() -> None:
    """Invoices say what was paid, credit notes less those taken back what was given back, and no number is missing."""
    on_its_way = set(OutboxMessage.objects.filter(topic="paper.due", done_at=None).values_list("payload__order", flat=True))
    for invoice in Paper.objects.filter(kind=Paper.Kind.INVOICE).exclude(order__in=on_its_way).select_related("order"):
        sums = dict(invoice.order.papers.values_list("kind").annotate(Sum("total")))
        parts = OrderComponent.objects.filter(line__order=invoice.order)
        back = sum(sum(row) for row in parts.values_list("refunded_net", "refunded_tax")) + _delivery_given_back(invoice.order)
        assert (sums["invoice"], sums.get("credit", 0) - sums.get("reversal", 0)) == (invoice.order.total, back), invoice
    assert all(run.complete for run in runs())


def _delivery_given_back(order: Order) -> int:
    refunds = Refund.objects.filter(payment__order=order, state__in=Refund.ACCEPTED)
    disputes = Dispute.objects.filter(payment__order=order, state=Dispute.LOST)
    return sum(sum(rows.values_list("shipping_amount", flat=True)) for rows in (refunds, disputes))


def snapshot() -> dict[str, Any]:
    """All that a repeated event must not change."""
    return {
        "orders": list(Order.objects.order_by("pk").values()),
        "parts": list(OrderComponent.objects.order_by("pk").values()),
        "payments": list(Payment.objects.order_by("pk").values()),
        "refunds": list(Refund.objects.order_by("pk").values()),
        "entries": Entry.objects.count(),
        "stock": list(StockItem.objects.order_by("pk").values()),
        "seats": list(_seats()),
        "commission": list(Commission.objects.order_by("pk").values()),
        "parcels": _parcels(),
    }


def _seats() -> list[dict[str, Any]]:
    from courses.models import Enrolment

    return list(Enrolment.objects.order_by("pk").values())


def _parcels() -> list[dict[str, Any]]:
    from shop.fulfilment.models import Shipment

    return list(Shipment.objects.order_by("pk").values())
