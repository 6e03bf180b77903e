"""Tickets of events through the shop: sold once each, freed and closed by a refund, passed to the line, never oversold."""

from typing import Any

import pytest

from community.flows.door import admit
from community.flows.event_waits import join_event_line
from community.flows.events import cancel_event
from community.models import Event, Ticket
from shop.catalogue.flows import Part, create_offer, publish_offer
from shop.catalogue.flows.tickets import sell_tickets
from shop.catalogue.models import Offer
from shop.checkout.flows import CannotCancel, CannotOrder, SoldOut, cancel_order, refund_order, release_expired_orders
from shop.checkout.flows.propose import propose_refund
from shop.orders.models import Order
from stock.models import Reservation
from tests.community.event_cast import ROOM, free, line_of, live, make_event
from tests.factories import make_cohort, make_course, make_user
from tests.shop.crowd import at_once
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def event(till: Till, teacher: Any) -> Event:
    return make_event(teacher, seats=2, is_sold=True)


@pytest.fixture
def offer(event: Event, teacher: Any) -> Offer:
    return sell_tickets(event=event, amount=3000, currency="CNY", actor=teacher)


def refund(till: Till, order: Order) -> None:
    refund_order(order=order, actor=None, reason="asked for it")
    till.deliver()


def test_the_teacher_puts_tickets_up_for_sale_and_the_event_sells_them(
    event: Event, teacher: Any, student: Any, client_of: Any
) -> None:
    assert "Tickets are not for sale yet" in client_of(student).get(f"/en{event.path}").content.decode()
    client_of(teacher).post(f"/en/events/{event.pk}/sale/", {"price": "30", "currency": "CNY"})
    offer = Offer.objects.get()
    assert (offer.seller, offer.state) == (teacher, "live")
    page = client_of(student).get(f"/en{event.path}").content.decode()
    assert "¥30" in page
    assert f'value="{offer.slug}"' in page
    added = client_of(student).post("/en/basket/add/", {"offer": offer.slug, "buy": "now"}, follow=True)
    assert "Evening of chords" in added.content.decode()
    assert "Evening of chords" in client_of(student).get(f"/en/shop/{offer.slug}/").content.decode()


def test_strangers_and_wrong_prices_sell_nothing(event: Event, student: Any, teacher: Any, teacher2: Any, client_of: Any) -> None:
    for person in (student, teacher2):
        assert client_of(person).post(f"/events/{event.pk}/sale/", {"price": "1", "currency": "CNY"}).status_code == 404
    for price in ("0", "-3", "x", ""):
        client_of(teacher).post(f"/events/{event.pk}/sale/", {"price": price, "currency": "CNY"})
    assert not Offer.objects.exists()


def test_paying_gives_the_ticket_and_a_refund_closes_it_and_frees_the_seat(
    till: Till, event: Event, offer: Offer, student: Any, teacher: Any, client_of: Any
) -> None:
    order = till.bought(offer, user=student)
    ticket = Ticket.objects.get()
    assert (ticket.user, ticket.source, free(event)) == (student, order.holder, 1)
    assert ROOM in client_of(student).get(f"/en{event.path}").content.decode()
    assert "Your ticket" in client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    refund(till, order)
    ticket.refresh_from_db()
    assert (ticket.state, free(event)) == ("closed", 2)
    assert ROOM not in client_of(student).get(f"/en{event.path}").content.decode()
    assert client_of(student).get(f"/events/{event.pk}/ticket/").status_code == 404
    assert admit(by=teacher, event=event, key="", code=ticket.code).state == "closed"


def test_a_ticket_with_a_course_is_taken_back_alone(till: Till, event: Event, teacher: Any, student: Any) -> None:
    cohort = make_cohort(course=make_course(lessons=1), seats=5)
    both = create_offer(
        slug="both",
        title="Course and evening",
        seller=teacher,
        components=[Part(cohort=cohort, weight=2), Part(event=event, weight=1)],
        price=9000,
        currency="CNY",
    )
    order = till.bought(publish_offer(offer=both, actor=teacher), user=student)
    part = order.lines.get().components.get(kind="ticket")
    assert (part.net + part.tax, live(event)) == (3000, [student])
    refund_order(order=order, components={part: (part.net, part.tax)}, actor=None, reason="cannot come")
    till.deliver()
    assert (live(event), free(event)) == ([], 2)
    assert student.enrolments.get().state == "active"


def test_one_person_buys_one_ticket(till: Till, event: Event, offer: Offer, student: Any) -> None:
    till.bought(offer, user=student)
    with pytest.raises(CannotOrder):
        till.place(offer, user=student)
    assert till.basket(offer).lines.get().quantity == 1


def test_who_bought_twice_keeps_the_other_ticket(till: Till, event: Event, offer: Offer, student: Any) -> None:
    orders = [till.place(offer, user=student) for _n in range(2)]
    for order in orders:
        till.pay(order)
    till.deliver()
    first = Ticket.objects.get(state="live")
    refund(till, Order.objects.get(pk=int(first.source.partition(":")[2])))
    assert (live(event), free(event)) == ([student], 1)


