"""Staff accept an order in review: /admin/shop/orders/<number>/accept/."""

import uuid
from typing import Any

import pytest
from django.db.models import Sum
from django.test import TestCase

from courses.access import active_enrolment
from kit.models import AuditEntry
from kit.money import take_rate
from shop.checkout.flows import CannotAccept, accept_order, refund_order
from shop.ledger.reads import balance
from shop.orders.flows import lower_order
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Refund
from shop.referrals.models import Commission
from stock.flows import release, set_on_hand
from stock.models import StockItem
from tests.factories import make_cohort, make_course, make_offer, make_sku, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def _raise_total(order: Order, by: int) -> None:
    """The order changes while its payment page is open (the page asks what it asked)."""
    Order.objects.filter(pk=order.pk).update(shipping=order.shipping + by, total=order.total + by)


def _count_all(pieces: int) -> None:
    for item in StockItem.objects.all():
        set_on_hand(ref=item.ref, on_hand=pieces)


def _in_review(till: Till, order: Order, by: int) -> Order:
    till.pay(order)
    _raise_total(order, by)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.REVIEW
    return order


def _accept(till: Till, order: Order, actor: Any = None) -> Order:
    with TestCase.captureOnCommitCallbacks(execute=True):
        accepted = accept_order(order=order, actor=actor, reason="settled by telephone")
    till.deliver()
    return accepted


def _check_sums(order: Order) -> None:
    """I1 and I7, from the rows; the tax too."""
    order.refresh_from_db()
    lines = list(order.lines.all())
    for line in lines:
        sums = line.components.aggregate(net=Sum("net"), tax=Sum("tax"))
        assert (sums["net"], sums["tax"]) == (line.net, line.tax)
    assert order.total == sum(line.net + line.tax for line in lines) + order.shipping
    assert order.tax == sum(line.tax for line in lines)


def test_the_owner_accepts_less_with_a_reason_and_everything_is_handed_over(
    till: Till, bundle: Any, student: Any, owner: Any, client_of: Any, visitor_of_referrer: uuid.UUID
) -> None:
    order = _in_review(till, till.place(bundle, user=student, visitor=visitor_of_referrer), by=3000)
    browser, address = client_of(owner), f"/admin/shop/orders/{order.number}/"
    page = browser.get(address).content.decode()
    assert "¥629" in page
    assert "¥599" in page
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert browser.post(f"{address}accept/", {"reason": "The parcel's way is ours to pay"})["Location"] == address
    till.deliver()
    _check_sums(order)
    assert (order.state, order.total, order.shipping) == (Order.State.PAID, 59900, 0)
    assert active_enrolment(student, bundle.course) is not None
    assert order.shipments.get().state == "to_pack"
    assert balance("suspense", "CNY") == 0
    assert balance("revenue:seat", "CNY") == -46900
    assert sum(Commission.objects.values_list("amount", flat=True)) == take_rate(46900, 3000) + take_rate(13000, 500)
    line = AuditEntry.objects.get(action="order.accepted")
    assert (line.actor_id, line.reason) == (owner.pk, "The parcel's way is ours to pay")
    assert (line.before["total"], line.after["total"]) == (62900, 59900)


def test_without_a_reason_nothing_is_accepted(till: Till, bundle: Any, student: Any, owner: Any, client_of: Any) -> None:
    order = _in_review(till, till.place(bundle, user=student), by=100)
    client_of(owner).post(f"/admin/shop/orders/{order.number}/accept/", {"reason": "  "})
    order.refresh_from_db()
    assert order.state == Order.State.REVIEW


def test_accepting_twice_is_once(till: Till, bundle: Any, student: Any) -> None:
    order = _in_review(till, till.place(bundle, user=student), by=100)
    for _again in range(2):
        _accept(till, order)
    assert AuditEntry.objects.filter(action="order.accepted").count() == 1
    assert order.shipments.count() == 1


def test_a_surplus_goes_back_to_the_buyer_and_ends_nothing(till: Till, bundle: Any, student: Any) -> None:
    order = _in_review(till, till.place(bundle, user=student, shipping=2000), by=-1500)
    _accept(till, order)
    _check_sums(order)
    assert (Refund.objects.get().amount, Refund.objects.get().state) == (1500, "succeeded")
    assert balance("suspense", "CNY") == 0
    assert active_enrolment(student, bundle.course) is not None
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert sum(Refund.objects.values_list("amount", flat=True)) == 61900
    assert balance("revenue:shipping", "CNY") == 0


@pytest.mark.parametrize(("currency", "price", "paid"), [("CNY", 59900, 40001), ("JPY", 5000, 4999), ("ISK", 990000, 700100)])
def test_an_order_lowered_keeps_every_sum_and_can_be_refunded_whole(
    till: Till, student: Any, settings: Any, currency: str, price: int, paid: int
) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 700
    sku = make_sku(currency=currency)
    offer = make_offer(cohort=make_cohort(course=make_course(lessons=1)), sku=sku, price=price, currency=currency)
    order = till.place(offer, make_offer(sku=sku, price=price, currency=currency), user=student)
    settings.SHOP_TAX_BASIS_POINTS = 500
    lower_order(order=order, total=paid)
    _check_sums(order)
    till.pay(order)
    till.deliver()
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert {part.net - part.refunded_net + part.tax - part.refunded_tax for part in OrderComponent.objects.all()} == {0}
    assert balance("tax_payable", currency) == 0


def test_what_another_currency_paid_or_was_sent_back_or_is_gone_is_not_accepted(till: Till, bundle: Any, student: Any) -> None:
    other = _in_review(till, till.place(bundle, user=make_user()), by=100)
    other.payments.update(currency="TWD")
    with pytest.raises(CannotAccept, match="currency"):
        accept_order(order=other, actor=None, reason="x")
    back = _in_review(till, till.place(bundle, user=make_user()), by=100)
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(order=back, actor=None, reason="")
    with pytest.raises(CannotAccept, match="sent back"):
        accept_order(order=back, actor=None, reason="x")
    waiting = till.place(bundle, user=make_user())
    with pytest.raises(CannotAccept, match="decision"):
        accept_order(order=waiting, actor=None, reason="x")


def test_an_order_whose_hold_had_ended_is_held_again_or_refused(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = _in_review(till, till.place(bundle, user=student), by=100)
    release(holder=order.holder)
    _count_all(0)
    with pytest.raises(CannotAccept, match="no longer"):
        accept_order(order=order, actor=None, reason="x")
    order.refresh_from_db()
    assert (order.state, order.total) == (Order.State.REVIEW, 60000)
    _count_all(1)
    _accept(till, order)
    assert active_enrolment(student, bundle.course) is not None
