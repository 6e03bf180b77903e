"""An offer made for one person: made in a conversation, held, paid once by that person through the normal checkout."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from accounts.models import User
from community.errors import Refused
from community.flows import write_to
from community.flows.blocking import set_blocked
from community.models import Conversation, Message
from courses.models import Enrolment
from kit import persons
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry
from shop.catalogue.flows import Part, change_contents, close_offer
from shop.catalogue.personal import PersonalOffer
from shop.checkout.flows import (
    CannotOffer,
    CannotOrder,
    CannotPay,
    SoldOut,
    begin_payment,
    end_personal_offer,
    expire_order,
    expire_personal_offers,
    make_personal_offer,
    personal,
    settle_payment,
)
from shop.orders.flows import CannotAdd, add_personal, add_to_basket, open_basket
from shop.orders.models import Order
from shop.payments.models import Payment, Refund
from shop.payments.stripe import read_session
from shop.payouts.flows import change_split
from shop.payouts.models import Earning
from shop.referrals.models import Commission
from stock.flows import set_on_hand
from stock.models import Reservation, StockItem
from tests.factories import make_cohort, make_coupon, make_course, make_offer, make_sku
from tests.shop.crowd import at_once
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db
KIT = "sku:UKE-S@main"
SignIn = Callable[[User], Client]


@pytest.fixture
def bundle(teacher: User) -> Any:
    """As the shop's, of a class that begins later: no test's hours reach its end."""
    cohort = make_cohort(course=make_course(lessons=1), starts_on=local_date(now(), FALLBACK_ZONE) + timedelta(days=10))
    return make_offer(
        cohort=cohort, sku=make_sku(seller=teacher, code="UKE-S", on_hand=10), slug="ukulele", title="Class with kit"
    )


@pytest.fixture
def talk(student: User, teacher: User, bundle: Any) -> Conversation:
    return write_to(author=student, person=teacher, source="Any discount?", key="ask").conversation


@pytest.fixture
def made(talk: Conversation, bundle: Any, teacher: User) -> PersonalOffer:
    return make(talk, bundle, teacher)


def make(talk: Conversation, offer: Any, seller: User, *, amount: int = 50000, key: str = "made", **fields: Any) -> PersonalOffer:
    values = {"currency": "CNY", "expires_at": now() + timedelta(hours=5), **fields}
    return make_personal_offer(seller=seller, conversation=talk, offer=offer, amount=amount, key=key, **values)


def in_basket(offer: PersonalOffer, user: User) -> Any:
    basket = open_basket(user=user, token=None)
    add_personal(basket=basket, offer=offer, return_to=f"/messages/{offer.conversation_id}/")
    return basket


def place(till: Till, offer: PersonalOffer, user: User, **fields: Any) -> Order:
    return till.place(basket=in_basket(offer, user), user=user, **fields)


def held(ref: str = KIT) -> dict[str, int]:
    rows = Reservation.objects.filter(item__ref=ref, state=Reservation.State.HELD)
    return {row.holder: row.quantity for row in rows}


def test_a_seller_makes_one_in_the_conversation_and_the_buyer_pays_it_through_the_checkout(
    till: Till, talk: Conversation, bundle: Any, student: User, teacher: User, client_of: SignIn
) -> None:
    seller, buyer = client_of(teacher), client_of(student)
    assert f"/en/messages/{talk.pk}/offer/" in seller.get(f"/en/messages/{talk.pk}/").content.decode()
    assert f"/en/messages/{talk.pk}/offer/" not in buyer.get(f"/en/messages/{talk.pk}/").content.decode()
    wish = {"offer": bundle.pk, "currency": "CNY", "price": "500", "hours": "24", "source": "For *you*.", "key": "k"}
    for _n in range(2):
        assert seller.post(f"/en/messages/{talk.pk}/offer/", wish).status_code == 302
    offer = PersonalOffer.objects.get()
    assert (offer.amount, offer.buyer, held()) == (50000, student, {offer.holder: 1})
    page = buyer.get(f"/en/messages/{talk.pk}/").content.decode()
    assert "¥500" in page
    assert f"/en/personal-offers/{offer.pk}/take/" in page
    assert buyer.post(f"/en/personal-offers/{offer.pk}/take/")["Location"] == "/en/checkout/"
    assert "¥500" in buyer.get("/en/checkout/").content.decode()
    order = place(till, offer, student)
    assert order.total == 50000
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    offer.refresh_from_db()
    assert (order.state, offer.state, order.return_to) == ("paid", "paid", f"/messages/{talk.pk}/")
    assert Enrolment.objects.filter(user=student, state="active").count() == 1
    assert "¥500" in buyer.get(f"/en/messages/{talk.pk}/").content.decode()
    assert held() == {}


def test_commission_and_shares_are_of_the_price_paid_and_the_books_are_clean(
    till: Till, made: PersonalOffer, student: User, teacher: User, owner: User, visitor_of_referrer: Any
) -> None:
    change_split(offer=made.offer, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    order = place(till, made, student, visitor=visitor_of_referrer)
    till.pay(order)
    till.deliver()
    parts = {part.kind: part.net for line in order.lines.all() for part in line.components.all()}
    assert sum(parts.values()) == 50000
    commission = sum(Commission.objects.values_list("amount", flat=True))
    assert commission == parts["seat"] * 30 // 100 + parts["stock"] * 5 // 100
    shares = sum(Earning.objects.values_list("amount", flat=True))
    assert 0 < shares <= (50000 - commission) * 70 // 100
    check_audit()


def test_its_making_and_its_end_are_in_the_trail(till: Till, made: PersonalOffer, student: User, teacher: User) -> None:
    line = AuditEntry.objects.get(action="personal_offer.made")
    assert (line.actor_id, line.after["amount"], line.after["buyer"]) == (teacher.pk, 50000, student.pk)
    end_personal_offer(offer=made, actor=teacher)
    assert AuditEntry.objects.get(action="personal_offer.withdrawn").target == made.holder
    assert held() == {}


def test_nobody_but_its_buyer_may_use_it(
    till: Till,
    made: PersonalOffer,
    talk: Conversation,
    student: User,
    visitor: User,
    teacher2: User,
    owner: User,
    client_of: SignIn,
) -> None:
    for stranger in (visitor, teacher2, owner):
        browser = client_of(stranger)
        for path in ("take", "end"):
            missing = browser.post(f"/en/personal-offers/999999/{path}/").status_code
            assert browser.post(f"/en/personal-offers/{made.pk}/{path}/").status_code == missing == 404
        assert browser.get(f"/en/messages/{talk.pk}/offer/").status_code == 404
    assert client_of(made.seller).post(f"/en/personal-offers/{made.pk}/take/").status_code == 404
    assert client_of(student).get(f"/en/messages/{talk.pk}/offer/").status_code == 404
    with pytest.raises(CannotAdd):
        in_basket(made, visitor)
    basket = open_basket(user=visitor, token=None)
    basket.lines.create(offer=made.offer, personal=made)
    for user in (visitor, None):
        with pytest.raises(CannotOrder):
            till.place(basket=basket, user=user)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": 0}, CannotOffer),
        ({"amount": -5}, CannotOffer),
        ({"currency": "TWD"}, CannotOffer),
        ({"expires_at": timedelta(days=15)}, CannotOffer),
        ({"expires_at": timedelta(seconds=-1)}, CannotOffer),
    ],
)
def test_prices_and_spans_that_make_no_sense_are_refused(
    change: dict[str, Any], error: type[Exception], talk: Conversation, bundle: Any, teacher: User
) -> None:
    if "expires_at" in change:
        change = {"expires_at": now() + change["expires_at"]}
    with pytest.raises(error):
        make(talk, bundle, teacher, **change)
    assert not PersonalOffer.objects.exists()
    assert held() == {}


def test_one_offers_only_what_one_sells_to_whom_one_may_write_and_what_is_there(
    talk: Conversation, bundle: Any, student: User, teacher: User, teacher2: User
) -> None:
    with pytest.raises(CannotOffer):
        make(talk, make_offer(seller=teacher2), teacher)
    set_on_hand(ref=KIT, on_hand=0)
    with pytest.raises(SoldOut):
        make(talk, bundle, teacher)
    set_on_hand(ref=KIT, on_hand=5)
    set_blocked(user=student, person=teacher, on=True)
    with pytest.raises(Refused):
        make(talk, bundle, teacher)
    assert not PersonalOffer.objects.exists()
    assert Message.objects.count() == 1
    assert held() == {}


def test_a_second_seat_is_not_offered(till: Till, made: PersonalOffer, talk: Conversation, student: User, teacher: User) -> None:
    till.pay(place(till, made, student))
    till.deliver()
    with pytest.raises(CannotOffer):
        make(talk, made.offer, teacher, key="again")


def test_the_last_piece_is_held_for_its_buyer_until_it_expires(
    till: Till, talk: Conversation, bundle: Any, student: User, visitor: User, teacher: User, clock: Any
) -> None:
    set_on_hand(ref=KIT, on_hand=1)
    made = make(talk, bundle, teacher)
    with pytest.raises(SoldOut):
        till.place(bundle, user=visitor)
    assert expire_personal_offers() == 0
    clock.advance(hours=6)
    with pytest.raises(CannotAdd):
        in_basket(made, student)
    assert expire_personal_offers() == 1
    assert expire_personal_offers() == 0
    made.refresh_from_db()
    assert (made.state, held()) == ("expired", {})
    assert till.place(bundle, user=visitor).total == 59900


def test_an_expired_one_in_a_basket_is_not_ordered(till: Till, made: PersonalOffer, student: User, clock: Any) -> None:
    basket = in_basket(made, student)
    clock.advance(hours=6)
    with pytest.raises(CannotOrder):
        till.place(basket=basket, user=student)


def test_turning_back_at_the_payment_page_keeps_it_and_ordering_again_takes_one_piece(
    till: Till, made: PersonalOffer, student: User
) -> None:
    first = place(till, made, student)
    till.begin(first)
    assert held() == {first.holder: 1}
    second = place(till, made, student)
    first.refresh_from_db()
    assert first.state == "expired"
    assert held() == {second.holder: 1}
    expire_order(order_id=second.pk, at_once=True)
    assert held() == {made.holder: 1}
    check_audit()


def test_begun_in_time_it_may_be_paid_after_the_hour_and_begun_too_late_it_may_not(
    till: Till, made: PersonalOffer, student: User, clock: Any
) -> None:
    clock.advance(hours=4, minutes=50)
    order = place(till, made, student)
    till.begin(order)
    clock.advance(minutes=15)
    assert expire_personal_offers() == 0  # it is being paid
    till.pay(order)
    till.deliver()
    made.refresh_from_db()
    assert made.state == "paid"


def test_an_ended_order_is_not_paid_once_the_offer_is_over(till: Till, made: PersonalOffer, student: User, clock: Any) -> None:
    order = place(till, made, student)
    expire_order(order_id=order.pk, at_once=True)
    clock.advance(hours=6)
    expire_personal_offers()
    order.refresh_from_db()
    with pytest.raises(CannotPay):
        begin_payment(order=order)
    assert held() == {}


def test_an_ended_order_takes_it_again_while_it_stands(till: Till, made: PersonalOffer, student: User) -> None:
    order = place(till, made, student)
    expire_order(order_id=order.pk, at_once=True)
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    assert order.state == "paid"
    assert StockItem.objects.get(ref=KIT).allocated == 1


def test_it_is_used_once_and_a_second_payment_goes_back(till: Till, made: PersonalOffer, student: User) -> None:
    """The first order ended, its late money comes after the second was paid."""
    first = place(till, made, student)
    late = till.begin(first)
    Payment.objects.filter(order=first).update(state=Payment.State.EXPIRED)
    expire_order(order_id=first.pk, at_once=True)
    second = place(till, made, student)
    till.pay(second)
    till.deliver()
    till.stand_in.pay(late)
    till.deliver()
    first.refresh_from_db()
    assert first.state == "expired"
    assert Refund.objects.filter(payment__order=first).count() == 1
    with pytest.raises(CannotAdd):
        in_basket(made, student)


def test_while_it_is_paid_it_can_be_neither_withdrawn_nor_declined(till: Till, made: PersonalOffer, student: User) -> None:
    place(till, made, student)
    for actor in (made.seller, student):
        with pytest.raises(CannotOffer):
            end_personal_offer(offer=made, actor=actor)


def test_a_code_takes_nothing_off_it(till: Till, made: PersonalOffer, student: User) -> None:
    make_coupon("SAVE10")
    with pytest.raises(CannotOrder):
        place(till, made, student, coupon="SAVE10")
    basket = in_basket(made, student)
    add_to_basket(basket=basket, offer=make_offer(price=1000))
    assert till.place(basket=basket, user=student, coupon="SAVE10").discount == 100


def test_beside_the_same_goods_at_their_usual_price_both_are_held(till: Till, made: PersonalOffer, student: User) -> None:
    basket = in_basket(made, student)
    sku = made.bundle.components.get(kind="stock").sku
    add_to_basket(basket=basket, offer=make_offer(sku=sku, price=9000), quantity=2)
    order = till.place(basket=basket, user=student)
    assert held() == {order.holder: 3}
    expire_order(order_id=order.pk, at_once=True)
    assert held() == {made.holder: 1}
    check_audit()


def test_what_is_in_it_stays_when_the_offer_changes_and_a_closed_offer_ends_it(
    till: Till, made: PersonalOffer, student: User, teacher: User
) -> None:
    other = make_sku(seller=teacher, code="OTHER")
    cohort = made.bundle.components.get(kind="seat").cohort
    change_contents(offer=made.offer, components=[Part(cohort=cohort, weight=1), Part(sku=other, weight=1)])
    assert {part.ref for line in place(till, made, student).lines.all() for part in line.components.all()} >= {KIT}
    close_offer(offer=made.offer, actor=teacher)
    with pytest.raises((CannotAdd, CannotOrder)):
        place(till, made, student)


def test_who_leaves_takes_open_ones_along(made: PersonalOffer, student: User) -> None:
    assert persons.everything_of(student)["shop"]["personal_offers"][0]["amount"] == 50000
    persons.erase_everything(student)
    made.refresh_from_db()
    assert made.state == "declined"
    assert held() == {}


# Races


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Personal offers are read without FOR UPDATE."""

    def read(ids: Any) -> dict[int, PersonalOffer]:
        return {row.pk: row for row in PersonalOffer.objects.filter(pk__in=list(ids)).order_by("pk")}

    monkeypatch.setattr(personal, "lock_offers", read)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks whether it is still free to take stops a moment before taking it."""
    honest = personal.orders_taking

    def slow(*args: Any, **fields: Any) -> QuerySet[Order]:
        found = list(honest(*args, **fields).values_list("pk", flat=True))
        time.sleep(0.3)
        return Order.objects.filter(pk__in=found)

    monkeypatch.setattr(personal, "orders_taking", slow)
    # Who comes later would end the first one's order: here both come at once, also on a busy machine.
    monkeypatch.setattr("shop.checkout.flows.place._let_go_of_personal", lambda _basket: None)


def _twice(till: Till, made: PersonalOffer, student: User) -> list[Any]:
    """Two baskets of one person (two devices, the browser's back button) become orders of one offer at once."""
    baskets = [in_basket(made, student), till.basket(made.offer)]
    baskets[1].lines.update(personal=made)
    return at_once([partial(till.place, basket=basket, user=student, key=f"at-once-{n}") for n, basket in enumerate(baskets)])


@pytest.mark.django_db(transaction=True)
def test_two_orders_of_one_offer_at_once_one_is_made(till: Till, made: PersonalOffer, student: User, slowly: None) -> None:
    answers = _twice(till, made, student)
    assert sorted(type(answer).__name__ for answer in answers) == ["CannotOrder", "Order"], answers
    check_audit()


@pytest.fixture
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of defence is down: there are pieces enough for whoever comes, none has to be handed over."""
    monkeypatch.setattr(personal, "_hand", lambda *_args: None)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_one_offer_becomes_two_orders(
    till: Till, made: PersonalOffer, student: User, slowly: None, unlocked: None, plenty: None
) -> None:
    answers = _twice(till, made, student)
    assert [type(answer).__name__ for answer in answers] == ["Order", "Order"], answers


def _pay_both(till: Till, made: PersonalOffer, student: User) -> list[str]:
    """Two ended orders of one offer whose money arrives at the same moment."""
    sessions = []
    for _n in range(2):
        order = place(till, made, student)
        sessions.append(till.begin(order))
        Payment.objects.filter(order=order).update(state=Payment.State.EXPIRED)
        expire_order(order_id=order.pk, at_once=True)
    found = []
    for session in sessions:
        till.stand_in.pay(session)
        found.append(read_session(session))
    at_once([partial(settle_payment, session=session) for session in found])
    return sorted(Order.objects.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_one_offer_at_once_one_is_kept(till: Till, made: PersonalOffer, student: User, slowly: None) -> None:
    assert _pay_both(till, made, student) == ["expired", "paid"]
    check_audit()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_payments_are_kept(
    till: Till, made: PersonalOffer, student: User, slowly: None, unlocked: None, plenty: None
) -> None:
    assert _pay_both(till, made, student) == ["paid", "paid"]


def _expire_while_ordering(till: Till, made: PersonalOffer, student: User, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Its hour strikes between the order's look at it and its commit; the beat comes by."""
    basket = in_basket(made, student)
    PersonalOffer.objects.update(expires_at=now() + timedelta(seconds=0.8))
    honest = personal.take_for_order

    def slow(**fields: Any) -> None:
        time.sleep(1.2)
        honest(**fields)

    monkeypatch.setattr("shop.checkout.flows.place.take_for_order", slow)

    def beat() -> int:
        time.sleep(1)
        return expire_personal_offers()

    return at_once([partial(till.place, basket=basket, user=student), beat])


@pytest.mark.django_db(transaction=True)
def test_an_order_in_time_wins_over_the_expiry_that_comes_while_it_is_made(
    till: Till, made: PersonalOffer, student: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, expired = _expire_while_ordering(till, made, student, monkeypatch)
    assert isinstance(order, Order), order
    assert (expired, held()) == (0, {order.holder: 1})


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_what_is_being_bought_is_called_over(
    till: Till, made: PersonalOffer, student: User, monkeypatch: pytest.MonkeyPatch, unlocked: None
) -> None:
    _order, expired = _expire_while_ordering(till, made, student, monkeypatch)
    assert expired == 1
