"""Random receipts, and a second opinion on them that shares no line with the code under test."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

PLACED = datetime(2026, 5, 1, 12, tzinfo=UTC)
KINDS = ["link", "link", "link", "coupon", "binding", "note", "topic"]
BUYER = 9


def random_receipt(random: Random) -> dict[str, Any]:
    touches = [_touch(random) for _number in range(random.randint(0, 7))]
    parts = [_part(random, number) for number in range(1, random.randint(2, 5))]
    return {
        "placed_at": PLACED.isoformat(),
        "currency": random.choice(["CNY", "TWD"]),
        "rules": _rules(random),
        "buyer": {
            "id": random.choice([BUYER, None]),
            "has_bought": random.random() < 0.3,
            "self_of": {str(pk): "same_card" for pk in (1, 2, 3) if random.random() < 0.1},
        },
        "touches": touches,
        "parts": parts,
        "events": _events(random, parts),
    }


def _rules(random: Random) -> dict[str, Any]:
    return {
        "rates": {"seat": random.randint(0, 10_000), "stock": random.randint(0, 10_000)},
        "window_days": random.choice([1, 7, 30, 365]),
        "first_touch": random.random() < 0.3,
        "new_customers_only": random.random() < 0.3,
        "offers": {"5": {"seat": random.randint(0, 10_000)}} if random.random() < 0.3 else {},
        "bonus": {"CNY": random.randint(0, 5000)} if random.random() < 0.3 else {},
        "vest_share": random.choice([0, 0, 5000, 3333]),
    }


def _touch(random: Random) -> dict[str, Any]:
    kind = random.choice(KINDS)
    days = 0 if kind in {"coupon", "topic"} else random.choice([random.uniform(-1, 40), 1, 7, 30])
    at = PLACED - timedelta(days=days)
    found = {
        "kind": kind,
        "referrer": random.choice([1, 2, 3, BUYER]),
        "at": at.isoformat(),
        "live": random.random() < 0.85,
        "barred": random.random() < 0.1,
    }
    if kind == "binding":
        found["bound_at"] = (at + timedelta(days=random.uniform(0, 40))).isoformat()
    return found


def _part(random: Random, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "kind": random.choice(["seat", "stock", "digital"]),
        "offer": random.choice([5, 6]),
        "net": random.randint(0, 90_000),
    }


def _events(random: Random, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    left = {part["id"]: part["net"] for part in parts}
    for _number in range(random.randint(0, 5)):
        part = random.choice(parts)["id"]
        net = random.randint(0, left[part])
        left[part] -= net
        events.append({"kind": "refund", "part": part, "net": net})
        if random.random() < 0.2:
            left[part] += net
            events.append({"kind": "refund", "part": part, "net": -net})
    if random.random() < 0.2:
        events.append({"kind": "decided", "accept": random.random() < 0.5})
    if random.random() < 0.3:
        events.append({"kind": "paid", "amount": random.randint(-500, 5000)})
    if random.random() < 0.1:
        events.append({"kind": "adjusted", "amount": random.randint(-500, 500)})
    return events


def may_win(receipt: dict[str, Any], touch: dict[str, Any]) -> bool:
    """Rules 1 to 5 as one condition."""
    at, rules, buyer = datetime.fromisoformat(touch["at"]), receipt["rules"], receipt["buyer"]
    placed = datetime.fromisoformat(receipt["placed_at"])
    window = timedelta(days=rules["window_days"])
    fresh = {
        "link": placed - at <= window,
        "note": placed - at <= window,
        "binding": datetime.fromisoformat(touch.get("bound_at", touch["at"])) - at <= window,
    }
    return (
        at <= placed
        and fresh.get(touch["kind"], True)
        and touch["live"]
        and not touch["barred"]
        and touch["referrer"] != buyer["id"]
        and not (rules["new_customers_only"] and buyer["has_bought"])
    )


def expected_winner(receipt: dict[str, Any]) -> int | None:
    """Tournament: each touch that may win against the best so far."""
    best: int | None = None
    for index, touch in enumerate(receipt["touches"]):
        if may_win(receipt, touch) and (best is None or _beats(receipt, touch, receipt["touches"][best])):
            best = index
    return best


def _beats(receipt: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> bool:
    place = {"coupon": 3, "binding": 1}
    mine, theirs = place.get(one["kind"], 2), place.get(other["kind"], 2)
    if mine != theirs:
        return mine > theirs
    first, second = datetime.fromisoformat(one["at"]), datetime.fromisoformat(other["at"])
    return first < second if receipt["rules"]["first_touch"] else first > second


def expected_part(receipt: dict[str, Any], part: dict[str, Any]) -> int:
    """floor(rate x net kept) in fractions."""
    rules = receipt["rules"]
    rate = rules["offers"].get(str(part["offer"]), {}).get(part["kind"], rules["rates"].get(part["kind"], 0))
    kept = part["net"] - sum(event["net"] for event in receipt["events"] if event.get("part") == part["id"])
    return int(Fraction(rate, 10_000) * kept // 1)
