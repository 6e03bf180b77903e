"""What payouts add to the teacher's workspace."""

from typing import Any

from shop.payouts.models import Payout
from shop.payouts.reads import income, mine
from shop.payouts.words import state_word


def fill_income(request: Any, user: Any, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot teach.income: what was earned by state, and the way to every line. Two queries at most."""
    sums = income.sums_of(user)
    return ("shop/payouts/income_sums.html", {"sums": sums, "linked": True}) if sums or income.has_income(user) else None


def fill_payouts(request: Any, user: Any, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot promote.payouts: the way to what was paid, and whether it must be said where to. Three queries at most."""
    last = Payout.objects.filter(payee=user).order_by("-pk").first()
    context = {"last": last, "state": state_word(last.state), "asked": mine.must_ask(user)} if last else {}
    return ("shop/payouts/promote_payouts.html", context) if last else None
