"""Which plans of pay the law forbids: profiles of jurisdictions that refuse with the reason and its source.

One level is all that any of them allows here. Two levels are an industry habit, not a safe harbour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

TW_ACT = "多層次傳銷管理法"
TW_URL = "https://law.moj.gov.tw/LawClass/LawAll.aspx?pcode=J0150017"
CN_ACT = "禁止传销条例（国务院令第444号）"
CN_URL = "https://www.lawinfochina.com/display.aspx?lib=law&id=4452"
HOUSE = "DISTRIBUTION.md, 12"


@dataclass(frozen=True)
class Refusal:
    """What is refused (levels | join_fee | per_recruit), why, by which article, and where to read it ('' for our own rule)."""

    what: str
    reason: Any
    source: str
    url: str


class PlanRefused(ValueError):
    """The plan is illegal, or against the house's own rule; `refusals` says why, for the owner."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("; ".join(f"{row.reason} ({row.source})" for row in refusals))
        self.refusals = refusals


JURISDICTIONS = {"TW": _("Taiwan"), "CN": _("Mainland China")}
_HOUSE = {
    "levels": Refusal("levels", _("Only the person who brought the buyer earns: one level."), HOUSE, ""),
    "join_fee": Refusal("join_fee", _("Nobody pays to join."), HOUSE, ""),
    "per_recruit": Refusal("per_recruit", _("Nobody is paid for recruiting people, only for sales."), HOUSE, ""),
}
_PROFILES: dict[str, dict[str, Refusal]] = {
    "TW": {
        "levels": Refusal(
            "levels",
            _("Pay over several levels is multi-level selling: the Fair Trade Commission must be told before it begins."),
            f"{TW_ACT} §3, §6",
            TW_URL,
        ),
        "per_recruit": Refusal(
            "per_recruit",
            _("Income must come from selling at a reasonable market price, not mainly from introducing people."),
            f"{TW_ACT} §18",
            TW_URL,
        ),
    },
    "CN": {
        "levels": Refusal(
            "levels", _("Pay by the sales of those whom one brought in is pyramid selling."), f"{CN_ACT} 第七条(三)", CN_URL
        ),
        "join_fee": Refusal("join_fee", _("A fee for the right to join is pyramid selling."), f"{CN_ACT} 第七条(二)", CN_URL),
        "per_recruit": Refusal(
            "per_recruit", _("Pay by the number of people brought in is pyramid selling."), f"{CN_ACT} 第七条(一)", CN_URL
        ),
    },
}


def refusals(plan: Mapping[str, Any]) -> list[Refusal]:
    """Why a plan may not be run: `levels`, `join_fee` and `per_recruit` (minor units), under its `jurisdiction`."""
    profile = _HOUSE | _PROFILES.get(plan.get("jurisdiction", ""), {})
    wrong = []
    if plan.get("levels", 1) != 1:
        wrong.append(profile["levels"])
    wrong += [profile[name] for name in ("join_fee", "per_recruit") if plan.get(name, 0)]
    return wrong
