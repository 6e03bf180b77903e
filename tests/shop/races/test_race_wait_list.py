"""The line, transfers and the till at once: never oversold, nobody offered twice; each with the control that shows the lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

import stock.flows.passing
from courses.flows import expire_offers, join_wait_list, transfer_seat, wait_list
from courses.models import Enrolment, WaitListEntry
from kit.clock import now
from shop.checkout.flows import SoldOut, refund_order
from shop.orders.models import Order
from stock.flows import OutOfStock, release
from stock.models import Reservation, StockItem
from tests.factories import enrol, make_cohort, make_course, make_offer, make_user
from tests.shop.crowd import at_once
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offer(teacher: Any) -> Any:
    cohort = make_cohort(course=make_course(lessons=1), seats=3, slug="spring", days=60)
    return make_offer(cohort=cohort, slug="spring-seat")


@pytest.fixture
def cohort(offer: Any) -> Any:
    return offer.bundles.get().components.get().cohort


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rows are read without FOR UPDATE, and the database's own last lines of defence are down."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_stockitem DROP CONSTRAINT stock_never_oversold")
    try:
        yield
    finally:
        _mend()


def _mend() -> None:
    StockItem.objects.update(allocated=0, reserved=0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_stockitem ADD CONSTRAINT stock_never_oversold CHECK (on_hand >= allocated + reserved)")


def full(till: Till, offer: Any) -> list[Order]:
    return [till.bought(offer, user=make_user()) for _n in range(3)]


def in_line(cohort: Any, count: int) -> list[Any]:
    people = [make_user() for _n in range(count)]
    for person in people:
        join_wait_list(user=person, cohort=cohort)
    return people


def offered() -> list[int]:
    return list(WaitListEntry.objects.filter(state="offered").values_list("user", flat=True))


def free_at_once(till: Till, orders: list[Order]) -> list[Any]:
    return at_once([partial(release, holder=order.holder) for order in orders])


def unpaid(till: Till, offer: Any) -> list[Order]:
    """Three orders that hold the three seats."""
    return [till.place(offer, user=make_user()) for _n in range(3)]


def test_two_seats_freed_at_once_go_to_two_people_in_the_order_of_the_line(till: Till, offer: Any, cohort: Any) -> None:
    orders = unpaid(till, offer)
    people = in_line(cohort, 5)
    answers = free_at_once(till, orders[:2])
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert sorted(offered()) == sorted(person.pk for person in people[:2])
    item = StockItem.objects.get(ref=cohort.seat_ref)
    assert (item.reserved, item.free) == (3, 0)
    assert Reservation.objects.filter(holder__startswith="waitlist:", state="held").count() == 2


def test_control_without_the_lock_two_seats_freed_at_once_are_counted_as_one(
    till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = unpaid(till, offer)
    honest = stock.flows.holding.lock_rows

    def slowly(rows: Any, ids: Any) -> Any:
        found: Any = honest(rows, ids)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(stock.flows.holding, "lock_rows", slowly)
    with without_locks(monkeypatch):
        free_at_once(till, orders[:2])
        assert StockItem.objects.get(ref=cohort.seat_ref).free == 1


def _join_while_a_seat_comes_free(till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, int]:
    """The person's look at the class takes a while; in it an order lets its seat go."""
    orders = unpaid(till, offer)
    honest = wait_list.is_open

    calls: list[Any] = []

    def slowly(row: Any) -> bool:
        calls.append(row)
        time.sleep(0.6 if len(calls) == 1 else 0)
        return honest(row)

    def free() -> None:
        time.sleep(0.2)
        release(holder=orders[0].holder)

    person = make_user()
    with monkeypatch.context() as patch:
        patch.setattr(wait_list, "is_open", slowly)
        answers = at_once([partial(join_wait_list, user=person, cohort=cohort), free])
    return answers[0], StockItem.objects.get(ref=cohort.seat_ref).free


