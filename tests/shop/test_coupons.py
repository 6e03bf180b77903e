"""Coupons: what they take off, for whom, how often, and what becomes of a use. Every step audits clean."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from community.flows import join
from kit.clock import now
from kit.models import AuditEntry
from kit.money import step
from shop.catalogue.coupons import spread
from shop.catalogue.flows import CannotMakeCoupon, pause_coupon, resume_coupon
from shop.checkout.flows import (
    CannotOrder,
    CannotPay,
    begin_payment,
    cancel_order,
    kit_only,
    refund_order,
    release_expired_orders,
)
from shop.orders.flows import coupons as flows_of_coupons
from shop.orders.flows import give_back_coupon
from shop.orders.models import CouponUse, Order
from shop.payments.models import Refund
from shop.referrals.flows import join_programme
from shop.referrals.models import Attribution, Commission, Programme
from stock.flows import release
from tests.factories import make_coupon, make_offer, make_sku, make_space, make_user
from tests.shop.crowd import at_once
from tests.shop.till import Till, check_audit
from tests.stripe_stand_in.checkout import line_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def refusal(till: Till, *offers: Any, **fields: Any) -> str:
    with pytest.raises(CannotOrder) as caught:
        till.place(*offers, coupon="save10", **fields)
    return str(caught.value)


@given(
    units=st.lists(st.integers(0, 100_000), min_size=1, max_size=6).filter(any),
    percent=st.one_of(st.none(), st.integers(1, 10_000)),
    off=st.integers(0, 200_000),
    currency=st.sampled_from(["CNY", "JPY", "ISK", "KWD"]),
)
def test_shares_sum_to_the_discount_in_steps_and_no_line_falls_below_zero(
    units: list[int], percent: int | None, off: int, currency: str
) -> None:
    unit = step(currency)
    amounts = [unit * count for count in units]
    shares = spread(percent, off, amounts, currency)
    whole = sum(amounts) * percent // 10_000 if percent else min(off, sum(amounts))
    assert sum(shares) == whole - whole % unit
    assert all(0 <= share <= amount and share % unit == 0 for share, amount in zip(shares, amounts, strict=True))


def test_a_percentage_is_spread_over_lines_and_parts_to_the_last_unit(till: Till, bundle: Any, settings: Any) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 500
    make_coupon(percent=3333)
    order = till.bought(bundle, make_offer(price=9999, sku=make_sku()), coupon=" save10 ")
    first, second = order.lines.order_by("pk")
    assert order.discount == (59900 + 9999) * 3333 // 10_000 == first.discount + second.discount
    assert order.total == 59900 + 9999 - order.discount == sum(line.net + line.tax for line in (first, second))
    assert order.tax == first.tax + second.tax > 0
    assert order.terms["coupon"]["code"] == "SAVE10"


def test_a_fixed_sum_holds_for_named_offers_in_its_currencies_only(till: Till, bundle: Any) -> None:
    other = make_offer(price=20000)
    make_coupon(off={"CNY": 5000}, offers=[bundle])
    order = till.place(bundle, other, coupon="SAVE10")
    assert [line.discount for line in order.lines.order_by("pk")] == [5000, 0]
    assert "not for what is in your basket" in refusal(till, other)
    yen = make_offer(price=6000, currency="JPY")
    make_coupon("YEN", off={"USD": 500})
    with pytest.raises(CannotOrder, match="prices in JPY"):
        till.place(yen, coupon="YEN")
    check_audit()


def test_a_kit_that_comes_back_brings_its_discounted_share(till: Till, bundle: Any, student: Any) -> None:
    make_coupon(percent=5000)
    order = till.bought(bundle, user=student, coupon="SAVE10")
    refund = refund_order(order=order, components=kit_only(order), actor=None, reason="")
    assert refund.amount == 6500
    till.deliver()


def test_the_payment_page_shows_each_line_with_its_discount_off(till: Till, bundle: Any) -> None:
    make_coupon(off={"CNY": 10000})
    session = till.begin(till.place(bundle, make_offer(price=40100), coupon="SAVE10", shipping=1500))
    found = till.stand_in.world.store.find(session)
    assert found is not None
    assert found["amount_total"] == 59900 + 40100 + 1500 - 10000
    assert [line["amount_total"] for line in line_items(till.stand_in.world.store, found)["data"]] == [53910, 36090, 1500]


def test_each_refusal_says_why(till: Till, bundle: Any, clock: Any, owner: Any) -> None:
    assert "do not know this code" in refusal(till, bundle)
    coupon = make_coupon(
        valid_from=now() + timedelta(minutes=1), valid_to=now() + timedelta(minutes=3), percent=1000, least={"CNY": 60000}
    )
    assert "cannot be used at the moment" in refusal(till, bundle)
    clock.advance(minutes=2)
    assert "from ¥600 on" in refusal(till, bundle)
    pause_coupon(coupon=coupon, actor=owner)
    assert "cannot be used at the moment" in refusal(till, bundle)
    resume_coupon(coupon=coupon, actor=owner)
    clock.advance(minutes=2)
    assert "has expired" in refusal(till, bundle)
    assert not Order.objects.exists()
    assert list(AuditEntry.objects.filter(action__startswith="coupon.").order_by("pk").values_list("action", flat=True)) == [
        "coupon.made",
        "coupon.paused",
        "coupon.resumed",
    ]


def test_only_members_of_its_space_use_it(till: Till, bundle: Any, student: Any) -> None:
    space = make_space(visibility="public")
    make_coupon(space=space)
    assert "sign in" in refusal(till, bundle)
    assert "do not belong to" in refusal(till, bundle, user=student)
    join(user=student, space=space)
    assert till.place(bundle, user=student, coupon="SAVE10").discount == 5990


def test_the_last_use_is_free_again_once_when_its_order_ends_unpaid(till: Till, bundle: Any, clock: Any) -> None:
    coupon = make_coupon(max_uses=1)
    order = till.place(bundle, coupon="SAVE10")
    assert "used up" in refusal(till, bundle)
    clock.advance(hours=1)
    assert release_expired_orders() == 1
    assert release_expired_orders() == 0
    coupon.refresh_from_db()
    assert coupon.used == 0
    assert CouponUse.objects.get(order=order).released_at
    check_audit()
    till.place(bundle, coupon="SAVE10")
    with pytest.raises(CannotPay, match="used up meanwhile"):
        begin_payment(order=Order.objects.get(pk=order.pk))
    check_audit()


def test_an_order_that_ended_and_is_paid_after_all_counts_again(till: Till, bundle: Any, clock: Any) -> None:
    coupon = make_coupon(max_uses=1, per_person=1)
    order = till.place(bundle, coupon="SAVE10")
    clock.advance(hours=1)
    release_expired_orders()
    order.refresh_from_db()
    till.pay(order)
    till.deliver()
    coupon.refresh_from_db()
    assert coupon.used == 1
    assert "used up" in refusal(till, bundle)


def test_money_that_comes_after_the_code_went_to_somebody_else_is_sent_back(till: Till, bundle: Any) -> None:
    make_coupon(max_uses=1)
    late = till.place(bundle, coupon="SAVE10")
    till.pay(late)
    waiting = till.stand_in.take_webhooks()
    Order.objects.filter(pk=late.pk).update(state=Order.State.EXPIRED, ended_at=now())
    give_back_coupon(order=late)
    release(holder=late.holder)
    till.place(bundle, coupon="SAVE10")
    for body, signature, _event in waiting:
        till.post(body, signature)
    till.deliver()
    late.refresh_from_db()
    assert late.state == Order.State.EXPIRED
    assert late.payments.get().refunds.get().amount == late.total


def test_cancelling_gives_the_use_back_and_so_does_a_refund_of_everything(till: Till, bundle: Any, student: Any) -> None:
    coupon = make_coupon(max_uses=1)
    cancel_order(order=till.place(bundle, coupon="SAVE10"), actor=None)
    coupon.refresh_from_db()
    assert coupon.used == 0
    paid = till.bought(bundle, user=student, coupon="SAVE10")
    refund_order(order=paid, components=kit_only(paid), actor=None, reason="")
    till.deliver()
    assert "used up" in refusal(till, bundle)
    refund_order(order=paid, actor=None, reason="")
    till.deliver()
    coupon.refresh_from_db()
    assert coupon.used == 0
    assert CouponUse.objects.get(order=paid).released_at
    till.place(bundle, coupon="SAVE10")
    refund = Refund.objects.filter(payment__order=paid).latest("pk")
    till.stand_in.finish_refund(str(refund.provider_id), "failed")
    till.deliver()
    refund.refresh_from_db()
    coupon.refresh_from_db()
    assert (refund.state, coupon.used) == ("failed", 1)
    check_audit()


def test_a_refund_that_fails_takes_the_use_again(till: Till, bundle: Any, student: Any) -> None:
    coupon = make_coupon(max_uses=1)
    paid = till.bought(bundle, user=student, coupon="SAVE10")
    refund = refund_order(order=paid, actor=None, reason="")
    till.deliver()
    till.stand_in.finish_refund(str(refund.provider_id), "failed")
    till.deliver()
    coupon.refresh_from_db()
    assert coupon.used == 1
    assert "used up" in refusal(till, bundle)
    check_audit()


def _freed_by_four(order: Order) -> list[Any]:
    """Four at once say that the order was refunded."""

    def free() -> bool:
        with transaction.atomic():
            return give_back_coupon(order=Order.objects.select_for_update(of=("self",)).get(pk=order.pk))

    return at_once([free] * 4)


@pytest.mark.django_db(transaction=True)
def test_a_use_is_freed_once_by_four_at_once(till: Till, bundle: Any) -> None:
    coupon = make_coupon(max_uses=3)
    till.place(bundle, coupon="SAVE10")
    assert sum(_freed_by_four(till.place(bundle, coupon="SAVE10"))) == 1
    coupon.refresh_from_db()
    assert coupon.used == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_a_use_is_freed_more_than_once(
    till: Till, bundle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_coupon(max_uses=9)
    order, *_others = [till.place(bundle, coupon="SAVE10") for _n in range(5)]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    honest = flows_of_coupons._count

    def slowly(*args: Any) -> None:
        time.sleep(0.3)
        honest(*args)

    monkeypatch.setattr(flows_of_coupons, "_count", slowly)
    assert sum(_freed_by_four(order)) > 1


@pytest.mark.parametrize("typed", ["AB3CDEF4GH", "ab3cd-ef4gh", " AB3CD EF4GH ", "AB3-CDEF-4GH", "AB3CD\u2013EF4GH"])
def test_hyphens_and_spaces_in_a_code_do_not_matter(typed: str, till: Till, bundle: Any) -> None:
    make_coupon("AB3CD-EF4GH")
    assert till.place(bundle, coupon=typed).terms["coupon"]["code"] == "AB3CD-EF4GH"


def test_a_code_that_differs_by_its_hyphens_only_is_taken() -> None:
    make_coupon("SPRING-26")
    with pytest.raises(CannotMakeCoupon, match="taken"):
        make_coupon("SPRING26")


def test_who_turns_back_and_orders_again_keeps_the_single_use(till: Till, bundle: Any) -> None:
    coupon = make_coupon(max_uses=1, per_person=1)
    basket = till.basket(bundle)
    first = till.place(basket=basket, coupon="SAVE10", email="a@demo.test")
    till.begin(first)
    second = till.place(basket=basket, coupon="SAVE10", email="a@demo.test")
    first.refresh_from_db()
    coupon.refresh_from_db()
    assert (first.state, second.discount, coupon.used) == (Order.State.EXPIRED, 5990, 1)
    check_audit()


@pytest.mark.parametrize("again", ["an@demo.test", "AN+second@demo.test", "other@demo.test"])
def test_a_person_is_the_same_under_plus_addresses_and_verified_ones(again: str, till: Till, bundle: Any) -> None:
    make_coupon(per_person=1)
    member = make_user(email="an@demo.test")
    EmailAddress.objects.create(user=member, email="Other@demo.test", verified=True)
    till.place(bundle, user=member, coupon="SAVE10")
    assert "You have used this code already" in refusal(till, bundle, email=again)
    assert till.place(bundle, email="somebody@demo.test", coupon="SAVE10").discount


def test_a_guests_use_counts_for_the_account_with_that_address(till: Till, bundle: Any) -> None:
    make_coupon(per_person=1)
    till.place(bundle, email="mei+shop@demo.test", coupon="SAVE10")
    assert "already" in refusal(till, bundle, user=make_user(email="mei@demo.test"))


def test_a_coupon_of_a_referrer_counts_more_than_anothers_link_and_the_receipt_says_so(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: Any, client_of: Any
) -> None:
    friend = make_user(name="Friend")
    join_programme(user=friend, programme=Programme.objects.get())
    make_coupon(referrer=friend)
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, coupon="SAVE10")
    credit = Attribution.objects.get(order=order)
    assert (credit.referrer, credit.receipt["decision"]["verdicts"]) == (friend, ["outranked", "won"])
    seat, kit = order.lines.get().components.all()
    lines = Commission.objects.order_by("pk").values_list("component", "amount")
    assert list(lines) == [(seat.pk, seat.net * 3000 // 10_000), (kit.pk, kit.net * 500 // 10_000)]
    page = client_of(friend).get(f"/en/promote/receipts/{order.number}/").content.decode()
    assert "a coupon" in page


def test_the_referrers_own_coupon_is_held_like_the_own_link(
    till: Till, bundle: Any, visitor_of_referrer: Any, referrer: Any
) -> None:
    make_coupon(referrer=referrer)
    order = till.bought(bundle, user=referrer, coupon="SAVE10")
    assert Attribution.objects.get(order=order).state == "held_self"


def test_an_order_of_which_everything_is_taken_off_is_settled_without_stripe(till: Till, bundle: Any, student: Any) -> None:
    make_coupon(percent=10_000)
    order = till.place(bundle, user=student, coupon="SAVE10")
    assert order.number in begin_payment(order=order)
    begin_payment(order=order)
    order.refresh_from_db()
    assert (order.state, order.total, order.payments.count()) == (Order.State.PAID, 0, 0)
    assert student.enrolments.get().source == order.holder
    assert order.shipments.count() == 1
    assert not list(till.stand_in.world.store.oldest_first("checkout.session"))
    till.check_books()


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"code": "a b"}, "3 to 40"),
        ({"off": {"CNY": 100}, "percent": 100}, "either"),
        ({"off": {}}, "either"),
        ({"percent": 10_001}, "at most 100"),
        ({"off": {"ISK": 150}}, "steps"),
        ({"off": {"CNY": 100}, "least": {"USD": 100}}, "smallest basket"),
        ({"valid_to": now() - timedelta(days=1)}, "before it begins"),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, Any], text: str) -> None:
    with pytest.raises(CannotMakeCoupon, match=text):
        make_coupon(**terms)


def test_a_code_is_there_once() -> None:
    make_coupon("spring 26")
    with pytest.raises(CannotMakeCoupon, match="taken"):
        make_coupon("ＳＰＲＩＮＧ26")
