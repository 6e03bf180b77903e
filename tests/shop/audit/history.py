"""A long history of the shop, made by its own flows: bought, refunded, disputed, paid out. It must audit clean."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from accounts.roles import INSTRUCTOR, OWNER, give_role
from kit.outbox import deliver, due_message_ids
from shop.catalogue.flows import set_policy, set_tax_rate
from shop.catalogue.policies import BY_LESSONS, OPENED
from shop.catalogue.shipping import Fee
from shop.checkout.flows import kit_only, reconcile_balance, refund_order, release_holds
from shop.checkout.flows.propose import propose_refund
from shop.checkout.flows.refund_preview import left_of, part_of
from shop.fulfilment.flows import inspect_return, mark_delivered, request_return, ship
from shop.ledger.models import Transaction
from shop.orders.delivery import DeliveryData
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Refund
from shop.payouts.flows import change_split, mark_failed, mark_paid, prepare_payouts
from shop.payouts.models import Earning
from shop.referrals.flows import create_link, create_programme, join_programme, record_click
from shop.referrals.models import Attribution
from shop.referrals.rules import Rules
from tests.conftest import Clock
from tests.factories import make_cohort, make_coupon, make_course, make_offer, make_sku, make_user
from tests.shop.till import Till

HOME = DeliveryData(method="home", name="王", phone="0912345678", country="TW", city="台北市", street="松仁路 1 號")
CARD = "5555555555554444"
AFAR = DeliveryData(method="home", name="陳", phone="0912345679", country="TW", city="台南市", street="府前路 2 號")


@dataclass
class History:
    """Orders by what became of them. `ids` are what the tests put into their SQL."""

    till: Till
    clock: Clock
    ids: dict[str, Any]
    teacher: Any
    referrer: Any
    packer: Any
    visitor: uuid.UUID
    bundle: Any

    def buy(self, name: str, *offers: Any, delivery: DeliveryData = AFAR, **fields: Any) -> Order:
        order = self.till.bought(*(offers or [self.bundle]), delivery=delivery, user=make_user(), **fields)
        self.note(name, order)
        return order

    def note(self, name: str, order: Order) -> None:
        self.ids[name] = order.pk
        for part in OrderComponent.objects.filter(line__order=order):
            self.ids[f"{name}_{part.kind}"] = part.pk
            self.ids[f"{name}_line"] = part.line_id
        payment = order.payments.order_by("pk").last()
        if payment is not None:
            self.ids[f"{name}_payment"] = payment.pk
            refund = payment.refunds.order_by("pk").last()
            self.ids[f"{name}_refund"] = refund and refund.pk
            sale = Transaction.objects.filter(key=f"payment:{payment.pk}").first()
            self.ids[f"{name}_sale"] = sale and sale.pk

    def refund(self, name: str, components: Any = "everything") -> None:
        order = Order.objects.get(pk=self.ids[name])
        refund_order(order=order, components=components, actor=None, reason="asked for it")
        self.till.deliver()
        self.note(name, order)

    def deliver_parcels(self, order: Order) -> None:
        for parcel in order.shipments.filter(state="to_pack"):
            ship(shipment=parcel, carrier="own", tracking="", actor=self.packer)
            mark_delivered(shipment=parcel, actor=self.packer)
        for message_id in due_message_ids():
            deliver(message_id=message_id)


def live_through(till: Till, clock: Clock) -> History:
    """All of it. Takes about ten seconds."""
    owner = make_user(name="Owner")
    give_role(user=owner, role=OWNER)
    history = _open_shop(till, clock, owner)
    _earn_and_pay_out(history, owner)
    _refund(history)
    _dispute(history)
    _leave_unpaid(history)
    till.stand_in.make_payout("cny")
    assert reconcile_balance() == []
    till.deliver()
    with connection.cursor() as cursor:  # what is deferred is checked now, so that the tests may alter tables
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return history


def _open_shop(till: Till, clock: Clock, owner: Any) -> History:
    teacher, referrer, packer = make_user(name="Lin"), make_user(name="Mei", email="mei@demo.test"), make_user(name="Packer")
    cohort = make_cohort(course=make_course(lessons=1, teacher=teacher), seats=40, days=300)
    bundle = make_offer(cohort=cohort, sku=make_sku(seller=teacher, code="UKE-S", on_hand=40))
    give_role(user=teacher, role=INSTRUCTOR)
    change_split(offer=bundle, shares={teacher.pk: 6667, None: 3333}, actor=owner)
    programme = create_programme(name="Everything", rules=Rules(rates={"seat": 3000, "stock": 500}, window_days=365))
    join_programme(user=referrer, programme=programme)
    create_link(owner=referrer, target="/courses/", code="demo")
    visitor = uuid.uuid4()
    record_click(code="demo", visitor=visitor, address="192.0.2.1", user=AnonymousUser())
    ids = {"offer": bundle.pk, "price": bundle.prices.get().pk, "cohort": cohort.pk}
    return History(till, clock, ids, teacher, referrer, packer, visitor, bundle)


def _earn_and_pay_out(history: History, owner: Any) -> None:
    """One payout that failed after it was paid, one that was paid; the referrer's own purchases besides."""
    own = history.till.place(history.bundle, user=history.referrer, visitor=history.visitor, delivery=HOME)
    history.till.pay(own, card=CARD)
    history.till.deliver()
    history.note("own", own)
    history.ids["held"] = Attribution.objects.get(order=own).pk
    for name in ("earned", "returned"):
        order = history.buy(name, visitor=history.visitor)
        history.deliver_parcels(order)
    piece = OrderComponent.objects.get(pk=history.ids["returned_stock"])
    ret = request_return(order=order, component=piece)
    inspect_return(ret=ret, pieces=1, restock=True, seen=0, actor=history.packer)
    history.clock.advance(days=9)
    release_holds()
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
        mark_failed(payout=payout, actor=owner)
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
    history.refund("returned", kit_only(order))
    ready = history.buy("ready", visitor=history.visitor)
    history.deliver_parcels(ready)
    history.clock.advance(days=9)
    release_holds()
    attribution = Attribution.objects.get(order=ready)
    lines = attribution.commissions.order_by("pk")
    failed, paid = history.referrer.payouts.order_by("pk")
    history.ids |= {"failed_payout": failed.pk, "payout": paid.pk, "credit": attribution.pk, "line": lines[0].pk}
    entry = paid.entries.order_by("pk")[0]
    history.ids |= {"entry": entry.pk, "paid_line": entry.commission_id}
    failed, paid = history.teacher.payouts.order_by("pk")
    share = paid.entries.order_by("pk")[0]
    free = Earning.objects.get(component=history.ids["ready_seat"])
    history.ids |= {"failed_share_payout": failed.pk, "share_payout": paid.pk, "share_entry": share.pk}
    history.ids |= {"paid_share": share.earning_id, "share": free.pk, "split": free.split_id, "teacher": history.teacher.pk}


