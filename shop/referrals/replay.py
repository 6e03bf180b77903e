"""Replay an attribution receipt: who is credited for an order, why, and what is earned of what the buyer kept.

Pure functions over the receipt's JSON alone, by the standard library alone: the site decides by them, and anybody can run
them elsewhere:

    python shop/referrals/replay.py receipt.json        prints the answer; exit code 1 where the receipt says otherwise
    python shop/referrals/replay.py --lines < receipts  a receipt per line in, an answer per line out

A receipt: `placed_at`, `currency`, `rules` (the version frozen on the order), `buyer` {id, has_bought, self_of: {referrer:
sign}}, `touches` (kind, referrer, at, bound_at for a binding, live, barred), `parts` (id, kind, offer, net), the `decision`
taken, and in an exported one `events` since (refund {part, net}, negative where a refund failed; decided {accept};
adjusted {amount}; paid {amount}, negative where a payout came back) and `earned` as
the books have it. Money is in minor units, rates in basis points.
"""

import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FULL = 10_000
WINDOW_DAYS = 30
# coupon > latest valid link > binding; an offer bought where its author placed it counts like a link (rules 2 and 4).
PRECEDENCE = {"coupon": 0, "link": 1, "note": 1, "topic": 1, "message": 1, "lesson": 1, "place": 1, "binding": 2}
PARTS_OF_THE_ORDER = {"coupon", "topic", "message", "lesson", "place"}

Receipt = dict[str, Any]


def decide(receipt: Receipt) -> dict[str, Any]:
    """{winner, verdicts, credited, held}: indices of touches or None, a reason a touch, a sign of a self-purchase or ''.

    Reasons: won, outranked, too_old, later, no_agreement, barred, own_account, not_a_new_customer. `credited` is the
    winner, or, where nobody won, a touch by the buyer's own account, so that it is held and explained (rule 5).
    """
    rules, touches, buyer = receipt["rules"], receipt["touches"], receipt["buyer"]
    placed = datetime.fromisoformat(receipt["placed_at"])
    verdicts = [_refusal(touch, rules, placed, buyer) or "outranked" for touch in touches]
    valid = [index for index, verdict in enumerate(verdicts) if verdict == "outranked"]
    winner = min(valid, key=lambda index: _rank(touches[index], index, rules), default=None)
    if winner is not None:
        verdicts[winner] = "won"
        held = buyer.get("self_of", {}).get(str(touches[winner]["referrer"]), "")
        return {"winner": winner, "verdicts": verdicts, "credited": winner, "held": held}
    own = verdicts.index("own_account") if "own_account" in verdicts else None
    return {"winner": None, "verdicts": verdicts, "credited": own, "held": "" if own is None else "own_account"}


def _rank(touch: dict[str, Any], index: int, rules: dict[str, Any]) -> tuple[int, float, int]:
    moment = datetime.fromisoformat(touch["at"]).timestamp()
    return PRECEDENCE[touch["kind"]], moment if rules.get("first_touch") else -moment, index


def _refusal(touch: dict[str, Any], rules: dict[str, Any], placed: datetime, buyer: dict[str, Any]) -> str:
    """Why a touch cannot win, or ''. The order of the questions is the order in which a person would ask them."""
    if datetime.fromisoformat(touch["at"]) > placed:
        return "later"
    if _is_too_old(touch, timedelta(days=rules.get("window_days", WINDOW_DAYS)), placed):
        return "too_old"
    if not touch["live"]:
        return "no_agreement"
    if touch["barred"]:
        return "barred"
    if touch["referrer"] == buyer["id"]:
        return "own_account"
    if rules.get("new_customers_only") and buyer["has_bought"]:
        return "not_a_new_customer"
    return ""


