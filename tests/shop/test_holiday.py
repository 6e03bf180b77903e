"""A seller on holiday: sales pause with a date and nobody is charged, or go on and parcels leave later; it ends by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.catalogue.flows import CannotSetHoliday, end_holiday
from shop.catalogue.holidays import Holiday, today
from shop.catalogue.promise import after_working_days, usual_day
from shop.catalogue.reads import wares
from shop.checkout.flows import CannotOrder, CannotPay, begin_holiday, begin_payment, begin_transfer, redeem_gift
from shop.fulfilment.flows import Hand, expect_goods, ship
from shop.fulfilment.models import Shipment
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.payments.flows import set_bank_account
from shop.payments.models import Payment
from stock.flows import set_on_hand
from stock.models import StockItem
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import HOME
from tests.shop.test_checkout_page import filled
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE = "/admin/shop/holiday/"
KIT = "sku:UKE-S@main"


def _days(count: int) -> date:
    return today() + timedelta(days=count)


def _away(bundle: Any, kind: str = "pause", days: int = 10) -> date:
    """The bundle's seller is away; pages that are open are closed."""
    begin_holiday(seller=bundle.seller, kind=kind, until=_days(days), actor=bundle.seller)
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    return _days(days)


@pytest.fixture
def bundle(bundle: Any, teacher: Any) -> Any:
    assert bundle.seller == teacher
    return bundle


def _get(client: Client, address: str) -> str:
    return str(client.get(address, headers={"Accept-Language": "en"}).content.decode())


@pytest.mark.parametrize("address", ["/en/shop/ukulele/", "/en/courses/{course}/"])
def test_shop_and_landing_page_say_from_when_on_it_is_sold_again(address: str, bundle: Any, client: Client) -> None:
    address = address.format(course=bundle.course.slug)
    assert 'value="now"' in _get(client, address)
    day = _away(bundle)
    page = _get(client, address)
    assert f"On sale again from {date_format(day)}" in page
    assert 'value="now"' not in page


def test_nothing_is_ordered_or_reserved_while_sales_pause(bundle: Any, till: Till) -> None:
    basket = till.basket(bundle)
    day = _away(bundle)
    with pytest.raises(CannotOrder, match=f"until {date_format(day)}"):
        till.place(basket=basket, delivery=HOME)
    assert not Order.objects.exists()
    assert StockItem.objects.get(ref=KIT).reserved == 0


def test_a_checkout_that_is_open_says_so(bundle: Any, client: Client) -> None:
    client.post("/en/basket/add/", {"offer": bundle.slug})
    form = filled(client)
    day = _away(bundle)
    page = _get(client, "/en/checkout/")
    assert f"Sales pause until {date_format(day)}" in page
    assert "on Stripe&#x27;s page</span>" not in page
    assert "Not for sale at the moment" in page
    answer = client.post("/en/checkout/", form)
    assert answer.status_code == 409
    assert f"Sales pause until {date_format(day)}" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_payment_page_that_is_open_is_closed_and_nobody_is_charged(bundle: Any, till: Till, client: Client) -> None:
    order = till.place(bundle, delivery=HOME)
    session = till.begin(order)
    day = _away(bundle)
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    found = till.stand_in.world.store.find(session)
    assert found is not None
    assert found["status"] == "expired"
    assert StockItem.objects.get(ref=KIT).reserved == 0
    page = _get(client, order_path(order))
    assert "This cannot be paid now" in page
    assert f"Sales pause until {date_format(day)}" in page
    assert "Pay now" not in page
    with pytest.raises(CannotPay, match="Sales pause"):
        begin_payment(order=order)
    assert not list(till.stand_in.world.store.oldest_first("charge"))


def test_no_page_opens_between_the_holiday_and_the_closing_of_open_ones(bundle: Any, till: Till) -> None:
    order = till.place(bundle, delivery=HOME)
    begin_holiday(seller=bundle.seller, kind="pause", until=_days(3), actor=None)
    with pytest.raises(CannotPay, match="Sales pause"):
        begin_payment(order=order)
    set_bank_account(currency="CNY", details="1-2", days=5, is_on=True, actor=None)
    with pytest.raises(CannotPay, match="Sales pause"):
        begin_transfer(order=order)


