"""Random histories through the shop's own flows: what is stored replays, and the books agree, after every step."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from kit.clock import now
from shop.checkout.flows import refund_order, release_holds
from shop.checkout.flows.shares import correct_commission, decide_fraud
from shop.fulfilment.flows import mark_delivered, ship
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute, Refund
from shop.payouts.flows import mark_failed, mark_paid, prepare_payouts
from shop.payouts.models import Payout
from shop.referrals import flows
from shop.referrals.models import Agreement, Attribution, Suspicion
from shop.referrals.receipts import exported, shared
from shop.referrals.replay import differences, replay
from shop.referrals.rules import Rules
from tests.factories import make_cohort, make_coupon, make_course, make_offer, make_sku, make_user
from tests.profile import size
from tests.referrals.histories import expected_winner
from tests.referrals.test_replay import SCRIPT
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class RandomHistory:
    """One history: touches, an order, what becomes of it."""

    def __init__(self, random: Random, till: Till, clock: Any, offer: Any, packer: Any, owner: Any) -> None:
        self.random, self.till, self.clock, self.offer, self.packer, self.owner = random, till, clock, offer, packer, owner
        self.visitor, self.buyer = uuid.uuid4(), make_user()
        self.referrers = [make_user() for _number in range(3)]
        self.programme = flows.create_programme(name=uuid.uuid4().hex[:20], rules=self.rules(), actor=owner)
        self.codes = [self.start(user) for user in self.referrers]
        self.coupon = ""

    def start(self, user: Any) -> str:
        flows.join_programme(user=user, programme=self.programme)
        return flows.create_link(owner=user, target="/courses/").code

    def rules(self) -> Rules:
        random = self.random
        return Rules(
            rates={"seat": random.choice([3000, 3333, 0]), "stock": random.choice([500, 777])},
            window_days=random.choice([7, 30]),
            first_touch=random.random() < 0.3,
            bonus={"CNY": 333} if random.random() < 0.4 else {},
            vest_share=random.choice([0, 5000]),
            offers={str(self.offer.pk): {"seat": 1234}} if random.random() < 0.3 else {},
        )

    def lead_up(self) -> None:
        steps: list[Callable[[], Any]] = [self.click, self.click, self.click, self.sign_in, self.change_rules, self.leave]
        for step in self.random.choices(steps, k=self.random.randint(1, 5)):
            self.clock.advance(days=self.random.choice([0, 1, 5, 9]), seconds=1)
            step()
        if self.random.random() < 0.25:
            self.coupon = f"C{uuid.uuid4().hex[:8].upper()}"
            make_coupon(self.coupon, referrer=self.random.choice(self.referrers), actor=self.owner)

    def click(self) -> None:
        flows.record_click(code=self.random.choice(self.codes), visitor=self.visitor, address="192.0.2.1", user=AnonymousUser())

    def sign_in(self) -> None:
        flows.bind_visitor(user=self.buyer, visitor=self.visitor)

    def change_rules(self) -> None:
        flows.change_rules(programme=self.programme, rules=self.rules(), actor=self.owner)

    def leave(self) -> None:
        row = Agreement.objects.filter(user=self.random.choice(self.referrers), ended_at=None).first()
        if row is not None:
            flows.end_agreement(agreement=row, actor=self.owner, reason="left")

    def buy(self) -> Order:
        own = self.random.random() < 0.1
        who = self.random.choice(self.referrers) if own else self.buyer
        return self.till.bought(self.offer, user=who, visitor=self.visitor, coupon=self.coupon)

    def aftermath(self, order: Order) -> None:
        steps: list[Callable[[Order], Any]] = [
            self.refund, self.refund, self.failed_refund, self.dispute, self.deliver, self.pay_out, self.adjust, self.decide,
            self.reach, self.change_later,
        ]  # fmt: skip
        for step in self.random.choices(steps, k=self.random.randint(2, 4)):
            step(order)
            self.till.deliver()
            check(order)

    def part(self, order: Order) -> dict[OrderComponent, tuple[int, int]]:
        part = self.random.choice(list(OrderComponent.objects.filter(line__order=order).order_by("pk")))
        left = part.net - part.refunded_net
        return {part: (self.random.randint(1, left), 0)} if left else {}

    def refund(self, order: Order) -> None:
        parts = self.part(order)
        if parts and not Dispute.objects.filter(payment__order=order).exists():
            refund_order(order=order, components=parts, actor=None, reason="some of it")

    def failed_refund(self, order: Order) -> None:
        self.till.stand_in.next_refund("pending")
        self.refund(order)
        self.till.deliver()
        row = Refund.objects.filter(payment__order=order, state="pending").last()
        if row is not None:
            self.till.stand_in.finish_refund(row.provider_id, "failed")

    def dispute(self, order: Order) -> None:
        if Refund.objects.filter(payment__order=order).exists() or Dispute.objects.filter(payment__order=order).exists():
            return
        dispute = self.till.stand_in.open_dispute(self.till.charge_of(order))
        self.till.deliver()
        check(order)
        self.till.stand_in.close_dispute(dispute["id"], won=self.random.random() < 0.5)

    def deliver(self, order: Order) -> None:
        for parcel in order.shipments.filter(state="to_pack"):
            ship(shipment=parcel, carrier="own", tracking="", actor=self.packer)
            mark_delivered(shipment=parcel, actor=self.packer)
        from kit.outbox import deliver, due_message_ids

        for message_id in due_message_ids():
            deliver(message_id=message_id)
        self.clock.advance(days=9)
        release_holds()

    def pay_out(self, order: Order) -> None:
        prepare_payouts(actor=self.owner)
        for payout in Payout.objects.filter(state="prepared").order_by("pk"):
            mark_paid(payout=payout, actor=self.owner)
            if self.random.random() < 0.3:
                mark_failed(payout=payout, actor=self.owner)

    def adjust(self, order: Order) -> None:
        row = Attribution.objects.filter(order=order).exclude(state="rejected").first()
        if row is not None:
            correct_commission(attribution=row, amount=self.random.choice([-7, 100]), actor=self.owner, reason="an agreement")

    def decide(self, order: Order) -> None:
        for row in Suspicion.objects.filter(covers__order=order, state="open"):
            decide_fraud(suspicion=row, uphold=self.random.random() < 0.5, actor=self.owner, reason="looked at it")

    def reach(self, order: Order) -> None:
        seat = self.buyer.enrolments.filter(source=order.holder).first()
        if seat is not None:
            flows.note_outcome({"enrolment": seat.pk, "day": self.random.choice([3, 7, 8])})

    def change_later(self, order: Order) -> None:
        self.change_rules()


@pytest.fixture
def till(stand_in: StandIn) -> Till:
    return Till(stand_in)


def check(order: Order) -> None:
    """The stored receipt says what its replay says, for everybody's eyes."""
    attribution = Attribution.objects.filter(order=order).select_related("order").first()
    if attribution is None:
        return
    receipt = exported(attribution)
    assert differences(receipt) == []
    assert differences(json.loads(json.dumps(shared(attribution)))) == []


@pytest.mark.parametrize("seed", range(size(10, 100)))
def test_a_random_history_replays_and_the_books_agree(seed: int, till: Till, clock: Any, packer: Any, owner: Any) -> None:
    teacher = make_user()
    offer = make_offer(cohort=make_cohort(course=make_course(lessons=1, teacher=teacher), days=900), sku=make_sku(seller=teacher))
    history = RandomHistory(Random(seed), till, clock, offer, packer, owner)
    history.lead_up()
    order = history.buy()
    receipt = order.terms["referral"]["receipt"]
    winner = expected_winner({**receipt, "rules": {**Rules().to_json(), **receipt["rules"]}, "events": []})
    assert receipt["decision"]["winner"] == winner
    assert Attribution.objects.filter(order=order).exists() is (receipt["decision"]["credited"] is not None)
    check(order)
    history.aftermath(order)
    line = json.dumps({**receipt, "events": []})
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--lines"]
    done = subprocess.run(command, input=line, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == json.loads(json.dumps(replay({**receipt, "events": []})))
    assert order.placed_at <= now()
