"""Refund policies: what they rule, what they say, and that an order keeps its own."""

from datetime import timedelta
from typing import Any

import pytest

from kit.models import AuditEntry
from shop.catalogue.flows import CannotSetPolicy, set_policy
from shop.catalogue.policies import (
    BY_LESSONS,
    CHINA,
    EU,
    KEPT,
    OPENED,
    TAIWAN,
    UNOPENED,
    Policy,
    policy_from,
    rule_on_course,
    rule_on_kit,
)
from shop.catalogue.policy_words import promises
from shop.orders.policies import policy_of
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STEPS = Policy(cooling_days=7, opened=((10, 80), (50, 30)), opened_days=60)


@pytest.mark.parametrize(
    ("policy", "days", "opened", "consented", "ruled"),
    [
        (STEPS, 7, 9, False, (100, "cooling_off")),
        (STEPS, 8, 0, False, (80, "by_lessons")),
        (STEPS, 8, 1, False, (80, "by_lessons")),
        (STEPS, 8, 2, False, (30, "by_lessons")),
        (STEPS, 60, 5, False, (30, "by_lessons")),
        (STEPS, 60, 6, False, (0, "too_many_lessons")),
        (STEPS, 61, 0, False, (0, "too_late")),
        (EU, 14, 0, True, (100, "cooling_off")),
        (EU, 1, 1, True, (0, "lessons_opened")),
        (EU, 1, 1, False, (100, "cooling_off")),
        (EU, 15, 0, True, (0, "too_late")),
        (Policy(cooling_days=7), 1, 5, True, (100, "cooling_off")),
    ],
)
def test_the_course_comes_back_by_days_lessons_and_consent(
    policy: Policy, days: int, opened: int, consented: bool, ruled: tuple[int, str]
) -> None:
    found = rule_on_course(policy, since_paid=timedelta(days=days), opened=opened, lessons=10, consented=consented)
    assert (found.percent, found.why) == ruled


def test_a_course_without_paid_lessons_counts_as_unopened() -> None:
    found = rule_on_course(STEPS, since_paid=timedelta(days=8), opened=0, lessons=0, consented=False)
    assert found.percent == 80


@pytest.mark.parametrize(
    ("sent", "days", "condition", "ruled"),
    [
        (False, None, KEPT, (100, "not_sent")),
        (True, 14, UNOPENED, (100, "kit_unopened")),
        (True, 14, OPENED, (50, "kit_opened")),
        (True, None, UNOPENED, (100, "kit_unopened")),
        (True, 15, UNOPENED, (0, "kit_too_late")),
        (True, 15, KEPT, (20, "kit_kept")),
    ],
)
def test_the_kit_comes_back_by_days_and_condition(sent: bool, days: int | None, condition: str, ruled: tuple[int, str]) -> None:
    policy = Policy(return_days=14, kit_opened=50, kit_kept=20)
    since = None if days is None else timedelta(days=days)
    found = rule_on_kit(policy, was_sent=sent, since_delivered=since, condition=condition)
    assert (found.percent, found.why) == ruled


@pytest.mark.parametrize("policy", [EU, TAIWAN, CHINA, BY_LESSONS, STEPS])
def test_a_policy_reads_back_as_it_was_frozen(policy: Policy) -> None:
    windows = {"refund_days": policy.cooling_days, "return_days": policy.return_days}
    assert policy_from(policy.as_terms(), **windows) == policy


@pytest.mark.parametrize(
    "policy",
    [
        Policy(cooling_days=366),
        Policy(kit_opened=101),
        Policy(opened=((10, 80),)),
        Policy(opened_days=30),
        Policy(opened=((10, 80), (10, 50)), opened_days=30),
        Policy(opened=((10, 50), (20, 80)), opened_days=30),
        Policy(opened=((10, 180),), opened_days=30),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(bundle: Any, owner: Any, policy: Policy) -> None:
    with pytest.raises(CannotSetPolicy):
        set_policy(offer=bundle, policy=policy, actor=owner)
    bundle.refresh_from_db()
    assert bundle.refund_policy == Policy()


def test_an_order_keeps_what_it_was_promised(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    set_policy(offer=bundle, policy=STEPS, actor=owner)
    bundle.refresh_from_db()
    order = till.bought(bundle, user=student)
    set_policy(offer=bundle, policy=EU, actor=owner)
    order.refresh_from_db()
    assert policy_of(order, bundle.pk) == STEPS
    bundle.refresh_from_db()
    assert (bundle.refund_policy, bundle.refund_days, bundle.return_days) == (EU, 14, 14)
    rows = AuditEntry.objects.filter(action="offer.policy", target=f"offer:{bundle.pk}").order_by("pk")
    assert [row.actor_id for row in rows] == [owner.pk, owner.pk]
    assert rows[1].before == STEPS.as_terms()
    set_policy(offer=bundle, policy=EU, actor=owner)
    assert rows.count() == 2


def test_an_order_from_before_policies_promises_its_two_windows(till: Till, bundle: Any) -> None:
    order = till.place(bundle)
    order.terms = {"refund_days": 3, "return_days": 5}
    assert policy_of(order, bundle.pk) == Policy(cooling_days=3, return_days=5)


def test_the_words_say_what_is_ruled_and_no_more() -> None:
    said = " ".join(promises(BY_LESSONS, seats=True, goods=True))
    for words in ("For 7 days after paying", "up to 10 % opened, 80 % comes back", "Until 60 days", "opened for 50 % of it"):
        assert words in said
    assert "tick" not in said
    assert "kit" not in " ".join(promises(BY_LESSONS, seats=True, goods=False))
    assert "lessons" not in " ".join(promises(BY_LESSONS, seats=False, goods=True))
    assert "you tick that you want to begin at once" in " ".join(promises(EU, seats=True, goods=False))
    assert "delivery does, too" in " ".join(promises(EU, seats=True, goods=True))
    nothing = " ".join(promises(Policy(0, 0, kit_kept=10), seats=True, goods=True))
    for words in ("does not come back for a change of mind", "Once it is sent", "10 % of its share", "law of your country"):
        assert words in nothing
