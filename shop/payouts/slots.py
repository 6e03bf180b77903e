"""What payouts add to the teacher's workspace."""

from typing import Any

from shop.payouts.reads import income


def fill_income(request: Any, user: Any, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot teach.income: what was earned by state, and the way to every line. Two queries at most."""
    sums = income.sums_of(user)
    return ("shop/payouts/income_sums.html", {"sums": sums, "linked": True}) if sums or income.has_income(user) else None
