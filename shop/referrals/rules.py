"""A programme's rules (DISTRIBUTION.md), as they are frozen on an order. The decision by them is in replay.py."""

from dataclasses import asdict, dataclass, field
from typing import Any

from shop.referrals.legal import JURISDICTIONS, PlanRefused, refusals
from shop.referrals.replay import FULL, decide, rate_of

__all__ = ["FULL", "Rules", "decide", "same_terms"]


@dataclass(frozen=True)
class Rules:
    """Rates are basis points of a component's net, by kind of component; days are whole days.

    `offers`: offer's id as text → kind → rate, where it differs. `bonus`: currency → minor units an order. `vest_share`:
    basis points of the commission that are earned once the student reaches day `vest_day`. `floors`: everyday | campaign →
    currency → the lowest price that the agreement lets anyone ask. `limits`: what a teacher may promise at most for an offer:
    kind → basis points, `bonus` → currency → minor units; those of the general programme count. `levels`, `join_fee` and
    `per_recruit` are there to be refused (legal.py). Raises ValueError; PlanRefused where the plan is illegal.
    """

    rates: dict[str, int] = field(default_factory=lambda: {"seat": 3000, "stock": 500})
    window_days: int = 30
    first_touch: bool = False
    new_customers_only: bool = False
    show_recommender: bool = True
    disclosure: str = ""
    offers: dict[str, dict[str, int]] = field(default_factory=dict)
    bonus: dict[str, int] = field(default_factory=dict)
    vest_share: int = 0
    vest_day: int = 7
    floors: dict[str, dict[str, int]] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=lambda: {"seat": FULL, "stock": FULL, "bonus": {}})
    jurisdiction: str = ""
    levels: int = 1
    join_fee: int = 0
    per_recruit: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.window_days <= 365:
            raise ValueError("the window is 1 to 365 days")
        rates = [rate for row in (self.rates, *self.offers.values()) for rate in row.values()]
        if any(not 0 <= rate <= FULL for rate in [*rates, self.vest_share]):
            raise ValueError("a rate is 0 to 10000 basis points")
        if not 1 <= self.vest_day <= 365:
            raise ValueError("the day of the outcome is 1 to 365")
        limited = [value for value in self.limits.values() if not isinstance(value, dict)]
        if any(not 0 <= rate <= FULL for rate in limited):
            raise ValueError("a limit is 0 to 10000 basis points")
        if any(
            amount < 0 for row in (self.bonus, self.limits.get("bonus", {}), *self.floors.values()) for amount in row.values()
        ):
            raise ValueError("bonuses and floors are not negative")
        if self.floors.keys() - {"everyday", "campaign"} or self.jurisdiction not in {"", *JURISDICTIONS}:
            raise ValueError("no such floor or jurisdiction")
        if wrong := refusals(self.to_json()):
            raise PlanRefused(wrong)

    def rate_of(self, kind: str, offer: int | None = None) -> int:
        """Basis points for a kind of component; kinds without a rate earn nothing."""
        return rate_of(self.to_json(), kind, offer)

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
    """What concerns a referrer."""
    terms = {**rules.to_json(), "rates": {kind: rate for kind, rate in rules.rates.items() if rate}}
    return {name: value for name, value in terms.items() if name != "limits"}