def test_nobody_is_left_waiting_beside_a_seat_that_came_free_that_moment(
    till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined, free = _join_while_a_seat_comes_free(till, offer, cohort, monkeypatch)
    assert isinstance(joined, WaitListEntry), joined
    assert (len(offered()), free) == (1, 0)


def test_control_without_the_lock_somebody_waits_beside_a_free_seat(
    till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_locks(monkeypatch):
        joined, free = _join_while_a_seat_comes_free(till, offer, cohort, monkeypatch)
        assert isinstance(joined, WaitListEntry), joined
        assert (offered(), free) == ([], 1)


def test_a_freed_seat_is_never_free_for_a_crowd_that_presses_buy_all_the_while(till: Till, offer: Any, cohort: Any) -> None:
    orders = unpaid(till, offer)
    [person] = in_line(cohort, 1)
    crowd = [(make_user(), till.basket(offer)) for _n in range(8)]

    def buy(user: Any, basket: Any) -> list[Any]:
        answers: list[Any] = []
        for _try in range(3):
            try:
                answers.append(till.place(basket=basket, user=user))
            except SoldOut as refusal:
                answers.append(refusal)
        return answers

    answers = at_once([partial(release, holder=orders[0].holder), *(partial(buy, *one) for one in crowd)])
    bought = [one for answer in answers[1:] for one in answer if isinstance(one, Order)]
    assert not bought, answers
    assert offered() == [person.pk]


def test_control_a_seat_that_is_offered_only_after_the_commit_is_taken_by_the_crowd(
    till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the outbox topic alone would do: between the release and the offer the seat is on sale."""
    orders = unpaid(till, offer)
    in_line(cohort, 1)
    monkeypatch.setattr(stock.flows.holding, "pass_on", lambda _refs: None)
    release(holder=orders[0].holder)
    assert isinstance(till.place(offer, user=make_user()), Order)
    with transaction.atomic():
        wait_list.offer_next(cohort.seat_ref)
    assert not offered()


def _expiry_against_buying(till: Till, offer: Any, cohort: Any) -> tuple[Any, Any, Any]:
    orders = full(till, offer)
    first, second = in_line(cohort, 2)
    refund_order(order=orders[0], actor=None, reason="")
    till.deliver()
    assert offered() == [first.pk]
    basket = till.basket(offer)
    soon = now() + timedelta(seconds=0.35)
    WaitListEntry.objects.filter(user=first).update(deadline=soon)

    def buy() -> Any:
        return till.place(basket=basket, user=first)

    def sweep() -> int:
        ended = 0
        for _try in range(30):
            ended += expire_offers()
            time.sleep(0.03)
        return ended

    bought, swept = at_once([buy, sweep])
    return bought, swept, (first, second)


def test_expiry_against_buying_the_seat_goes_to_one_of_the_two(till: Till, offer: Any, cohort: Any) -> None:
    for _round in range(3):
        bought, swept, (_first, second) = _expiry_against_buying(till, offer, cohort)
        item = StockItem.objects.get(ref=cohort.seat_ref)
        assert item.free == 0
        if isinstance(bought, Order):
            assert swept == 0
            assert Reservation.objects.filter(holder=bought.holder, state="held").count() == 1
            assert WaitListEntry.objects.get(user=second).state == "waiting"
        else:
            assert isinstance(bought, SoldOut), bought
            assert swept == 1
            assert WaitListEntry.objects.get(user=second).state == "offered"
        check_audit()
        _start_again(cohort)


def _start_again(cohort: Any) -> None:
    """A class of its own for the next round: more seats than were sold, all free ones sold again by the round itself."""
    WaitListEntry.objects.all().delete()
    item = StockItem.objects.get(ref=cohort.seat_ref)
    StockItem.objects.filter(pk=item.pk).update(on_hand=item.allocated + item.reserved + 3)


def test_control_without_the_lock_expiry_and_buying_both_win(
    till: Till, offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep decides, the buyer takes the seat, the sweep writes: the same seat is offered to the next."""
    orders = full(till, offer)
    first = in_line(cohort, 2)[0]
    refund_order(order=orders[0], actor=None, reason="")
    till.deliver()
    basket = till.basket(offer)
    honest = wait_list._ordered

    def slowly(entry: Any) -> bool:
        found = honest(entry)
        time.sleep(0.8)
        return found

    def buy() -> Any:
        time.sleep(0.2)
        return till.place(basket=basket, user=first)

    def sweep() -> bool:
        entry = WaitListEntry.objects.get(user=first)
        monkeypatch.setattr(wait_list, "_ordered", slowly)
        monkeypatch.setattr(wait_list, "now", lambda: now() + timedelta(hours=60) if _in_sweep() else now())
        return wait_list.expire_offer(entry_id=entry.pk)

    with without_locks(monkeypatch):
        bought, ended = at_once([buy, sweep])
        assert isinstance(bought, Order), bought
        assert ended is True


def _in_sweep() -> bool:
    import sys

    frame: Any = sys._getframe(2)
    return bool(frame.f_code.co_name == "expire_offer")


def _transfer_rush(offer: Any, cohort: Any, crowd: int) -> list[Any]:
    """Eight students want the one seat of the summer class."""
    summer = make_cohort(course=cohort.course, seats=1, slug="summer", days=60)
    seats = [enrol(make_user(), cohort, source=f"staff:{n}") for n in range(crowd)]
    return at_once([partial(transfer_seat, enrolment=seat, to=summer, actor=None) for seat in seats])


def test_many_transfers_to_the_last_seat_one_moves(offer: Any, cohort: Any) -> None:
    answers = _transfer_rush(offer, cohort, 8)
    assert sum(isinstance(answer, Enrolment) for answer in answers) == 1, answers
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == 7, answers
    assert StockItem.objects.get(ref=Enrolment.objects.get(cohort__slug="summer").cohort.seat_ref).free == 0


def test_control_without_the_lock_the_last_seat_is_given_to_several(
    offer: Any, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = stock.flows.passing.lock_rows

    def slowly(rows: Any, ids: Any) -> Any:
        found: Any = honest(rows, ids)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(stock.flows.passing, "lock_rows", slowly)
    with without_locks(monkeypatch):
        answers = _transfer_rush(offer, cohort, 8)
        assert sum(isinstance(answer, Enrolment) for answer in answers) > 1, answers


def test_a_transfer_and_a_refund_at_once_leave_no_seat_behind(till: Till, offer: Any, cohort: Any) -> None:
    """Whichever is first: the seat is over, and both classes count what they have."""
    summer = make_cohort(course=cohort.course, seats=1, slug="summer", days=60)
    for _round in range(3):
        order = till.bought(offer, user=make_user())
        seat = Enrolment.objects.get(source=order.holder)
        refund_order(order=order, actor=None, reason="")
        taken = till.stand_in.take_webhooks()
        posts = [partial(till.post, item[0], item[1]) for item in taken]
        at_once([*posts, partial(transfer_seat, enrolment=seat, to=summer, actor=None)])
        till.deliver()
        seat.refresh_from_db()
        assert seat.state == "revoked"
        assert [StockItem.objects.get(ref=one.seat_ref).allocated for one in (cohort, summer)] == [0, 0]
        till.check_books()


def test_twenty_people_join_at_once_and_stand_in_one_line(till: Till, offer: Any, cohort: Any) -> None:
    full(till, offer)
    people = [make_user() for _n in range(10)]
    answers = at_once([partial(join_wait_list, user=person, cohort=cohort) for person in people for _twice in range(2)])
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert WaitListEntry.objects.filter(state="waiting").count() == 10
