"""A course as a gift: bought for somebody, told on its day, taken once by whoever holds the link, or taken back before."""

import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.access import active_enrolment
from courses.models import Enrolment
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.checkout.flows import CannotOrder, CannotRedeem, gift, kit_only, redeem_gift, refund_order, send_due_gifts
from shop.fulfilment.flows import ship
from shop.orders.delivery import DeliveryData
from shop.orders.gifts import GiftData
from shop.orders.models import Delivery, Gift, Order
from stock.models import StockItem
from tests.factories import enrol, make_cohort, make_offer, make_sku, make_user
from tests.shop.crowd import at_once
from tests.shop.test_checkout_page import HOME, basket_of, filled
from tests.shop.till import Till, check_audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
AT_HOME = DeliveryData(method="home", name="Mei", phone="0912345678", country="TW", city="台北市", street="松仁路 1 號")


def wrapped(days: int = 0) -> GiftData:
    return GiftData("Mei", "Mei@demo.test", "Happy birthday!", local_date(now(), FALLBACK_ZONE) + timedelta(days=days))


def given(till: Till, bundle: Any, student: Any, days: int = 0) -> Gift:
    return till.bought(bundle, user=student, gift=wrapped(days)).gift


def mails_to(address: str, outbox: Any) -> list[Any]:
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    return [mail for mail in outbox if mail.to == [address]]


def test_a_gift_with_a_kit_says_that_the_kit_may_come_back(client: Client) -> None:
    basket_of(client, cohort=make_cohort(), sku=make_sku())
    page = client.post("/en/checkout/", filled(client, is_gift="on", refresh="yes")).content.decode()
    assert "Send back the kit alone and keep the course" in page


def test_a_giver_buys_it_on_the_checkout_page(client: Client, till: Till, mailoutbox: Any) -> None:
    basket_of(client, cohort=make_cohort())
    ticked = client.post("/en/checkout/", filled(client, is_gift="on", refresh="yes")).content.decode()
    assert "Who gets it" in ticked
    assert "Where to send it" not in ticked
    wish = {"is_gift": "on", "gift_name": "Mei", "gift_email": "mei@demo.test", "gift_message": "For you", "buyer_name": "An"}
    assert "Who gets it" in client.post("/en/checkout/", filled(client, is_gift="on", buyer_name="An")).content.decode()
    assert client.post("/en/checkout/", filled(client, **wish)).status_code == 303
    order = Order.objects.get()
    assert (order.gift.name, order.gift.email, order.gift.deliver_on) == (
        "Mei",
        "mei@demo.test",
        local_date(now(), FALLBACK_ZONE),
    )
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    assert (order.state, Enrolment.objects.count(), order.shipments.count()) == (Order.State.PAID, 0, 0)
    assert not mails_to("mei@demo.test", mailoutbox)
    assert (send_due_gifts(), send_due_gifts()) == (1, 0)
    (mail,) = mails_to("mei@demo.test", mailoutbox)
    assert f"/redeem/{order.gift.code}/" in mail.body
    assert "For you" in mail.body
    check_audit()


def test_the_recipient_takes_seat_and_kit_with_an_account_of_their_own(
    till: Till, bundle: Any, student: Any, visitor: Any, client_of: Any, client: Client
) -> None:
    present = given(till, bundle, student)
    path = f"/en/redeem/{present.code}/"
    assert "/accounts/login/" in client.post(path, HOME)["Location"]
    browser = client_of(visitor)
    page = browser.get(path).content.decode()
    assert "Happy birthday!" in page
    assert "Where to send it" in page
    assert browser.post(path, {}).status_code == 200
    assert browser.post(path, HOME).status_code == 302
    present.refresh_from_db()
    order = present.order
    assert (present.redeemed_by, order.delivery.street, order.shipments.count()) == (visitor, HOME["street"], 1)
    assert active_enrolment(visitor, bundle.course) is not None
    assert active_enrolment(student, bundle.course) is None
    assert redeem_gift(code=present.code, user=visitor).pk == present.pk
    till.check_books()
    givers = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    assert "It has been taken on" in givers
    assert "Your gift was taken. We are packing its kit" in givers
    assert "as soon as the gift is taken" not in givers
    assert HOME["street"] not in givers
    assert "taken already" in client_of(make_user()).get(path).content.decode()


def test_the_link_says_who_gives_what_before_anybody_signs_in(till: Till, bundle: Any, student: Any, client: Client) -> None:
    present = given(till, bundle, student)
    Order.objects.filter(pk=present.order_id).update(name="Auntie Lin")
    path = f"/en/redeem/{present.code}/"
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="wrap wrap-narrow' in page
    for words in ("Auntie Lin gives you", bundle.title, bundle.bundles.get().components.get(kind="seat").cohort.name):
        assert words in page
    assert "Happy birthday!" in page
    assert "Where to send it" not in page
    assert f'name="next" value="{path}"' in page
    assert "/accounts/login/code/" in page
    assert "/accounts/signup/" in page
    assert Gift.objects.get().redeemed_at is None