def test_who_had_paid_before_the_page_was_closed_gets_the_order_later(bundle: Any, till: Till) -> None:
    order = till.place(bundle, delivery=HOME)
    till.pay(order)
    day = _away(bundle)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Shipment.objects.get().planned_on == after_working_days(day)


def test_a_transfer_that_may_be_on_its_way_is_left_alone(bundle: Any, till: Till) -> None:
    set_bank_account(currency="CNY", details="1-2", days=5, is_on=True, actor=None)
    order = till.place(bundle, delivery=HOME)
    begin_transfer(order=order)
    _away(bundle)
    order.refresh_from_db()
    assert order.state == Order.State.PROCESSING


def test_other_sellers_go_on(bundle: Any, till: Till, client: Client) -> None:
    other = make_offer(sku=make_sku(code="OTHER"), slug="other")
    mine = till.place(other, delivery=HOME)
    till.begin(mine)
    _away(bundle)
    mine.refresh_from_db()
    assert mine.state == Order.State.AWAITING
    assert 'value="now"' in _get(client, "/en/shop/other/")


def test_it_ends_by_itself(teacher: Any, till: Till, client: Client, clock: Any) -> None:
    offer = make_offer(sku=make_sku(seller=teacher, code="UKE-S"), slug="ukulele", seller=teacher)
    _away(offer, days=3)
    clock.advance(days=2)
    assert wares([offer])[0].state == "paused"
    clock.advance(days=1)
    assert wares([offer])[0].state == "live"
    assert 'value="now"' in _get(client, "/en/shop/ukulele/")
    assert till.bought(offer, delivery=HOME).terms["leaves_by"] == usual_day().isoformat()


def test_it_ends_when_the_seller_is_back_already(bundle: Any, teacher: Any) -> None:
    _away(bundle)
    for _again in range(2):
        end_holiday(seller=teacher, actor=teacher)
    assert wares([bundle])[0].state == "live"
    lines = AuditEntry.objects.filter(target=f"user:{teacher.pk}", action__startswith="holiday.").order_by("pk")
    said = {"kind": "pause", "until": _days(10).isoformat()}
    assert list(lines.values_list("action", "before", "after", "actor_id")) == [
        ("holiday.set", None, said, teacher.pk),
        ("holiday.ended", said, None, teacher.pk),
    ]


def test_sales_may_go_on_with_a_later_promise_shown_before_paying_and_on_the_order(
    bundle: Any, till: Till, client: Client
) -> None:
    assert "Leaves within two working days" in _get(client, "/en/shop/ukulele/")
    day = after_working_days(_away(bundle, "shift"))
    for address in ("/en/shop/ukulele/", f"/en/courses/{bundle.course.slug}/"):
        page = _get(client, address)
        assert f"Leaves by {date_format(day)}" in page
        assert 'value="now"' in page
    client.post("/en/basket/add/", {"offer": bundle.slug})
    assert f"Leaves by {date_format(day)}" in _get(client, "/en/checkout/")
    order = till.bought(bundle, delivery=HOME)
    assert order.terms["leaves_by"] == day.isoformat()
    assert f"It leaves by {date_format(day)}" in _get(client, order_path(order))


def test_parcels_that_wait_are_promised_for_later_and_their_buyers_told_once(
    bundle: Any, till: Till, client: Client, packer: Any, student: Any
) -> None:
    gone, waits = till.bought(bundle, delivery=HOME), till.bought(bundle, user=student, delivery=HOME)
    other = till.bought(make_offer(sku=make_sku(code="OTHER")), delivery=HOME)
    ship(shipment=gone.shipments.get(), carrier="own", tracking="", actor=packer)
    assert "within two working days" in _get(client, order_path(waits))
    day = after_working_days(_away(bundle, "shift"))
    assert f"It leaves by {date_format(day)}" in _get(client, order_path(waits))
    parcel = waits.shipments.get()
    told = Notice.objects.filter(key__contains="later")
    assert [notice.title % notice.params for notice in told] == [f"Your parcel leaves later than planned ({parcel.number})"]
    assert other.shipments.get().planned_on is None
    assert gone.shipments.get().planned_on is None
    line = AuditEntry.objects.get(action="shipment.shifted")
    assert (line.before, line.after) == (None, {"parcel": parcel.number, "day": day.isoformat()})
    _away(bundle, "shift", days=5)
    assert waits.shipments.get().planned_on == day
    assert told.count() == 1


