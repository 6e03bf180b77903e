"""The line for a full class: a seat that comes free is held for the next person and bought through the ordinary checkout."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.flows import expire_offers, grant_seat, join_wait_list, leave_wait_list, set_seats
from courses.models import Enrolment, WaitListEntry
from kit.clock import daytime
from kit.models import OutboxMessage
from kit.persons import erase_everything, everything_of
from notices.models import Notice
from shop.checkout.flows import SoldOut, refund_order, release_expired_orders
from shop.orders.flows import add_to_basket, open_basket
from shop.orders.flows.basket import CannotAdd
from shop.orders.models import Order
from stock.models import Reservation, StockItem
from stock.reads import free_pieces
from tests.factories import make_cohort, make_course, make_offer, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOON = datetime(2027, 3, 3, 4, 0, tzinfo=UTC)  # in Taipei


@pytest.fixture
def offer(till: Till, teacher: Any, clock: Any) -> Any:
    """A class of two seats, both sold."""
    clock.set(NOON)
    cohort = make_cohort(course=make_course(lessons=1), seats=2, name="Spring class", slug="spring", days=59)
    return make_offer(cohort=cohort, slug="spring-seat", title="Spring seat")


@pytest.fixture
def cohort(offer: Any) -> Any:
    return offer.bundles.get().components.get().cohort


@pytest.fixture
def sold(till: Till, offer: Any) -> list[Order]:
    return [till.bought(offer, user=make_user()) for _n in range(2)]


def waiting(cohort: Any, count: int, clock: Any, **fields: Any) -> list[Any]:
    people = [make_user(**fields) for _n in range(count)]
    for person in people:
        join_wait_list(user=person, cohort=cohort)
        clock.advance(seconds=1)
    return people


def states(people: list[Any]) -> list[str]:
    return [WaitListEntry.objects.filter(user=person).latest("pk").state for person in people]


def free(cohort: Any) -> int:
    return free_pieces([cohort.seat_ref])[cohort.seat_ref]


def refund(till: Till, order: Order) -> None:
    refund_order(order=order, actor=None, reason="asked for it")
    till.deliver()


def test_a_full_class_offers_the_line_and_a_class_with_seats_does_not(
    till: Till, offer: Any, cohort: Any, student: Any, client_of: Any
) -> None:
    page = client_of(student).get(f"/en/courses/{cohort.course.slug}/").content.decode()
    assert "/learn/spring/wait-list/" not in page
    assert (
        client_of(student)
        .post("/learn/spring/wait-list/", {"join": "yes"})
        .headers["Location"]
        .endswith("/courses/" + cohort.course.slug + "/")
    )
    assert not WaitListEntry.objects.exists()
    assert "There are seats" in client_of(student).get("/en/learn/spring/wait-list/").content.decode()
    for _n in range(2):
        till.bought(offer, user=make_user())
    for path in (f"/en/courses/{cohort.course.slug}/", "/en/shop/spring-seat/"):
        assert "/learn/spring/wait-list/" in Client().get(path).content.decode()
    client_of(student).post("/learn/spring/wait-list/", {"join": "yes"})
    assert "number 1 in line" in client_of(student).get("/en/learn/spring/wait-list/").content.decode()


def test_a_freed_seat_is_held_for_the_first_in_line_and_never_on_sale(
    till: Till, offer: Any, cohort: Any, sold: list[Order], clock: Any, client_of: Any, visitor: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    refund(till, sold[0])
    assert states([first, second]) == ["offered", "waiting"]
    assert free(cohort) == 0
    with pytest.raises(SoldOut):
        till.place(offer, user=visitor)
    with pytest.raises(SoldOut):
        till.place(offer, user=second)
    assert "A seat for you: Spring class" in Notice.objects.get(user=first, key__startswith="offer:").headline
    page = client_of(first).get("/en/learn/spring/wait-list/").content.decode()
    assert "A seat is yours to buy" in page
    assert "Buy now" in client_of(first).get(f"/en/courses/{cohort.course.slug}/").content.decode()
    assert "Buy now" not in client_of(second).get(f"/en/courses/{cohort.course.slug}/").content.decode()


def test_who_is_offered_a_seat_buys_it_through_the_ordinary_checkout(
    till: Till, offer: Any, cohort: Any, sold: list[Order], clock: Any, client_of: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    refund(till, sold[0])
    browser = client_of(first)
    added = browser.post("/basket/add/", {"offer": "spring-seat", "buy": "now"})
    assert added.status_code == 302
    assert "checkout" in added.headers["Location"]
    page = browser.get(added.headers["Location"]).content.decode()
    assert "sold out" not in page.lower()
    order = till.place(basket=open_basket(user=first, token=None), user=first)
    held = Reservation.objects.get(holder=order.holder, state="held")
    assert (held.item.ref, free(cohort)) == (cohort.seat_ref, 0)
    till.pay(order)
    till.deliver()
    assert Enrolment.objects.get(user=first, state="active").cohort == cohort
    assert states([first, second]) == ["taken", "waiting"]
    with pytest.raises(CannotAdd):
        add_to_basket(basket=open_basket(user=second, token=None), offer=offer)


def test_an_offer_that_ends_goes_to_the_next_and_each_is_told(till: Till, cohort: Any, sold: list[Order], clock: Any) -> None:
    people = waiting(cohort, 3, clock)
    refund(till, sold[0])
    clock.advance(hours=23)
    assert expire_offers() == 0
    clock.advance(hours=2)
    assert expire_offers() == 1
    assert states(people) == ["expired", "offered", "waiting"]
    assert free(cohort) == 0
    assert Notice.objects.filter(user=people[0], key__startswith="offer-over:").exists()
    assert not Notice.objects.filter(user=people[0], key__startswith="offer:").exists()
    clock.advance(hours=25)
    expire_offers()
    clock.advance(hours=25)
    expire_offers()
    assert states(people) == ["expired"] * 3
    assert free(cohort) == 1


def test_after_the_deadline_the_offer_buys_nothing_even_before_the_sweep(
    till: Till, offer: Any, cohort: Any, sold: list[Order], clock: Any
) -> None:
    [person] = waiting(cohort, 1, clock)
    refund(till, sold[0])
    clock.advance(hours=25)
    with pytest.raises(SoldOut):
        till.place(offer, user=person)


def test_an_order_begun_in_time_keeps_the_seat_while_it_is_paid(
    till: Till, offer: Any, cohort: Any, sold: list[Order], clock: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    refund(till, sold[0])
    clock.advance(hours=23, minutes=55)
    order = till.place(offer, user=first)
    till.begin(order)
    clock.advance(minutes=10)
    assert expire_offers() == 0
    till.stand_in.pay(order.payments.get().session_id)
    till.deliver()
    assert states([first, second]) == ["taken", "waiting"]


def test_an_order_that_ends_unpaid_gives_the_seat_back_to_its_buyer_in_time_and_to_the_next_after_it(
    till: Till, offer: Any, cohort: Any, sold: list[Order], clock: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    refund(till, sold[0])
    till.begin(till.place(offer, user=first))
    clock.advance(hours=2)
    release_expired_orders()
    assert states([first, second]) == ["offered", "waiting"]
    assert Reservation.objects.filter(holder__startswith="waitlist:", state="held").count() == 1
    till.begin(till.place(offer, user=first))
    clock.advance(hours=23)
    release_expired_orders()
    expire_offers()
    assert states([first, second]) == ["expired", "offered"]
    assert free(cohort) == 0


def test_leaving_passes_the_seat_on(till: Till, cohort: Any, sold: list[Order], clock: Any, client_of: Any) -> None:
    first, second, third = waiting(cohort, 3, clock)
    leave_wait_list(user=second, cohort=cohort)
    refund(till, sold[0])
    client_of(first).post("/learn/spring/wait-list/", {"leave": "yes"})
    assert states([first, second, third]) == ["left", "left", "offered"]
    leave_wait_list(user=third, cohort=cohort)
    assert free(cohort) == 1


def test_more_seats_go_to_the_line_first(cohort: Any, sold: list[Order], clock: Any) -> None:
    people = waiting(cohort, 2, clock)
    set_seats(cohort=cohort, seats=5)
    assert states(people) == ["offered", "offered"]
    assert free(cohort) == 1


def test_joining_again_keeps_ones_place_and_who_has_a_seat_waits_for_none(
    cohort: Any, sold: list[Order], clock: Any, client_of: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    join_wait_list(user=first, cohort=cohort)
    assert "number 1 in line" in client_of(first).get("/en/learn/spring/wait-list/").content.decode()
    assert "number 2 in line" in client_of(second).get("/en/learn/spring/wait-list/").content.decode()
    assert sold[0].user is not None
    assert client_of(sold[0].user).post("/learn/spring/wait-list/", {"join": "yes"}).headers["Location"] == "/learn/"
    grant_seat(user=second, cohort=cohort, source="staff:1")
    assert states([second]) == ["taken"]


@pytest.mark.parametrize("hour", range(24))
def test_nobody_is_offered_a_seat_at_night_where_they_live(
    till: Till, cohort: Any, sold: list[Order], clock: Any, hour: int
) -> None:
    [person] = waiting(cohort, 1, clock, time_zone="America/New_York")
    clock.set(NOON.replace(hour=hour, minute=30) + timedelta(days=10))  # across the change of clocks on 14 March
    refund(till, sold[0])
    entry = WaitListEntry.objects.get(user=person)
    assert entry.deadline is not None
    mail = OutboxMessage.objects.get(
        topic="notice.mail", payload__notice=Notice.objects.get(user=person, key__startswith="offer:").pk
    )
    for moment in (mail.due_at, entry.deadline):
        assert daytime(moment + timedelta(seconds=2), "America/New_York") == moment + timedelta(seconds=2)
    assert entry.deadline - mail.due_at >= timedelta(hours=23, minutes=59)


def test_the_teacher_sees_the_line_and_strangers_do_not(
    cohort: Any, sold: list[Order], clock: Any, teacher: Any, teacher2: Any, student: Any, client_of: Any
) -> None:
    waiting(cohort, 1, clock, name="Wanda")
    path = "/teach/classes/spring/wait-list/"
    assert "Wanda" in client_of(teacher).get(path).content.decode()
    for stranger in (teacher2, student):
        assert client_of(stranger).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert Client().get("/learn/spring/wait-list/").status_code == 302
    assert client_of(student).get("/learn/nothing/wait-list/").status_code == 404


def test_the_line_is_exported_and_erasing_an_account_passes_its_seat_on(
    till: Till, cohort: Any, sold: list[Order], clock: Any
) -> None:
    first, second = waiting(cohort, 2, clock)
    refund(till, sold[0])
    assert everything_of(first)["courses"]["wait_lists"][0]["state"] == "offered"
    erase_everything(first)
    assert states([second]) == ["offered"]


def test_after_the_class_is_over_a_freed_seat_is_offered_to_nobody(cohort: Any, sold: list[Order], clock: Any) -> None:
    [person] = waiting(cohort, 1, clock)
    clock.advance(days=60)
    set_seats(cohort=cohort, seats=3)
    assert states([person]) == ["waiting"]
    assert StockItem.objects.get(ref=cohort.seat_ref).reserved == 0