def _is_too_old(touch: dict[str, Any], window: timedelta, placed: datetime) -> bool:
    """A link or a note counts for a window; what was bought in the note itself is as old as the order. One that binds must bind
    within it, and does not grow old then (rule 3)."""
    if touch["kind"] in PARTS_OF_THE_ORDER:
        return False
    until = datetime.fromisoformat(touch.get("bound_at") or touch["at"]) if touch["kind"] == "binding" else placed
    return until - datetime.fromisoformat(touch["at"]) > window


def rate_of(rules: dict[str, Any], kind: str, offer: Any = None) -> int:
    """Basis points for a kind of component: the offer's own where the rules name it, else the programme's; else nothing."""
    own: dict[str, int] = rules.get("offers", {}).get(str(offer), {})
    return int(own.get(kind, rules["rates"].get(kind, 0)))


def earned_of(kept: int, rate: int, vest_share: int) -> tuple[int, int]:
    """(earned at once, earned once the student gets there): together floor(rate × net kept) (I15)."""
    total = kept * rate // FULL
    later = total * vest_share // FULL
    return total - later, later


def bonus_of(rules: dict[str, Any], currency: str, kept: int, net: int) -> int:
    """A programme's fixed bonus for an order, pro rata of what the buyer kept of it."""
    return int(rules.get("bonus", {}).get(currency, 0)) * kept // net if net > 0 else 0


def amounts(receipt: Receipt) -> dict[str, Any]:
    """What is earned after the receipt's events: {state, parts: {id: amount}, later: {id: of which upon the outcome}, bonus,
    adjusted, total, owed: what of it is not paid out (negative: too much was)}."""
    decision, rules, parts = decide(receipt), receipt["rules"], receipt.get("parts", [])
    events = receipt.get("events", [])
    state = _state(decision, events)
    kept = {part["id"]: part["net"] for part in parts}
    for event in events:
        if event["kind"] == "refund":
            kept[event["part"]] -= event["net"]
    if state in {"none", "rejected"}:
        kept = dict.fromkeys(kept, 0)
    pairs = {}
    for part in parts:
        rate = rate_of(rules, part["kind"], part.get("offer"))
        pairs[str(part["id"])] = earned_of(kept[part["id"]], rate, int(rules.get("vest_share", 0)))
    bonus = bonus_of(rules, receipt.get("currency", ""), sum(kept.values()), sum(part["net"] for part in parts))
    adjusted = sum(event["amount"] for event in events if event["kind"] == "adjusted")
    total = sum(sum(pair) for pair in pairs.values()) + bonus + adjusted
    return {
        "state": state,
        "parts": {ident: sum(pair) for ident, pair in pairs.items()},
        "later": {ident: pair[1] for ident, pair in pairs.items()},
        "bonus": bonus,
        "adjusted": adjusted,
        "total": total,
        "owed": total - sum(event["amount"] for event in events if event["kind"] == "paid"),
    }


def _state(decision: dict[str, Any], events: Iterable[dict[str, Any]]) -> str:
    """none, credited, held_self, rejected: the last decision of a reviewer counts."""
    if decision["credited"] is None:
        return "none"
    decided = [event["accept"] for event in events if event["kind"] == "decided"]
    if decided:
        return "credited" if decided[-1] else "rejected"
    return "held_self" if decision["held"] else "credited"


def replay(receipt: Receipt) -> dict[str, Any]:
    """The whole answer, from the receipt alone."""
    return {"decision": decide(receipt), "earned": amounts(receipt)}


def differences(receipt: Receipt) -> list[str]:
    """What the receipt says otherwise than its replay; empty where they agree."""
    answer = replay(receipt)
    found = []
    for name in ("decision", "earned"):
        for key, value in receipt.get(name, {}).items():
            if answer[name].get(key) != value:
                found.append(f"{name}.{key}: the receipt says {value!r}, the replay {answer[name].get(key)!r}")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--lines"]:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(replay(json.loads(line)), sort_keys=True) + "\n")
        return 0
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    receipt = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(replay(receipt), indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    wrong = differences(receipt)
    sys.stderr.write("".join(f"{line}\n" for line in wrong) or "The receipt and its replay agree.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