def test_a_gift_taken_during_the_holiday_is_promised_for_later(bundle: Any, till: Till, student: Any) -> None:
    from shop.orders.gifts import GiftData

    gift = GiftData(name="An", email="an@demo.test", message="", deliver_on=today())
    order = till.bought(bundle, gift=gift)
    day = after_working_days(_away(bundle, "shift"))
    redeem_gift(code=order.gift.code, user=student, delivery=HOME)
    assert Shipment.objects.get().planned_on == day


def test_goods_ordered_ahead_are_promised_for_after_they_came(till: Till, client: Client, owner: Any) -> None:
    sku = make_sku(code="AHEAD", on_hand=1)
    offer = make_offer(sku=sku, slug="ahead")
    expect_goods(sku=sku, pieces=2, day=_days(20), by=Hand(owner))
    expect_goods(sku=sku, pieces=2, day=_days(40), by=Hand(owner))
    promised = [till.bought(offer, delivery=HOME).terms["leaves_by"] for _one in range(4)]
    days = [usual_day(), after_working_days(_days(20)), after_working_days(_days(20)), after_working_days(_days(40))]
    assert promised == [day.isoformat() for day in days]
    assert f"Leaves by {date_format(days[3])}" in _get(client, "/en/shop/ahead/")


@pytest.mark.parametrize(("day", "count", "then"), [(27, 2, 31), (30, 1, 31), (26, 2, 30), (28, 1, 30)])
def test_working_days_leave_out_weekends(day: int, count: int, then: int) -> None:
    assert after_working_days(date(2026, 3, day), count) == date(2026, 3, then)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_holiday_ends_after_today_and_within_a_year(days: int, bundle: Any, teacher: Any) -> None:
    with pytest.raises(CannotSetHoliday):
        begin_holiday(seller=teacher, kind="pause", until=_days(days), actor=teacher)
    assert not Holiday.objects.exists()


def test_a_teacher_sets_their_own_and_the_owner_anybodys(
    bundle: Any, teacher: Any, teacher2: Any, owner: Any, client_of: Any
) -> None:
    make_offer(seller=teacher2)
    data = {"seller": teacher.pk, "kind": "shift", "until": _days(4).isoformat()}
    assert client_of(teacher2).post(PAGE, data).status_code == 200
    assert not Holiday.objects.exists()
    client_of(teacher).post(PAGE, data)
    assert f"back on {_days(4)}" in client_of(teacher).get(f"/en{PAGE}").content.decode()
    assert f"back on {_days(4)}" not in client_of(teacher2).get(f"/en{PAGE}").content.decode()
    assert client_of(teacher2).post(f"{PAGE}{teacher.pk}/back/").status_code == 404
    client_of(owner).post(PAGE, {**data, "seller": teacher2.pk, "kind": "pause"})
    assert dict(Holiday.objects.values_list("seller", "kind")) == {teacher.pk: "shift", teacher2.pk: "pause"}
    client_of(owner).post(f"{PAGE}{teacher.pk}/back/")
    client_of(teacher2).post(f"{PAGE}{teacher2.pk}/back/")
    assert not Holiday.objects.exists()
    page = client_of(teacher).post(f"/en{PAGE}", {**data, "until": today().isoformat()}).content.decode()
    assert "Choose a day after today" in page


@pytest.mark.parametrize("who", ["student", "moderator", "packer"])
def test_others_set_no_holiday(who: str, request: pytest.FixtureRequest, bundle: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(request.getfixturevalue(who))
    data = {"seller": teacher.pk, "kind": "pause", "until": _days(4).isoformat()}
    assert browser.get(PAGE).status_code == browser.post(PAGE, data).status_code == 302
    assert browser.post(f"{PAGE}{teacher.pk}/back/").status_code == 302
    assert Client().post(PAGE, data)["Location"].startswith("/accounts/login/")
    assert not Holiday.objects.exists()


def test_wares_ask_three_questions_holidays_or_not(bundle: Any) -> None:
    for _twice in range(2):
        with CaptureQueriesContext(connection) as queries:
            wares([bundle])
        assert len(queries) == 3
        _away(bundle)


def test_the_last_piece_is_paused_not_sold_out(bundle: Any) -> None:
    set_on_hand(ref=KIT, on_hand=0)
    _away(bundle)
    assert wares([bundle])[0].state == "paused"
