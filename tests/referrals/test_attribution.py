"""From touches to a credited order, through the database."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Address, User
from accounts.roles import MODERATOR, OWNER, give_role
from kit.clock import now
from shop.checkout.audit import findings
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.referrals import flows
from shop.referrals.models import Agreement, Attribution, Commission, Link, Programme
from shop.referrals.receipts import exported
from shop.referrals.replay import differences
from shop.referrals.rules import Rules, decide
from tests.factories import make_cohort, make_offer, make_topic, make_user

pytestmark = pytest.mark.django_db
EARNING = {"I13", "I14", "I15", "I16"}


def test_a_link_credits_its_owner_and_the_receipt_replays(make_order: Any, clicked: Any, referrer: User, link: Link) -> None:
    order = make_order(visitor=clicked)
    attribution = Attribution.objects.get(order=order)
    assert (attribution.referrer, attribution.link, attribution.state) == (referrer, link, "credited")
    replay = decide(attribution.receipt)
    assert replay["winner"] == attribution.receipt["decision"]["winner"]
    assert replay["verdicts"] == attribution.receipt["decision"]["verdicts"]


def test_an_order_has_one_attribution_however_often_it_settles(make_order: Any, clicked: Any) -> None:
    order = make_order(visitor=clicked)
    first = flows.attribute(order=order)
    flows.accrue(order=order)
    assert first == Attribution.objects.get()
    assert Commission.objects.count() == 2


def test_the_rules_in_force_when_it_was_placed_count(make_order: Any, clicked: Any, programme: Programme) -> None:
    order = make_order(visitor=clicked, pay=False)
    flows.change_rules(programme=programme, rules=Rules(rates={"seat": 100, "stock": 100}), actor=None)
    order.state, order.paid_at = Order.State.PAID, now()
    order.save()
    flows.attribute(order=order)
    flows.accrue(order=order)
    assert sorted(Commission.objects.values_list("rate", flat=True)) == [500, 3000]


def test_who_has_bought_before_is_no_new_customer_under_any_spelling(
    make_order: Any, clicked: Any, programme: Programme, student: User, clock: Any
) -> None:
    make_order(email="Lin+uke@x.test", user=student)
    make_order(email="unpaid@x.test", pay=False)
    clock.advance(minutes=1)
    flows.change_rules(programme=programme, rules=Rules(new_customers_only=True), actor=None)

    def brings(**buyer: Any) -> bool:
        return Attribution.objects.filter(order=make_order(visitor=clicked, **buyer)).exists()

    known: list[dict[str, Any]] = [
        {"email": "lin@x.test"},
        {"email": "LIN+b@X.test"},
        {"email": "another@x.test", "user": student},
    ]
    assert [brings(**buyer) for buyer in known] == [False] * 3
    new = [{"email": address} for address in ("linda@x.test", "lin@y.test", "unpaid@x.test")]
    assert [brings(**buyer) for buyer in new] == [True] * 3


def test_an_agreement_that_ended_before_the_order_earns_nothing(make_order: Any, clicked: Any) -> None:
    Agreement.objects.update(ended_at=now())
    make_order(visitor=clicked)
    assert not Attribution.objects.exists()


def test_an_account_bound_at_sign_up_is_credited_from_another_browser(
    make_order: Any, clicked: Any, student: User, clock: Any, referrer: User
) -> None:
    flows.bind_visitor(user=student, visitor=clicked)
    clock.advance(days=100)
    order = make_order(user=student, email=student.email)
    assert Attribution.objects.get(order=order).referrer == referrer
    assert decide(Attribution.objects.get().receipt)["verdicts"] == ["too_old", "won"]


def test_a_sign_up_after_the_window_binds_nothing(make_order: Any, clicked: Any, clock: Any, programme: Programme) -> None:
    clock.advance(days=31)
    late = make_user(joined_at=now())
    flows.bind_visitor(user=late, visitor=clicked)
    order = make_order(user=late, email=late.email)
    assert not Attribution.objects.exists()
    assert order.terms["referral"]["receipt"]["decision"]["verdicts"] == ["too_old", "too_old"]


def test_an_order_that_credits_nobody_keeps_its_receipt_too(make_order: Any, clicked: Any) -> None:
    Agreement.objects.update(ended_at=now())
    order = make_order(visitor=clicked)
    order.refresh_from_db()
    receipt = order.terms["referral"]["receipt"]
    assert receipt["decision"] == decide(receipt)
    assert receipt["decision"]["verdicts"] == ["no_agreement"]


def test_the_referrer_reads_the_receipt_without_other_peoples_names(
    make_order: Any, clicked: Any, referrer: User, client_of: Any, client: Any, programme: Programme
) -> None:
    other = make_user(name="Somebody else")
    flows.join_programme(user=other, programme=programme)
    flows.create_link(owner=other, target="/courses/", code="other")
    client.get("/r/other/")
    client.get("/r/mei/")
    order = make_order(visitor=clicked)
    response = client_of(referrer).get(f"/promote/receipts/{order.number}/receipt.json")
    receipt = response.json()
    assert [touch["referrer"] for touch in receipt["touches"]] == [1, 2, 1]
    assert "link" not in receipt["touches"][1]
    assert differences(receipt) == []
    assert client_of(other).get(f"/promote/receipts/{order.number}/receipt.json").status_code == 404


@pytest.mark.parametrize("role", [OWNER, MODERATOR, "superuser", "teacher"])
def test_owner_staff_and_the_teacher_never_earn(make_order: Any, clicked: Any, referrer: User, role: str, offer: Any) -> None:
    if role == "superuser":
        User.objects.filter(pk=referrer.pk).update(is_superuser=True)
    elif role == "teacher":
        offer.course.teacher = referrer
        offer.course.save()
    else:
        give_role(user=referrer, role=role)
    make_order(visitor=clicked)
    assert Attribution.objects.exists() is (role == MODERATOR)


def test_an_owner_does_not_earn_on_goods_alone_either(make_order: Any, clicked: Any, referrer: User, offer: Any) -> None:
    give_role(user=referrer, role=OWNER)
    User.objects.filter(pk=referrer.pk).update(is_staff=False)
    offer.course = None
    offer.save()
    make_order(visitor=clicked)
    assert not Attribution.objects.exists()


def test_fault_19_ones_own_link_is_held_and_explained(make_order: Any, clicked: Any, referrer: User) -> None:
    make_order(visitor=clicked, user=referrer, email=referrer.email)
    attribution = Attribution.objects.get()
    assert (attribution.state, attribution.receipt["decision"]["held"]) == ("held_self", "own_account")


def held_reason() -> str:
    attribution = Attribution.objects.get()
    assert attribution.state == "held_self"
    assert set(Commission.objects.values_list("state", flat=True)) == {"frozen"}
    return str(attribution.receipt["decision"]["held"])


def test_a_second_account_with_a_plus_address_is_held(make_order: Any, clicked: Any) -> None:
    make_order(visitor=clicked, email="referrer+again@demo.test")
    assert held_reason() == "same_email"


def test_a_second_verified_address_of_the_referrer_is_held(make_order: Any, clicked: Any, referrer: User) -> None:
    EmailAddress.objects.create(user=referrer, email="mei@other.test", verified=True)
    make_order(visitor=clicked, email="mei@other.test")
    assert held_reason() == "same_email"


def test_fault_19_a_second_account_with_the_same_card_is_held(make_order: Any, clicked: Any, referrer: User) -> None:
    earlier = make_order(user=referrer, email=referrer.email, street="別處 9 號")
    order = make_order(visitor=clicked, pay=False, street="遠方 7 號")
    for number, row in enumerate([earlier, order]):
        Payment.objects.create(
            order=row, key=f"k{number}", amount=1, currency="CNY", fingerprint="card", created_at=now(), expires_at=now()
        )
    order.state, order.paid_at = Order.State.PAID, now()
    order.save()
    flows.attribute(order=order)
    flows.accrue(order=order)
    assert Attribution.objects.get(order=order).receipt["decision"]["held"] == "same_card"


def test_the_same_door_is_held_however_it_is_written(make_order: Any, clicked: Any, referrer: User) -> None:
    Address.objects.create(
        user=referrer, name="Mei", phone="1", country="TW", region="台北市", city="信義區", street="松仁路１號"
    )
    make_order(visitor=clicked, street="松仁路 1 號")
    assert held_reason() == "same_address"


def test_nothing_held_becomes_available_before_a_reviewer_decides(make_order: Any, clicked: Any, owner: User, clock: Any) -> None:
    order = make_order(visitor=clicked, email="referrer+again@demo.test")
    flows.set_release(order=order, delivered_at=now(), awaits_delivery=False)
    flows.unfreeze(order=order)
    clock.advance(days=90)
    flows.release_held_commissions()
    assert held_reason()
    flows.decide_held(attribution=Attribution.objects.get(), accept=True, actor=owner, reason="A gift for her sister")
    flows.release_held_commissions()
    assert set(Commission.objects.values_list("state", flat=True)) == {"available"}


def test_a_rejected_attribution_takes_everything_back(make_order: Any, clicked: Any, owner: User) -> None:
    make_order(visitor=clicked, email="referrer+again@demo.test")
    flows.decide_held(attribution=Attribution.objects.get(), accept=False, actor=owner, reason="Same person")
    assert sum(Commission.objects.values_list("amount", flat=True)) == 0
    assert Attribution.objects.get().state == "rejected"


def test_a_programme_of_the_offer_comes_before_the_general_one(make_order: Any, clicked: Any, offer: Any, referrer: User) -> None:
    own = flows.create_programme(name="Ukulele", offer=offer, rules=Rules(rates={"seat": 1000}))
    flows.join_programme(user=referrer, programme=own)
    make_order(visitor=clicked)
    assert list(Commission.objects.values_list("rate", "amount")) == [(1000, 4490)]


def _earned(order: Any, offer: Any) -> int:
    lines = Commission.objects.filter(component__line__order=order, component__line__offer=offer)
    return sum(lines.values_list("amount", flat=True))


def test_each_offer_of_an_order_earns_by_its_own_programme(
    make_order: Any, clicked: Any, offer: Any, teacher: User, referrer: User
) -> None:
    """One referrer is credited (I13), by the first programme; the rates are each offer's own."""
    own = flows.create_programme(name="Ukulele", offer=offer, rules=Rules(rates={"seat": 1000}))
    other = make_offer(cohort=make_cohort(), price=20000)
    others = flows.create_programme(name="Coffee", offer=other, rules=Rules(rates={"seat": 2500}))
    plain = make_offer(cohort=make_cohort(), price=10000)
    for programme in (own, others):
        flows.join_programme(user=referrer, programme=programme)
    order = make_order(visitor=clicked, more=[other, plain])
    assert [_earned(order, row) for row in (offer, other, plain)] == [4490, 5000, 3000]
    flows.change_rules(programme=others, rules=Rules(rates={"seat": 100}), actor=None)
    flows.reverse(order=order, source="nothing:1")
    assert _earned(order, other) == 5000, "the rates are frozen on the order"
    receipt = exported(Attribution.objects.get())
    assert differences(receipt) == []
    assert [str(row) for row in findings() if row.violations and str(row).split()[0] in EARNING] == []