def test_a_taken_gift_tells_strangers_nothing_of_it(till: Till, bundle: Any, student: Any, visitor: Any, client: Client) -> None:
    present = given(till, bundle, student)
    redeem_gift(code=present.code, user=visitor, delivery=AT_HOME)
    page = client.get(f"/en/redeem/{present.code}/").content.decode()
    assert "Happy birthday!" not in page
    assert bundle.title not in page.partition('id="redeem"')[2].partition("</main>")[0]


def test_the_recipient_follows_the_parcel_and_is_written_to(
    till: Till, bundle: Any, student: Any, visitor: Any, packer: Any, client_of: Any, mailoutbox: Any
) -> None:
    present = given(till, bundle, student)
    redeem_gift(code=present.code, user=visitor, delivery=AT_HOME)
    path = f"/en/redeem/{present.code}/"
    assert "We are packing your parcel" in client_of(visitor).get(path).content.decode()
    assert path in client_of(visitor).get("/en/learn/").content.decode()
    assert "/redeem/" not in client_of(student).get("/en/learn/").content.decode()
    mails_to(present.order.email, mailoutbox)
    mailoutbox.clear()
    (parcel,) = present.order.shipments.all()
    ship(shipment=parcel, carrier="sf", tracking="SF-77", actor=packer)
    page = client_of(visitor).get(path).content.decode()
    assert "Your parcel is on its way" in page
    assert "SF-77" in page
    (mail,) = mails_to(visitor.email, mailoutbox)
    assert f"/redeem/{present.code}/" in mail.body
    assert present.order.number not in mail.body
    assert mails_to(present.order.email, mailoutbox) == []
    notice = Notice.objects.get(user=visitor, kind="order")
    assert notice.url.endswith(f"/redeem/{present.code}/")
    assert Notice.objects.filter(user=student, kind="order", url__contains=present.order.number).exists()
    givers = client_of(student).get(f"/en/orders/{present.order.number}/").content.decode()
    assert "The parcel of your gift is on its way" in givers
    assert "松仁路" not in givers


def test_the_recipients_name_is_that_of_the_gift_where_they_have_none(till: Till, bundle: Any, student: Any) -> None:
    nameless, named = make_user(), make_user(name="Ming")
    User.objects.filter(pk=nameless.pk).update(name="")
    nameless.refresh_from_db()
    redeem_gift(code=given(till, bundle, student).code, user=nameless, delivery=AT_HOME)
    redeem_gift(code=given(till, bundle, student).code, user=named, delivery=AT_HOME)
    assert [User.objects.get(pk=person.pk).name for person in (nameless, named)] == ["Mei", "Ming"]


def test_a_day_that_is_past_is_refused(client: Client, till: Till) -> None:
    basket_of(client, cohort=make_cohort())
    client.post("/en/checkout/", filled(client, is_gift="on", refresh="yes"))
    today = local_date(now(), FALLBACK_ZONE)
    wish = {"is_gift": "on", "gift_name": "Mei", "gift_email": "mei@demo.test", "buyer_name": "An"}
    page = client.post("/en/checkout/", filled(client, **wish, gift_on=str(today - timedelta(days=1)))).content.decode()
    assert "This day is past" in page
    assert not Order.objects.exists()
    page = client.post("/en/checkout/", filled(client, **wish, gift_on=str(today + timedelta(days=366)))).content.decode()
    assert "too far away" in page
    assert client.post("/en/checkout/", filled(client, **wish, gift_on=str(today))).status_code == 303


