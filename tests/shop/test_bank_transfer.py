"""Payment by bank transfer: ordered, told, confirmed against its reference, refunded by hand, or never paid."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Enrolment
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from kit.persons import CannotErase
from shop.checkout.flows import (
    CannotConfirm,
    CannotPay,
    begin_payment,
    begin_transfer,
    cancel_order,
    confirm_refund_sent,
    confirm_transfer,
    kit_only,
    name_refund_account,
    preview_acceptance,
    refund_order,
    release_expired_orders,
    send_waiting_refunds,
    take_back_transfer,
)
from shop.checkout.privacy import erase, export
from shop.ledger.reads import balance
from shop.orders.cookies import basket_count
from shop.orders.models import BasketLine, Order
from shop.payments.flows import set_bank_account
from shop.payments.models import BankAccount, Payment, Refund
from stock.models import Reservation
from tests.factories import make_coupon, make_offer
from tests.shop.crowd import at_once
from tests.shop.test_checkout_page import basket_of, filled
from tests.shop.till import Till, check_audit, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def account(db: None) -> BankAccount:
    return set_bank_account(currency="CNY", details="Bank of Test 123-456", days=5, is_on=True, actor=None)


def waiting(till: Till, *offers: Any, **fields: Any) -> Order:
    order = till.place(*offers, **fields)
    begin_transfer(order=order)
    order.refresh_from_db()
    return order


def test_a_buyer_chooses_a_transfer_and_is_told_where_to_and_until_when(client: Client, mailoutbox: Any) -> None:
    basket_of(client)
    assert "Order, and pay by bank transfer" in client.get("/en/checkout/").content.decode()
    page = client.post("/en/checkout/", filled(client, by="transfer"), follow=True).content.decode()
    order = Order.objects.get()
    assert order.state == Order.State.PROCESSING
    for text in ("Waiting for your transfer", "Please transfer ¥599", "Bank of Test 123-456", order.number, "Cancel this order"):
        assert text in page, text
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    (mail,) = [mail for mail in mailoutbox if mail.to == [order.email]]
    assert order.number in mail.body
    assert "Bank of Test 123-456" in mail.body
    check_audit()


def test_it_is_offered_only_where_it_is_switched_on(client: Client, till: Till, owner: Any) -> None:
    set_bank_account(currency="CNY", details="x", days=5, is_on=False, actor=owner)
    offer = basket_of(client)
    assert "bank transfer" not in client.get("/en/checkout/").content.decode()
    with pytest.raises(CannotPay):
        begin_transfer(order=till.place(offer))
    assert AuditEntry.objects.filter(action="bank.account").latest("pk").after["is_on"] is False


def test_the_right_amount_pays_the_order_once(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: Any, owner: Any
) -> None:
    order = waiting(till, bundle, user=student, visitor=visitor_of_referrer)
    held = Reservation.objects.filter(holder=order.holder).values_list("expires_at", flat=True)
    assert all(moment == order.hold_until for moment in held)
    for _again in range(2):
        done = confirm_transfer(reference=f" {order.number.lower()} ", amount=59900, statement="S-1", actor=owner)
    assert done.state == Order.State.PAID
    assert Enrolment.objects.get().source == order.holder
    assert order.shipments.count() == 1
    assert (balance("bank", "CNY"), balance("stripe_clearing", "CNY"), balance("revenue:seat", "CNY")) == (59900, 0, -46900)
    assert order.attribution.state == "credited"
    assert AuditEntry.objects.get(action="transfer.confirmed").after["statement"] == "S-1"
    till.check_books()
    with pytest.raises(CannotPay):
        begin_payment(order=order)


def test_another_amount_goes_to_review_and_can_be_sent_back(till: Till, bundle: Any, owner: Any) -> None:
    order = waiting(till, bundle)
    assert confirm_transfer(reference=order.number, amount=50000, statement="S-1", actor=owner).state == Order.State.REVIEW
    assert not Enrolment.objects.exists()
    assert balance("suspense", "CNY") == -50000
    check_audit()
    refund = refund_order(order=order, actor=owner, reason="too little")
    assert (refund.state, refund.amount) == (Refund.State.PENDING, 50000)
    confirm_refund_sent(refund=refund, statement="S-2", actor=owner)
    assert balance("suspense", "CNY") == balance("bank", "CNY") == balance("refunds_pending", "CNY") == 0
    check_audit()


def test_a_refund_counts_at_once_and_leaves_the_bank_when_staff_say_so(
    till: Till, bundle: Any, student: Any, owner: Any, client_of: Any
) -> None:
    order = waiting(till, bundle, user=student)
    confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner)
    refund = refund_order(order=order, components=kit_only(order), actor=owner, reason="kit")
    assert (refund.state, refund.amount, balance("refunds_pending", "CNY")) == (Refund.State.PENDING, 13000, -13000)
    browser = client_of(owner)
    assert order.number in browser.get("/admin/shop/bank/").content.decode()
    for _again in range(2):
        browser.post(f"/admin/shop/bank/refunds/{refund.pk}/", {"statement": "S-9"})
    refund.refresh_from_db()
    assert refund.state == Refund.State.SUCCEEDED
    assert (balance("refunds_pending", "CNY"), balance("bank", "CNY")) == (0, 46900)
    assert AuditEntry.objects.filter(action="refund.transferred").count() == 1
    check_audit()


def test_what_never_arrives_frees_everything_and_what_arrives_later_is_placed_or_owed_back(
    till: Till, bundle: Any, owner: Any, clock: Any
) -> None:
    coupon = make_coupon(max_uses=1)
    order = waiting(till, bundle, coupon="SAVE10")
    clock.advance(days=4)
    assert release_expired_orders() == 0
    clock.advance(days=2)
    assert release_expired_orders() == 1
    coupon.refresh_from_db()
    assert (coupon.used, Reservation.objects.filter(state="held").count()) == (0, 0)
    check_audit()
    assert confirm_transfer(reference=order.number, amount=53910, statement="S-1", actor=owner).state == Order.State.PAID
    confirm_transfer(reference=order.number, amount=53910, statement="S-2", actor=owner)
    clock.advance(minutes=1)
    send_waiting_refunds()
    second = Payment.objects.get(provider_id="bank:S-2").refunds.get()
    assert (second.state, second.amount) == (Refund.State.PENDING, 53910)
    check_audit()


def test_a_buyer_who_changes_their_mind_cancels_before_the_money_comes(till: Till, bundle: Any) -> None:
    order = waiting(till, bundle)
    assert cancel_order(order=order, actor=None) == "nothing_charged"
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    check_audit()


def test_a_statement_that_fits_nothing_is_refused(till: Till, bundle: Any, owner: Any) -> None:
    first, second = waiting(till, bundle), waiting(till, make_offer())
    confirm_transfer(reference=first.number, amount=59900, statement="S-1", actor=owner)
    before = snapshot()
    for terms in ({"reference": "CY-NOTHING"}, {"statement": " "}, {"amount": 0}, {"statement": "S-1"}):
        with pytest.raises(CannotConfirm):
            confirm_transfer(**{"reference": second.number, "amount": 59900, "statement": "S-3", "actor": owner, **terms})
    assert snapshot() == before


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_two_people_at_once_it_is_paid_once(till: Till, bundle: Any, owner: Any) -> None:
    """No control: the lock on the order and the unique number of the movement each keep it single."""
    order = waiting(till, bundle)
    works = [lambda: confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner) for _n in range(4)]
    answers = at_once(works)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert Payment.objects.count() == order.shipments.count() == 1
    check_audit()


def test_an_owner_confirms_on_the_page_and_sets_the_account(till: Till, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = waiting(till, bundle), client_of(owner)
    assert order.number in browser.get("/admin/shop/bank/").content.decode()
    browser.post("/admin/shop/bank/confirm/", {"reference": order.number, "amount": "much", "statement": "S-1"})
    browser.post("/admin/shop/bank/confirm/", {"reference": order.number, "amount": "599.00", "statement": "S-1"})
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    browser.post("/admin/shop/bank/accounts/TWD/", {"details": "812-000", "days": "3", "is_on": "on"})
    browser.post("/admin/shop/bank/accounts/CNY/", {"details": "", "days": "99", "is_on": "on"})
    assert sorted(BankAccount.objects.values_list("currency", "days", "is_on")) == [("CNY", 5, True), ("TWD", 3, True)]


def test_an_order_in_review_is_listed_with_the_troubles_and_asks_for_the_bank_statement(
    till: Till, bundle: Any, owner: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    order, browser = waiting(till, bundle), client_of(owner)
    assert "付款人" in browser.get("/admin/shop/bank/").content.decode()
    browser.get("/admin/shop/troubles/")
    with CaptureQueriesContext(connection) as before:
        browser.get("/admin/shop/troubles/")
    confirm_transfer(reference=order.number, amount=50000, statement="S-1", actor=owner)
    with django_assert_num_queries(len(before)):
        assert order.number in browser.get("/admin/shop/troubles/").content.decode()
    page = browser.get(f"/admin/shop/orders/{order.number}/").content.decode()
    assert "請對照銀行對帳單" in page
    assert "到 Stripe 核對" not in page


def test_transfers_of_one_order_add_up_and_what_is_beyond_is_owed_back(till: Till, bundle: Any, owner: Any, clock: Any) -> None:
    order = waiting(till, bundle)
    for amount, mark in ((50000, "S-1"), (9800, "S-2")):
        assert confirm_transfer(reference=order.number, amount=amount, statement=mark, actor=owner).state == Order.State.REVIEW
        clock.advance(minutes=1)
    order.refresh_from_db()
    assert preview_acceptance(order=order).paid == 59800
    assert confirm_transfer(reference=order.number, amount=300, statement="S-3", actor=owner).state == Order.State.PAID
    assert Enrolment.objects.filter(source=order.holder).exists()
    assert balance("revenue:seat", "CNY") == -46900
    assert balance("suspense", "CNY") == -200
    clock.advance(minutes=1)
    send_waiting_refunds()
    surplus = Refund.objects.get()
    assert (surplus.amount, surplus.state, balance("suspense", "CNY")) == (200, Refund.State.PENDING, 0)
    till.check_books()


def test_what_several_transfers_paid_goes_back_to_the_last_unit(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = waiting(till, bundle, user=student)
    for amount, mark in ((50000, "S-1"), (9900, "S-2")):
        confirm_transfer(reference=order.number, amount=amount, statement=mark, actor=owner)
    order.refresh_from_db()
    for _again in range(2):
        refund_order(order=order, actor=owner, reason="all of it", key="once")
    assert sorted(Refund.objects.values_list("amount", "state")) == [(9900, "pending"), (50000, "pending")]
    assert Enrolment.objects.get().state == "revoked"
    assert (balance("refunds_pending", "CNY"), balance("revenue:seat", "CNY"), balance("tax_payable", "CNY")) == (-59900, 0, 0)
    till.check_books()


def test_in_review_every_transfer_goes_back(till: Till, bundle: Any, owner: Any) -> None:
    order = waiting(till, bundle)
    for amount, mark in ((300, "S-1"), (200, "S-2")):
        confirm_transfer(reference=order.number, amount=amount, statement=mark, actor=owner)
    refund_order(order=order, actor=owner, reason="too little")
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [200, 300]
    assert balance("suspense", "CNY") == 0
    till.check_books()


def test_a_mistyped_transfer_is_taken_back_and_written_down_rightly(till: Till, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = waiting(till, bundle), client_of(owner)
    confirm_transfer(reference=order.number, amount=50000, statement="T1", actor=owner)
    wrong = order.payments.get()
    way = f"/admin/shop/bank/receipts/{wrong.pk}/take-back/"
    assert way in browser.get(f"/admin/shop/orders/{order.number}/").content.decode()
    browser.post(way)
    order.refresh_from_db()
    assert order.state == Order.State.PROCESSING
    assert balance("suspense", "CNY") == balance("bank", "CNY") == 0
    entry = AuditEntry.objects.get(action="transfer.taken_back")
    assert (entry.actor_id, entry.before) == (owner.pk, {"amount": 50000, "currency": "CNY", "statement": "T1"})
    till.check_books()
    with pytest.raises(CannotConfirm):
        take_back_transfer(payment=wrong, actor=owner)
    assert confirm_transfer(reference=order.number, amount=59900, statement="T1", actor=owner).state == Order.State.PAID
    till.check_books()


def test_what_has_settled_or_gone_back_cannot_be_taken_back(till: Till, bundle: Any, owner: Any) -> None:
    paid, checked = waiting(till, bundle), waiting(till, make_offer())
    confirm_transfer(reference=paid.number, amount=59900, statement="S-1", actor=owner)
    confirm_transfer(reference=checked.number, amount=100, statement="S-2", actor=owner)
    refund_order(order=checked, actor=owner, reason="too little")
    before = snapshot()
    for order in (paid, checked):
        with pytest.raises(CannotConfirm):
            take_back_transfer(payment=order.payments.get(), actor=owner)
    assert snapshot() == before


def test_one_of_several_taken_back_leaves_the_order_in_review_and_an_ended_order_ends_again(
    till: Till, bundle: Any, owner: Any, clock: Any
) -> None:
    order = waiting(till, bundle)
    for amount, mark in ((300, "S-1"), (200, "S-2")):
        confirm_transfer(reference=order.number, amount=amount, statement=mark, actor=owner)
    assert take_back_transfer(payment=order.payments.get(provider_id="bank:S-2"), actor=owner).state == Order.State.REVIEW
    clock.advance(days=9)
    assert take_back_transfer(payment=order.payments.get(provider_id="bank:S-1"), actor=owner).state == Order.State.PROCESSING
    assert release_expired_orders() == 0
    clock.advance(days=2)
    assert release_expired_orders() == 1
    confirm_transfer(reference=order.number, amount=300, statement="S-3", actor=owner)
    late = order.payments.get(provider_id="bank:S-3")
    assert take_back_transfer(payment=late, actor=owner).state == Order.State.EXPIRED
    till.check_books()


@pytest.mark.parametrize("ends", ["cancelled", "expired"])
def test_what_waits_for_a_transfer_is_out_of_the_basket_and_comes_back_if_it_never_arrives(
    client: Client, clock: Any, ends: str
) -> None:
    basket_of(client)
    page = client.post("/en/checkout/", filled(client, by="transfer"), follow=True)
    order, line = Order.objects.get(), BasketLine.objects.first()
    assert line is None
    assert basket_count(page.wsgi_request) == 0
    assert client.get("/en/checkout/").status_code == 302
    if ends == "cancelled":
        page = client.post(f"/en/checkout/cancel/{order.number}/", {"key": page.context["key"]}, follow=True)
        assert basket_count(page.wsgi_request) == 1
    else:
        clock.advance(days=6)
        release_expired_orders()
    order.refresh_from_db()
    assert order.state == ends
    back = BasketLine.objects.get()
    assert (back.offer_id, back.quantity, back.basket_id) == (order.lines.get().offer_id, 1, order.basket_id)


def test_what_is_put_into_the_basket_later_stays_there_when_the_transfer_arrives(till: Till, bundle: Any, owner: Any) -> None:
    basket = till.basket(bundle)
    order = waiting(till, basket=basket)
    basket.lines.create(offer=bundle, quantity=1)
    confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner)
    assert basket.lines.count() == 1


def test_a_delayed_payment_takes_its_lines_out_of_the_basket_until_it_fails(till: Till, bundle: Any) -> None:
    basket = till.basket(bundle)
    order = till.place(basket=basket)
    session_id = till.begin(order)
    assert basket.lines.exists()
    till.stand_in.delay_payment(session_id)
    till.deliver()
    assert not basket.lines.exists()
    till.stand_in.settle(session_id, ok=False)
    till.deliver()
    assert basket.lines.get().offer == bundle


def test_a_refund_by_bank_asks_where_to_and_is_under_way_until_it_has_left(
    till: Till, bundle: Any, student: Any, owner: Any, client_of: Any, mailoutbox: Any
) -> None:
    order = waiting(till, bundle, user=student)
    confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner)
    buyer, way, ask = client_of(student), f"/en/orders/{order.number}/", f"/en/checkout/refund-account/{order.number}/"
    assert "is transferred to your bank account" in buyer.get(way).content.decode()
    page = buyer.post(f"/en/checkout/cancel/{order.number}/", follow=True).content.decode()
    for text in ("Refund under way", "Refund of ¥599 under way", "Where shall we transfer ¥599 to?"):
        assert text in page, text
    for text in ("goes back to where it came from", "the way it came", "¥599 refunded"):
        assert text not in page, text
    assert "Refund under way" in buyer.get("/en/orders/").content.decode()
    assert "Please write down the bank" in buyer.post(ask, {"account": " "}, follow=True).content.decode()
    assert "to this account" in buyer.post(ask, {"account": "First Bank 007-123\nAn Lin"}, follow=True).content.decode()
    assert "First Bank 007-123" in client_of(owner).get("/admin/shop/bank/").content.decode()
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    told = next(mail.body for mail in mailoutbox if "comes back to you" in mail.subject)
    assert "The refund is under way" in told
    assert "We have refunded" not in told
    confirm_refund_sent(refund=Refund.objects.get(), statement="S-2", actor=owner)
    page = buyer.get(way).content.decode()
    for text in ("Refunded", "¥599 refunded", "We have transferred it to your bank account"):
        assert text in page, text
    for text in ("under way", "Where shall we"):
        assert text not in page, text
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    assert any("We have transferred ¥599 to your bank account" in mail.body for mail in mailoutbox)
    buyer.post(ask, {"account": "Other Bank"})
    assert Refund.objects.get().account.startswith("First Bank")
    till.check_books()


def test_a_stranger_names_no_account(till: Till, bundle: Any, student: Any, owner: Any, client_of: Any, client: Client) -> None:
    order = waiting(till, bundle, user=student)
    confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner)
    refund_order(order=order, actor=owner, reason="all")
    for browser in (client, client_of(owner)):
        assert browser.post(f"/en/checkout/refund-account/{order.number}/", {"account": "mine"}).status_code == 404
    assert Refund.objects.get().account == ""


def test_who_is_owed_a_transfer_stays_until_it_has_left_and_then_their_account_goes(
    till: Till, bundle: Any, student: Any, owner: Any
) -> None:
    order = waiting(till, bundle, user=student)
    confirm_transfer(reference=order.number, amount=59900, statement="S-1", actor=owner)
    order.refresh_from_db()
    refund = refund_order(order=order, actor=owner, reason="all")
    name_refund_account(order=order, account="First Bank", actor=student)
    assert "First Bank" in str(export(student))
    with pytest.raises(CannotErase, match="still to be transferred"):
        erase(student)
    confirm_refund_sent(refund=refund, statement="S-2", actor=owner)
    erase(student)
    refund.refresh_from_db()
    assert refund.account == ""


def test_the_checkout_speaks_of_transfers_only_where_they_are_taken(
    till: Till, bundle: Any, student: Any, client_of: Any
) -> None:
    browser = client_of(student)
    browser.post("/basket/add/", {"offer": bundle.pk})
    set_bank_account(currency="CNY", details="x", days=5, is_on=False, actor=None)
    assert "by bank transfer. Your seat" not in browser.get("/en/checkout/").content.decode()
    set_bank_account(currency="CNY", details="x", days=5, is_on=True, actor=None)
    page = browser.get("/en/checkout/").content.decode()
    assert "You pay on Stripe&#x27;s page or by bank transfer." in page or "You pay on Stripe's page or by bank transfer." in page
    assert 'id="pay" class="stack' in page