def test_a_held_seat_cannot_be_had_twice_and_an_unpaid_order_lets_it_go(
    till: Till, event: Event, offer: Offer, clock: Any, student: Any
) -> None:
    orders = [till.place(offer, user=make_user()) for _n in range(2)]
    with pytest.raises(SoldOut):
        till.place(offer, user=student)
    till.begin(orders[0])
    clock.advance(hours=30)
    release_expired_orders()
    assert free(event) == 2
    assert not Ticket.objects.exists()


def test_a_refunded_seat_is_offered_to_the_line_and_bought_by_who_waited(
    till: Till, event: Event, offer: Offer, clock: Any, client_of: Any
) -> None:
    sold = [till.bought(offer, user=make_user()) for _n in range(2)]
    first, second = make_user(), make_user()
    for person in (first, second):
        join_event_line(user=person, event=event)
        clock.advance(seconds=1)
    refund(till, sold[0])
    assert (line_of(event), free(event)) == (["offered", "waiting"], 0)
    with pytest.raises(SoldOut):
        till.place(offer, user=second)
    assert "Buy now" in client_of(first).get(f"/en{event.path}").content.decode()
    order = till.place(offer, user=first)
    assert Reservation.objects.get(holder=order.holder, state="held").item.ref == event.seat_ref
    till.pay(order)
    till.deliver()
    assert line_of(event) == ["taken", "waiting"]
    assert first in live(event)


def test_a_refund_that_failed_gives_the_ticket_again(till: Till, event: Event, offer: Offer, student: Any) -> None:
    from shop.checkout.flows.handover import give_again, take_back
    from shop.orders.models import OrderComponent

    order = till.bought(offer, user=student)
    refund(till, order)
    OrderComponent.objects.filter(line__order=order).update(refunded_net=0, refunded_tax=0)
    order.refresh_from_db()
    parts = list(OrderComponent.objects.filter(line__order=order))
    assert give_again(order=order, parts=parts) == []
    assert (live(event), free(event)) == ([student], 1)
    take_back(order=order)
    assert live(event) == [student]


def test_a_cancelled_event_lists_its_orders_for_the_owners_refund_and_sells_no_more(
    till: Till, event: Event, offer: Offer, student: Any, teacher: Any, owner: Any, client_of: Any
) -> None:
    order = till.bought(offer, user=student)
    cancel_event(by=teacher, event=event, reason="Rain")
    page = client_of(owner).get(f"/en/events/{event.pk}/cancel/").content.decode()
    assert order.number in page
    assert f"/admin/shop/orders/{order.number}/refund/" in page
    assert "1 ticket is still to be refunded." in page
    assert (
        f"/admin/shop/orders/{order.number}/refund/"
        not in client_of(teacher).get(f"/en/events/{event.pk}/cancel/").content.decode()
    )
    proposal = propose_refund(order=order)
    assert sum(sum(sums) for sums in proposal.parts.values()) == order.total
    with pytest.raises(CannotOrder):
        till.place(offer, user=make_user())
    refund(till, order)
    assert "0 tickets are still" in client_of(owner).get(f"/en/events/{event.pk}/cancel/").content.decode()
    assert client_of(student).get(f"/events/{event.pk}/cancel/").status_code == 404


def test_what_is_paid_after_the_event_was_cancelled_goes_back_at_once(
    till: Till, event: Event, offer: Offer, student: Any, teacher: Any
) -> None:
    order = till.place(offer, user=student)
    session = till.begin(order)
    cancel_event(by=teacher, event=event, reason="Rain")
    till.stand_in.pay(session)
    till.deliver()
    order.refresh_from_db()
    assert order.state != Order.State.PAID
    assert order.payments.get().refunds.get().amount == 3000
    assert not Ticket.objects.exists()


def test_once_it_began_the_policy_gives_nothing_back_and_the_buyer_cannot_cancel(
    till: Till, event: Event, offer: Offer, student: Any, clock: Any
) -> None:
    order = till.bought(offer, user=student)
    assert sum(sum(sums) for sums in propose_refund(order=order).parts.values()) == 3000
    clock.advance(hours=48, minutes=5)
    assert propose_refund(order=order).parts == {}
    with pytest.raises(CannotCancel):
        cancel_order(order=order, actor=student)
    assert live(event) == [student]


def test_a_free_press_takes_no_seat_of_a_sold_event(event: Event, offer: Offer, student: Any, client_of: Any) -> None:
    client_of(student).post(f"/events/{event.pk}/seat/")
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ten_buyers_and_the_last_seat(till: Till, teacher: Any) -> None:
    """The control is stock's own: tests/shop/test_race_last_kit.py and tests/community/test_events.py."""
    event = make_event(teacher, seats=1, is_sold=True)
    offer = sell_tickets(event=event, amount=3000, currency="CNY", actor=teacher)
    buyers = [(make_user(), till.basket(offer)) for _n in range(10)]
    answers = at_once(
        [
            lambda user=user, basket=basket: till.place(basket=basket, user=user)  # type: ignore[misc]
            for user, basket in buyers
        ]
    )
    assert sum(isinstance(answer, Order) for answer in answers) == 1, answers
    assert free(event) == 0
