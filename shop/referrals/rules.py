"""A programme's rules and the pure decision who is credited for an order (DISTRIBUTION.md, Attribution).

Everything here works on plain values, so that a stored receipt replays to the same answer without the database.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

FULL = 10_000
# coupon > latest valid link > binding; an offer bought where its author placed it counts like a link.
PRECEDENCE = {"coupon": 0, "link": 1, "place": 1, "binding": 2}


@dataclass(frozen=True)
class Rules:
    """Rates are basis points of a component's net, by kind of component; days are whole days."""

    rates: dict[str, int] = field(default_factory=lambda: {"seat": 3000, "stock": 500})
    window_days: int = 30
    first_touch: bool = False
    new_customers_only: bool = False
    show_recommender: bool = True
    disclosure: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.window_days <= 365:
            raise ValueError("the window is 1 to 365 days")
        if any(not 0 <= rate <= FULL for rate in self.rates.values()):
            raise ValueError("a rate is 0 to 10000 basis points")

    def rate_of(self, kind: str) -> int:
        """Basis points for a kind of component; kinds without a rate earn nothing."""
        return self.rates.get(kind, 0)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Rules":
        """Rules of a stored version. Raises ValueError or TypeError where they are none."""
        return cls(**data)


def same_terms(one: Rules, other: Rules) -> bool:
    """Whether somebody who agreed to one has agreed to the other: rates, window and conditions are equal."""
    return _terms(one) == _terms(other)


def _terms(rules: Rules) -> dict[str, Any]:
    return {**rules.to_json(), "rates": {kind: rate for kind, rate in rules.rates.items() if rate}}


def decide(receipt: dict[str, Any]) -> dict[str, Any]:
    """{"winner": index of a touch or None, "verdicts": [a reason a touch]} from a receipt's inputs alone.

    The receipt holds `placed_at`, `rules`, `buyer` {id, has_bought, self_of: {referrer: reason}}, and `touches`:
    kind, referrer, at, live (agreement and link live), barred (owner, staff or instructor of the course). Reasons:
    won, outranked, too_old, later, no_agreement, barred, own_account, not_a_new_customer.
    """
    rules, placed = Rules.from_json(receipt["rules"]), datetime.fromisoformat(receipt["placed_at"])
    touches, verdicts = receipt["touches"], []
    for touch in touches:
        verdicts.append(_refusal(touch, rules, placed, receipt["buyer"]) or "outranked")
    valid = [index for index, verdict in enumerate(verdicts) if verdict == "outranked"]
    winner = min(valid, key=lambda index: _rank(touches[index], index, rules), default=None)
    if winner is not None:
        verdicts[winner] = "won"
    return {"winner": winner, "verdicts": verdicts}


def _rank(touch: dict[str, Any], index: int, rules: Rules) -> tuple[int, float, int]:
    moment = datetime.fromisoformat(touch["at"]).timestamp()
    return PRECEDENCE[touch["kind"]], moment if rules.first_touch else -moment, index


def _refusal(touch: dict[str, Any], rules: Rules, placed: datetime, buyer: dict[str, Any]) -> str:
    """Why a touch cannot win, or ''. The order of the questions is the order in which a person would ask them."""
    at = datetime.fromisoformat(touch["at"])
    if at > placed:
        return "later"
    # A coupon is in the order itself, and a binding was made within the window: neither grows old.
    if touch["kind"] in {"link", "place"} and placed - at > timedelta(days=rules.window_days):
        return "too_old"
    if not touch["live"]:
        return "no_agreement"
    if touch["barred"]:
        return "barred"
    if touch["referrer"] == buyer["id"]:
        return "own_account"
    if rules.new_customers_only and buyer["has_bought"]:
        return "not_a_new_customer"
    return ""