def test_the_list_of_orders_asks_no_more_with_more_gifts(
    till: Till, bundle: Any, student: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    browser = client_of(student)
    given(till, bundle, student)
    browser.get("/en/orders/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/en/orders/")
    asked = len(one)
    given(till, bundle, student)
    with django_assert_num_queries(asked):
        browser.get("/en/orders/")


def test_the_giver_sees_the_link_and_a_stranger_does_not(
    till: Till, bundle: Any, student: Any, visitor: Any, client_of: Any
) -> None:
    present = given(till, bundle, student, days=3)
    assert present.code in client_of(student).get(f"/en/orders/{present.order.number}/").content.decode()
    assert client_of(visitor).get(f"/en/orders/{present.order.number}/").status_code == 404
    assert client_of(visitor).get("/en/redeem/not-a-code/").status_code == 404


def test_it_is_told_on_its_day_and_can_be_taken_before(
    till: Till, bundle: Any, student: Any, clock: Any, mailoutbox: Any
) -> None:
    given(till, bundle, student, days=3)
    assert send_due_gifts() == 0
    clock.advance(days=3)
    assert send_due_gifts() == 1
    assert len(mails_to("mei@demo.test", mailoutbox)) == 1


def test_a_refund_before_it_is_taken_cancels_the_code_and_frees_seat_and_kit(
    till: Till, bundle: Any, student: Any, visitor: Any, owner: Any
) -> None:
    present = given(till, bundle, student)
    refund_order(order=present.order, actor=owner, reason="changed my mind")
    till.deliver()
    with pytest.raises(CannotRedeem, match="not there any more"):
        redeem_gift(code=present.code, user=visitor, delivery=AT_HOME)
    assert not Enrolment.objects.exists()
    assert set(StockItem.objects.values_list("allocated", "reserved")) == {(0, 0)}
    assert send_due_gifts() == 0
    till.check_books()


def test_a_kit_refunded_before_leaves_the_course_to_be_taken(
    till: Till, bundle: Any, student: Any, visitor: Any, owner: Any
) -> None:
    present = given(till, bundle, student)
    refund_order(order=present.order, components=kit_only(present.order), actor=owner, reason="no kit")
    till.deliver()
    assert StockItem.objects.get(ref="sku:UKE-S@main").allocated == 0
    redeem_gift(code=present.code, user=visitor)
    assert active_enrolment(visitor, bundle.course) is not None
    assert not present.order.shipments.exists()
    till.check_books()


def test_a_refund_after_it_was_taken_ends_the_recipients_seat(
    till: Till, bundle: Any, student: Any, visitor: Any, owner: Any
) -> None:
    present = given(till, bundle, student)
    redeem_gift(code=present.code, user=visitor, delivery=AT_HOME)
    refund_order(order=present.order, actor=owner, reason="")
    till.deliver()
    assert active_enrolment(visitor, bundle.course) is None
    till.check_books()


def test_an_unpaid_gift_is_none_and_only_courses_are_given(till: Till, bundle: Any, visitor: Any) -> None:
    unpaid = till.place(bundle, gift=wrapped())
    with pytest.raises(CannotRedeem, match="not there any more"):
        redeem_gift(code=unpaid.gift.code, user=visitor, delivery=AT_HOME)
    with pytest.raises(CannotOrder, match="Only courses"):
        till.place(make_offer(sku=make_sku()), gift=wrapped())
    assert send_due_gifts() == 0


def test_who_has_the_seat_may_give_one_but_takes_none(till: Till, bundle: Any, student: Any) -> None:
    enrol(student, bundle.bundles.get().components.get(kind="seat").cohort)
    present = given(till, bundle, student)
    with pytest.raises(CannotRedeem, match="already have this seat"):
        redeem_gift(code=present.code, user=student, delivery=AT_HOME)
    assert not Delivery.objects.exists()


def test_commission_waits_for_the_gifts_kit(till: Till, bundle: Any, visitor_of_referrer: Any, visitor: Any) -> None:
    order = till.bought(bundle, gift=wrapped(), visitor=visitor_of_referrer)
    lines = order.attribution.commissions
    assert set(lines.values_list("available_at", flat=True)) == {None}
    redeem_gift(code=order.gift.code, user=visitor, delivery=AT_HOME)
    assert set(lines.values_list("available_at", flat=True)) == {None}


def _rush(till: Till, bundle: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Six people take one gift at once, each stopping a moment between looking and taking."""
    present = given(till, bundle, make_user())
    honest = gift._check_open

    def slowly(*args: Any) -> None:
        honest(*args)
        time.sleep(0.3)

    monkeypatch.setattr(gift, "_check_open", slowly)
    people = [make_user() for _n in range(6)]
    return at_once([partial(redeem_gift, code=present.code, user=person, delivery=AT_HOME) for person in people])


@pytest.mark.django_db(transaction=True)
def test_taken_by_six_at_once_it_is_taken_once(till: Till, bundle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = _rush(till, bundle, monkeypatch)
    assert sum(isinstance(answer, Gift) for answer in answers) == 1, answers
    assert sum(isinstance(answer, CannotRedeem) for answer in answers) == 5, answers
    assert Enrolment.objects.count() == 1
    check_audit()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_a_gift_is_taken_more_than_once(
    till: Till, bundle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders are read without FOR UPDATE; a seat alone, because a second address for a kit would be refused anyway."""
    honest = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self if self.model is Order else honest(self, **how))
    seat_only = make_offer(cohort=make_cohort(seats=9))
    answers = _rush(till, seat_only, monkeypatch)
    assert sum(isinstance(answer, Gift) for answer in answers) > 1, answers
