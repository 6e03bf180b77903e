"""What a programme pays on the student's progress, per order, per offer, and by hand."""

from typing import Any

import pytest
from django.db.models import Sum

from courses.models import Enrolment
from kit.clock import now
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.checkout.flows import refund_order, release_holds
from shop.checkout.flows.shares import correct_commission
from shop.orders.models import OrderComponent
from shop.payouts.flows import mark_paid, prepare_payouts
from shop.referrals import flows
from shop.referrals.models import Attribution, Commission, Programme
from shop.referrals.rules import Rules
from tests.payouts.conftest import bundle, earn  # noqa: F401  (fixtures)
from tests.shop.conftest import till, visitor_of_referrer  # noqa: F401  (fixtures)
from tests.shop.till import check_audit

pytestmark = pytest.mark.django_db
SEAT, KIT = 46900 * 3000 // 10000, 13000 * 500 // 10000


@pytest.fixture
def sell(earn: Any, visitor_of_referrer: Any) -> Any:  # noqa: F811
    """sell(**rules): an order under these rules, delivered, its hold over."""

    def make(**rules: Any) -> Any:
        programme = Programme.objects.get()
        flows.change_rules(programme=programme, rules=Rules(rates={"seat": 3000, "stock": 500}, **rules), actor=None)
        order = earn()
        check_audit()
        return order

    return make


def states(**kind: Any) -> dict[str, int]:
    return dict(Commission.objects.filter(**kind).values_list("state").annotate(Sum("amount")))


def reach(order: Any, day: int) -> None:
    seat = Enrolment.objects.get(source=order.holder)
    from kit import outbox

    outbox.write(topic="progress.day_reached", key=f"{seat.pk}:{day}", payload={"enrolment": seat.pk, "day": day})
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    flows.release_held_commissions()


def test_half_waits_until_the_student_reaches_day_seven(sell: Any) -> None:
    order = sell(vest_share=5000)
    whole = SEAT + KIT
    assert states() == {"available": whole - SEAT // 2 - KIT // 2, "pending": SEAT // 2 + KIT // 2}
    reach(order, 6)
    assert "pending" in states()
    reach(order, 7)
    assert states() == {"available": whole}
    check_audit()


def test_another_day_may_be_the_programmes(sell: Any) -> None:
    order = sell(vest_share=10_000, vest_day=3)
    assert states() == {"pending": SEAT + KIT}
    reach(order, 3)
    assert states() == {"available": SEAT + KIT}


def test_the_outcome_does_not_shorten_the_hold(till: Any, bundle: Any, visitor_of_referrer: Any) -> None:  # noqa: F811
    flows.change_rules(programme=Programme.objects.get(), rules=Rules(vest_share=5000), actor=None)
    order = till.bought(bundle, visitor=visitor_of_referrer)
    reach(order, 7)
    assert set(states()) == {"pending"}


def test_a_refund_takes_from_what_waits_and_what_does_not(sell: Any, till: Any) -> None:  # noqa: F811
    order = sell(vest_share=5000)
    seat = OrderComponent.objects.get(line__order=order, kind="seat")
    refund_order(order=order, components={seat: (20000, 0)}, actor=None, reason="some")
    till.deliver()
    left = 26900 * 3000 // 10000
    assert states(component=seat) == {"available": left - left // 2, "pending": left // 2}
    check_audit()


def test_a_bonus_is_paid_for_the_order_and_goes_pro_rata(sell: Any, till: Any) -> None:  # noqa: F811
    order = sell(bonus={"CNY": 1000, "TWD": 5000})
    assert states(kind="bonus") == {"available": 1000}
    kit = OrderComponent.objects.get(line__order=order, kind="stock")
    refund_order(order=order, components={kit: (13000, 0)}, actor=None, reason="kit")
    till.deliver()
    assert states(kind="bonus") == {"available": 1000 * 46900 // 59900}
    refund_order(order=order, actor=None, reason="all")
    till.deliver()
    assert sum(states().values()) == 0
    check_audit()


def test_an_offer_may_have_rates_of_its_own(sell: Any, bundle: Any) -> None:  # noqa: F811
    sell(offers={str(bundle.pk): {"seat": 1000}, "999999": {"seat": 1}})
    assert states(component__kind="seat") == {"available": 4690}
    assert states(component__kind="stock") == {"available": KIT}


@pytest.mark.parametrize("amount", [500, -500])
def test_a_correction_by_hand_has_a_reason_a_line_in_the_books_and_one_in_the_trail(sell: Any, owner: Any, amount: int) -> None:
    sell()
    row = Attribution.objects.get()
    line = correct_commission(attribution=row, amount=amount, actor=owner, reason="Two groups, one poster")
    assert (line.kind, line.state, line.note) == ("adjustment", "available", "Two groups, one poster")
    entry = AuditEntry.objects.get(action="commission.adjusted")
    assert (entry.actor_id, entry.reason, entry.after["amount"]) == (owner.pk, "Two groups, one poster", amount)
    check_audit()
    (payout,) = prepare_payouts(actor=owner)
    assert payout.amount == SEAT + KIT + amount
    mark_paid(payout=payout, actor=owner)
    check_audit()


@pytest.mark.parametrize(("amount", "reason"), [(0, "x"), (5, " ")])
def test_a_correction_of_nothing_or_for_no_reason_is_refused(sell: Any, owner: Any, amount: int, reason: str) -> None:
    sell()
    with pytest.raises(ValueError):
        correct_commission(attribution=Attribution.objects.get(), amount=amount, actor=owner, reason=reason)


def test_a_sale_tells_how_much_when_and_why(till: Any, bundle: Any, visitor_of_referrer: Any, referrer: Any) -> None:  # noqa: F811
    order = till.bought(bundle, visitor=visitor_of_referrer)
    notice = Notice.objects.get(user=referrer, kind="sale")
    assert notice.params == {"amount": "¥147.20", "day": ""}
    assert "parcel" in notice.body
    assert notice.url == f"/promote/receipts/{order.number}/"


def test_a_sale_without_a_parcel_names_the_day(till: Any, visitor_of_referrer: Any, referrer: Any) -> None:  # noqa: F811
    from datetime import timedelta

    from tests.factories import make_cohort, make_offer

    order = till.bought(make_offer(cohort=make_cohort()), visitor=visitor_of_referrer)
    notice = Notice.objects.get(user=referrer, kind="sale")
    expected = order.paid_at + timedelta(days=order.terms["refund_days"])
    assert notice.params["day"] in {f"{expected:%Y-%m-%d}", f"{expected + timedelta(hours=8):%Y-%m-%d}"}
    assert "followed your link" in notice.body
    assert order.placed_at <= now()


def test_holds_are_released_by_the_beat_as_well(sell: Any) -> None:
    order = sell(vest_share=5000)
    Attribution.objects.filter(order=order).update(outcome_at=now())
    release_holds()
    assert states() == {"available": SEAT + KIT}
