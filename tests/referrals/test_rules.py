"""The pure decision: every rule of attribution that a programme may hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shop.referrals.rules import Rules, decide

PLACED = datetime(2026, 5, 1, 12, tzinfo=UTC)
MEI, AN, BUYER = 1, 2, 9


def touch(kind: str = "link", *, referrer: int = MEI, days: float = 1, live: bool = True, barred: bool = False) -> dict[str, Any]:
    return {"kind": kind, "referrer": referrer, "at": (PLACED - timedelta(days=days)).isoformat(), "live": live, "barred": barred}


def decision(*touches: dict[str, Any], has_bought: bool = False, **rules: Any) -> tuple[int | None, list[str]]:
    receipt = {
        "placed_at": PLACED.isoformat(),
        "rules": Rules(**rules).to_json(),
        "buyer": {"id": BUYER, "has_bought": has_bought},
        "touches": list(touches),
    }
    answer = decide(receipt)
    return answer["winner"], answer["verdicts"]


def test_the_latest_valid_link_wins() -> None:
    assert decision(touch(days=5), touch(referrer=AN, days=2)) == (1, ["outranked", "won"])


def test_a_programme_may_choose_the_first_touch() -> None:
    assert decision(touch(days=5), touch(referrer=AN, days=2), first_touch=True) == (0, ["won", "outranked"])


def test_a_coupon_counts_more_than_a_later_link_and_a_link_more_than_a_binding() -> None:
    assert decision(touch("link", days=0), touch("coupon", referrer=AN, days=20))[0] == 1
    assert decision(touch("binding", days=0), touch("link", referrer=AN, days=20))[0] == 1
    assert decision(touch("binding", days=20)) == (0, ["won"])


def test_an_offer_bought_where_its_author_placed_it_counts_like_a_link() -> None:
    assert decision(touch("link", days=3), touch("place", referrer=AN, days=0))[0] == 1


def test_the_window_is_thirty_days_to_the_second() -> None:
    assert decision(touch(days=30)) == (0, ["won"])
    assert decision(touch(days=30 + 1 / 86400)) == (None, ["too_old"])
    assert decision(touch(days=8), window_days=7) == (None, ["too_old"])


def test_a_window_that_ended_does_not_undo_a_binding() -> None:
    assert decision(touch("binding", days=200)) == (0, ["won"])


def test_what_came_after_the_order_counts_for_nothing() -> None:
    assert decision(touch(days=-1)) == (None, ["later"])


def test_without_a_live_agreement_a_link_earns_zero() -> None:
    assert decision(touch(live=False)) == (None, ["no_agreement"])


def test_owners_staff_and_instructors_of_the_course_never_earn() -> None:
    assert decision(touch(barred=True), touch(referrer=AN, days=9)) == (1, ["barred", "won"])


def test_ones_own_link_does_not_win_and_lets_an_earlier_one_through() -> None:
    assert decision(touch(referrer=AN, days=5), touch(referrer=BUYER, days=1)) == (0, ["won", "own_account"])


def test_new_customers_only_is_an_option() -> None:
    assert decision(touch(), has_bought=True) == (0, ["won"])
    assert decision(touch(), has_bought=True, new_customers_only=True) == (None, ["not_a_new_customer"])


@pytest.mark.parametrize(
    "wrong", [{"window_days": 0}, {"window_days": 366}, {"rates": {"seat": 10_001}}, {"rates": {"seat": -1}}]
)
def test_rules_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Rules(**wrong)
