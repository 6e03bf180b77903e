"""The audit trail of money and stock: refund, payout, price and write-off leave one line each, and no line ever changes."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kit.clock import now
from kit.models import AuditEntry
from shop.catalogue.flows import set_price
from shop.catalogue.models import Sku
from shop.checkout.flows import kit_only, refund_order
from shop.fulfilment.flows.stocktaking import Hand, write_off_goods
from shop.payouts.flows import mark_paid, prepare_payouts
from shop.referrals.models import Commission
from tests.shop.till import Till

pytestmark = pytest.mark.django_db


def _line(target: str, action: str) -> tuple[int | None, Any, Any, str]:
    """Who, from, to, why: of the only line, written just now."""
    entry = AuditEntry.objects.get(target=target, action=action)
    assert now() - entry.at < timedelta(minutes=1)
    return entry.actor_id, entry.before, entry.after, entry.reason


def test_a_refund_leaves_one_line(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    refund = refund_order(order=order, components=kit_only(order), actor=owner, reason="broken")
    till.deliver()
    after = {"refunded": 13000, "currency": "CNY", "refund": refund.pk}
    assert _line(order.holder, "order.refunded") == (owner.pk, {"refunded": 0}, after, "broken")


def test_a_payout_leaves_one_line_each_time_it_moves(till: Till, bundle: Any, visitor_of_referrer: uuid.UUID, owner: Any) -> None:
    till.bought(bundle, visitor=visitor_of_referrer)
    Commission.objects.update(state=Commission.State.AVAILABLE)
    (payout,) = prepare_payouts(actor=owner)
    for _again in range(2):
        mark_paid(payout=payout, actor=owner)
    target = f"payout:{payout.pk}"
    assert _line(target, "payout.prepared") == (owner.pk, None, {"amount": payout.amount, "currency": "CNY"}, "")
    assert _line(target, "payout.paid") == (owner.pk, "prepared", "paid", "")


def test_a_changed_price_leaves_one_line(bundle: Any, owner: Any) -> None:
    AuditEntry.objects.filter(target=f"offer:{bundle.pk}", action="price.set").get()  # the first price, when it was made
    for _again in range(2):
        set_price(offer=bundle, currency="CNY", amount=49900, actor=owner)
    line = AuditEntry.objects.filter(target=f"offer:{bundle.pk}", action="price.set").latest("pk")
    assert AuditEntry.objects.filter(target=f"offer:{bundle.pk}", action="price.set").count() == 2
    assert (line.actor_id, line.before["amount"], line.after["amount"]) == (owner.pk, 59900, 49900)


def test_a_write_off_leaves_one_line(bundle: Any, packer: Any) -> None:
    sku = Sku.objects.get(code="UKE-S")
    write_off_goods(sku=sku, pieces=2, by=Hand(packer, "fell down"))
    assert _line(sku.stock_ref, "stock.written_off") == (packer.pk, 10, 8, "fell down")


@pytest.mark.parametrize("change", ["UPDATE kit_auditentry SET actor_id = 1", "DELETE FROM kit_auditentry"])
def test_the_database_refuses_to_change_a_line(bundle: Any, change: str) -> None:
    before = AuditEntry.objects.count()
    assert before
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert AuditEntry.objects.count() == before
