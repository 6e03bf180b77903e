"""What an offer promises about money back: a policy, the pure rules that apply it, and some to begin with.

A policy is frozen on each order (`as_terms`). It adds to what the law gives a buyer and takes nothing from it: the
templates follow rules that are named beside them, as they stood in November 2026, and are no legal advice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

UNOPENED, OPENED, KEPT = "unopened", "opened", "kept"
WHOLE = 100


@dataclass(frozen=True)
class Policy:
    """Days, and percents of what a part cost.

    For `cooling_days` after paying everything comes back; where `digital_consent` was asked for and given, opening a
    lesson ends that. Later, until `opened_days` after paying, the course's share comes back by how much of it was
    opened: `opened` lists (lessons opened at most, comes back) in percent, rising. Goods may come back within
    `return_days` of delivery: unopened for their whole share, opened for `kit_opened`, and where they are kept `kit_kept`
    of it comes back. `delivery_back`: delivery is paid back with everything else even once the parcel has left.
    """

    cooling_days: int = 7
    return_days: int = 7
    opened: tuple[tuple[int, int], ...] = ()
    opened_days: int = 0
    kit_opened: int = WHOLE
    kit_kept: int = 0
    delivery_back: bool = False
    digital_consent: bool = False

    def as_terms(self) -> dict[str, Any]:
        """As JSON keeps it; `policy_from` reads it back."""
        return {**asdict(self), "opened": [list(step) for step in self.opened]}


def policy_from(terms: Mapping[str, Any], *, refund_days: int, return_days: int) -> Policy:
    """The policy in stored terms; those without one (older orders, offers never touched) promise the two windows alone."""
    known = {name: terms[name] for name in Policy.__dataclass_fields__ if name in terms}
    known["opened"] = tuple((limit, back) for limit, back in known.get("opened", ()))
    return Policy(**{**known, "cooling_days": refund_days, "return_days": return_days})


# Directive 2011/83/EU: 14 days to withdraw, from the contract for services and digital content and from delivery for
# goods (Art. 9); standard delivery is paid back with the rest (Art. 13); the right to withdraw from digital content ends
# when it begins with the consumer's prior express consent and acknowledgment (Art. 16(m)).
# https://eur-lex.europa.eu/eli/dir/2011/83/oj
EU = Policy(cooling_days=14, return_days=14, delivery_back=True, digital_consent=True)
# 消費者保護法 Art. 19: seven days after receipt, without reasons and without cost; the exceptions of 通訊交易解除權合理
# 例外情事適用準則 Art. 2 include digital content that the consumer agreed beforehand to receive.
# https://law.moj.gov.tw/LawClass/LawAll.aspx?pcode=J0170001 and …?pcode=J0170012
TAIWAN = Policy(cooling_days=7, return_days=7, delivery_back=True, digital_consent=True)
# 消费者权益保护法 Art. 25: seven days after receipt for what was bought online, goods in good condition, the consumer
# bears their way back; downloaded digital goods are excepted.
# http://www.npc.gov.cn/npc/c2/c238/202001/t20200119_304187.html
CHINA = Policy(cooling_days=7, return_days=7, digital_consent=True)
# No law's: what a school may promise beyond it.
BY_LESSONS = Policy(cooling_days=7, return_days=14, opened=((10, 80), (35, 50)), opened_days=60, kit_opened=50)
TEMPLATES = {"eu": EU, "tw": TAIWAN, "cn": CHINA, "lessons": BY_LESSONS}


@dataclass(frozen=True)
class Ruling:
    """`percent` of a part's price comes back, because `why` (a code; shop.catalogue.policy_words says it)."""

    percent: int
    why: str


def rule_on_course(policy: Policy, *, since_paid: timedelta, opened: int, lessons: int, consented: bool) -> Ruling:
    """`opened` of `lessons` were opened since it was paid."""
    gave_up = policy.digital_consent and consented and opened > 0
    if since_paid <= timedelta(days=policy.cooling_days) and not gave_up:
        return Ruling(WHOLE, "cooling_off")
    if since_paid <= timedelta(days=policy.opened_days):
        for limit, back in policy.opened:
            if opened * 100 <= limit * lessons:
                return Ruling(back, "by_lessons")
        return Ruling(0, "too_many_lessons")
    return Ruling(0, "lessons_opened" if gave_up else "too_late")


def rule_on_ticket(policy: Policy, *, since_paid: timedelta, cancelled: bool, begun: bool) -> Ruling:
    """`cancelled`: the event was called off; `begun`: it has started, and the seat was kept for the buyer."""
    if cancelled:
        return Ruling(WHOLE, "event_cancelled")
    if begun:
        return Ruling(0, "event_begun")
    if since_paid <= timedelta(days=policy.cooling_days):
        return Ruling(WHOLE, "cooling_off")
    return Ruling(0, "too_late")


def rule_on_kit(policy: Policy, *, was_sent: bool, since_delivered: timedelta | None, condition: str) -> Ruling:
    """`since_delivered` runs to when its return was asked for; None while it is on its way.

    `condition`: UNOPENED, OPENED or KEPT.
    """
    if not was_sent:
        return Ruling(WHOLE, "not_sent")
    if condition == KEPT:
        return Ruling(policy.kit_kept, "kit_kept")
    if since_delivered is not None and since_delivered > timedelta(days=policy.return_days):
        return Ruling(0, "kit_too_late")
    return Ruling(WHOLE, "kit_unopened") if condition == UNOPENED else Ruling(policy.kit_opened, "kit_opened")