def test_an_offer_whose_programme_one_has_not_agreed_to_earns_zero(
    make_order: Any, clicked: Any, offer: Any, referrer: User
) -> None:
    other = make_offer(cohort=make_cohort(), price=20000)
    rules = Rules(rates={"seat": 2500})
    flows.create_programme(name="Coffee", offer=other, rules=rules, joining="application")
    own = flows.create_programme(name="Ukulele", offer=offer, rules=Rules(rates={"seat": 1000}))
    flows.join_programme(user=referrer, programme=own)
    order = make_order(visitor=clicked, more=[other])
    assert (_earned(order, offer), _earned(order, other)) == (4490, 0)
    assert differences(exported(Attribution.objects.get())) == []
    assert [str(row) for row in findings() if row.violations and str(row).split()[0] in EARNING] == []


def test_an_offer_that_no_programme_pays_for_earns_zero(
    make_order: Any, clicked: Any, offer: Any, programme: Any, referrer: User
) -> None:
    own = flows.create_programme(name="Ukulele", offer=offer, rules=Rules(rates={"seat": 1000}))
    flows.join_programme(user=referrer, programme=own)
    flows.set_joining(programme=programme, joining="open", is_open=False, actor=None)
    plain = make_offer(cohort=make_cohort(), price=10000)
    order = make_order(visitor=clicked, more=[plain])
    assert (_earned(order, offer), _earned(order, plain)) == (4490, 0)


def test_a_stranger_brings_nobody(make_order: Any) -> None:
    make_order(email=make_user().email)
    assert not Attribution.objects.exists()


def test_an_offer_bought_in_a_topic_credits_its_author(make_order: Any, referrer: User) -> None:
    make_order(place=f"topic:{make_topic(author=referrer).pk}")
    attribution = Attribution.objects.get()
    assert (attribution.referrer, attribution.link) == (referrer, None)
    assert attribution.receipt["touches"][0]["kind"] == "place"


@pytest.mark.parametrize("place", ["topic:999999", "topic:x", "lesson:1", "topic", ""])
def test_other_places_credit_nobody(make_order: Any, place: str) -> None:
    make_order(place=place)
    assert not Attribution.objects.exists()