def _refund(history: History) -> None:
    """Part of an order; all of one; one that failed afterwards; one of a currency without small coins."""
    history.buy("partly", visitor=history.visitor, shipping=1500)
    history.refund("partly", kit_only(Order.objects.get(pk=history.ids["partly"])))
    history.buy("fully")
    history.refund("fully")
    history.buy("regained")
    history.till.stand_in.next_refund("pending")
    history.refund("regained")
    history.till.stand_in.finish_refund(Refund.objects.latest("pk").provider_id, "failed")
    history.till.deliver()
    history.till.deliver()
    krona = make_offer(sku=make_sku(currency="ISK"), price=990000, currency="ISK")
    history.buy("krona", krona)
    history.ids["krona_price"] = krona.prices.get().pk
    history.refund("krona")
    history.ids["coupon"] = make_coupon(max_uses=2).pk
    set_policy(offer=history.bundle, policy=BY_LESSONS, actor=None)
    history.bundle.refresh_from_db()
    amount = history.buy("amount", visitor=history.visitor, shipping=1500)
    parts, shipping = part_of(amount, 12345)
    refund_order(order=amount, components=parts, shipping=shipping, actor=None, reason="late", left=left_of(amount))
    history.till.deliver()
    proposed = propose_refund(order=amount, condition=OPENED)
    refund_order(order=amount, components=proposed.parts, shipping=proposed.shipping, actor=None, reason=proposed.reason)
    history.till.deliver()
    history.note("amount", amount)
    set_tax_rate(country="DE", rate=1900, name="VAT", actor=None)
    abroad = DeliveryData(method="home", name="Ida", phone="0912345679", country="DE", city="Köln", street="Ring 1")
    for name, inclusive in (("taxed", True), ("on_top", False)):
        history.buy(name, delivery=abroad, shipping=Fee(1500, tax_inclusive=inclusive))
        history.refund(name, kit_only(Order.objects.get(pk=history.ids[name])))
        history.refund(name)
    history.buy("discounted", coupon="SAVE10")


def _dispute(history: History) -> None:
    for name, won in (("won", True), ("lost", False)):
        order = history.buy(name, visitor=history.visitor)
        dispute = history.till.stand_in.open_dispute(history.till.charge_of(order))
        history.till.deliver()
        history.till.stand_in.close_dispute(dispute["id"], won=won)
        history.till.deliver()
        history.ids[f"{name}_dispute"] = order.payments.get().disputes.get().pk


def _leave_unpaid(history: History) -> None:
    """One that waits, one whose page ran out and whose coupon is free again."""
    waiting = history.till.place(history.bundle, user=make_user(), delivery=AFAR)
    history.till.begin(waiting)
    history.note("waiting", waiting)
    expired = history.till.place(history.bundle, user=make_user(), delivery=AFAR, coupon="SAVE10")
    history.till.stand_in.expire(history.till.begin(expired))
    history.till.deliver()
    history.note("expired", expired)
