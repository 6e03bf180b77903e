"""Thirty histories of an order and what they come to, worked out by hand.

Unless a history says otherwise: placed on 1 May 2026, a course of 449.00 at 30 % (134.70) and a kit of 150.00 at 5 %
(7.50), together 142.20; window 30 days; amounts in hundredths. `days` are days before the order. People: MEI, AN, KAI
refer; the buyer is number 9. The answer is (who is credited, state, course, kit, bonus, owed).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

PLACED = datetime(2026, 5, 1, 12, tzinfo=UTC)
MEI, AN, KAI, BUYER = 1, 2, 3, 9
COURSE, KIT = 11, 12
SECOND = 1 / 86400
Answer = tuple[int | None, str, int, int, int, int]


@dataclass(frozen=True)
class History:
    why: str
    answer: Answer
    touches: list[dict[str, Any]]
    rules: dict[str, Any] = field(default_factory=dict)
    buyer: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def receipt(self) -> dict[str, Any]:
        return {
            "placed_at": PLACED.isoformat(),
            "currency": "CNY",
            "rules": {"rates": {"seat": 3000, "stock": 500}, "window_days": 30, **self.rules},
            "buyer": {"id": BUYER, "has_bought": False, "self_of": {}, **self.buyer},
            "touches": self.touches,
            "parts": [
                {"id": COURSE, "kind": "seat", "offer": 5, "net": 44900},
                {"id": KIT, "kind": "stock", "offer": 5, "net": 15000},
            ],
            "events": self.events,
        }


def touch(kind: str, referrer: int, days: float, *, live: bool = True, barred: bool = False, bound: float = 0) -> dict[str, Any]:
    """`bound`: days before the order at which a binding was made."""
    found = {
        "kind": kind,
        "referrer": referrer,
        "at": (PLACED - timedelta(days=days)).isoformat(),
        "live": live,
        "barred": barred,
    }
    return found | {"bound_at": (PLACED - timedelta(days=bound)).isoformat()} if kind == "binding" else found


def refund(part: int, net: int) -> dict[str, Any]:
    return {"kind": "refund", "part": part, "net": net}


def decided(accept: bool) -> dict[str, Any]:
    return {"kind": "decided", "accept": accept}


def paid(amount: int) -> dict[str, Any]:
    return {"kind": "paid", "amount": amount}


FULL = (MEI, "credited", 13470, 750, 0, 14220)
NOBODY = (None, "none", 0, 0, 0, 0)

HISTORIES = {
    "a link of yesterday": History(
        "The only touch is alive and within the window. 44900 x 30 % = 13470, 15000 x 5 % = 750.", FULL, [touch("link", MEI, 1)]
    ),
    "two links": History(
        "Links: the latest counts, so the one of two days ago before the one of five.",
        FULL,
        [touch("link", AN, 5), touch("link", MEI, 2)],
    ),
    "two links, in the other order of the list": History(
        "The order in which touches are written down is no order in time.", FULL, [touch("link", MEI, 2), touch("link", AN, 5)]
    ),
    "two links, the first touch counts": History(
        "The programme chose first touch: five days ago comes before two.",
        FULL,
        [touch("link", MEI, 5), touch("link", AN, 2)],
        rules={"first_touch": True},
    ),
    "a coupon against a later link": History(
        "Coupon before link, however fresh the link is.", FULL, [touch("link", AN, 0.1), touch("coupon", MEI, 0)]
    ),
    "a coupon against an earlier link by first touch": History(
        "First touch chooses within a kind; a coupon still comes before links.",
        FULL,
        [touch("link", AN, 20), touch("coupon", MEI, 0)],
        rules={"first_touch": True},
    ),
    "a link against a binding": History(
        "Link before binding: the sign-up by An's link ten days ago yields to Mei's link of 29 days ago.",
        FULL,
        [touch("binding", AN, 10, bound=10), touch("link", MEI, 29)],
    ),
    "a binding outlives the window": History(
        "Bound on the very day of the click, 200 days ago: a window that ends does not undo a binding.",
        FULL,
        [touch("binding", MEI, 200, bound=200)],
    ),
    "a binding that came too late": History(
        "Clicked 100 days ago, signed up 60 days ago: 40 days lie between, more than the window of 30. Nothing binds.",
        NOBODY,
        [touch("binding", MEI, 100, bound=60)],
    ),
    "a binding on the last second": History(
        "Exactly 30 days between click and sign-up: the window is closed after them, not on them.",
        FULL,
        [touch("binding", MEI, 130, bound=100)],
    ),
    "a note against an earlier link": History(
        "Bought in Mei's note: it counts like a link, and as of the order itself, so later than An's.",
        FULL,
        [touch("link", AN, 0.5), touch("note", MEI, 0)],
    ),
    "a note against a coupon": History(
        "A coupon comes before a note as before a link.", FULL, [touch("note", AN, 0), touch("coupon", MEI, 0)]
    ),
    "a link on the last second of the window": History("30 days and no second: still within.", FULL, [touch("link", MEI, 30)]),
    "a link a second too old": History("30 days and a second: outside.", NOBODY, [touch("link", MEI, 30 + SECOND)]),
    "a shorter window": History(
        "The version frozen on the order says 7 days; the link is 8 days old.",
        NOBODY,
        [touch("link", MEI, 8)],
        {"window_days": 7},
    ),
    "a link followed after the order": History("It cannot have led to the order.", NOBODY, [touch("link", MEI, -1)]),
    "the agreement had ended": History(
        "Without a live agreement a link earns zero; An's older one is alive and wins: the same rates.",
        (AN, "credited", 13470, 750, 0, 14220),
        [touch("link", MEI, 1, live=False), touch("link", AN, 9)],
    ),
    "the teacher's own link": History(
        "Instructors of the course never earn on it, by link or coupon.",
        NOBODY,
        [touch("link", MEI, 1, barred=True), touch("coupon", MEI, 0, barred=True)],
    ),
    "new customers only, and he had bought before": History(
        "The option is on, and the buyer is no new customer.",
        NOBODY,
        [touch("link", MEI, 1)],
        {"new_customers_only": True},
        {"has_bought": True},
    ),
    "he had bought before, and that does not matter": History(
        "The option is off.", FULL, [touch("link", MEI, 1)], buyer={"has_bought": True}
    ),
    "the own link alone": History(
        "The buyer follows the own link: held and explained, counted as it would be, not paid before a reviewer decides.",
        (BUYER, "held_self", 13470, 750, 0, 14220),
        [touch("link", BUYER, 1)],
    ),
    "the own link after somebody else's": History(
        "The own link does not win; Mei's of five days ago is the latest valid one.",
        FULL,
        [touch("link", MEI, 5), touch("link", BUYER, 1)],
    ),
    "the same card, rejected": History(
        "Mei's card paid: held. The reviewer rejects it, and nothing is left.",
        (MEI, "rejected", 0, 0, 0, 0),
        [touch("link", MEI, 1)],
        buyer={"self_of": {"1": "same_card"}},
        events=[decided(False)],
    ),
    "the same address, credited after all": History(
        "Sisters share a door. Held, then credited: all of it.",
        FULL,
        [touch("link", MEI, 1)],
        buyer={"self_of": {"1": "same_address"}},
        events=[decided(True)],
    ),
    "the kit comes back": History(
        "The kit's 150.00 are given back: its 7.50 go. The course stays. 13470.",
        (MEI, "credited", 13470, 0, 0, 13470),
        [touch("link", MEI, 1)],
        events=[refund(KIT, 15000)],
    ),
    "three unequal refunds of the course": History(
        "Kept 44900 - 1 - 2 - 3 = 44894; 30 % is 13468.2, floored: 13468. 750 beside it: 14218.",
        (MEI, "credited", 13468, 750, 0, 14218),
        [touch("link", MEI, 1)],
        events=[refund(COURSE, 1), refund(COURSE, 2), refund(COURSE, 3)],
    ),
    "a refund that failed later": History(
        "The money never left: taken back, and given again.",
        FULL,
        [touch("link", MEI, 1)],
        events=[refund(COURSE, 44900), refund(COURSE, -44900)],
    ),
    "a dispute lost after the payout": History(
        "142.20 were paid out; the bank takes half of the course, 22450: 22450 x 30 % = 6735 is left of it. Earned 7485, "
        "paid 14220: 67.35 are owed to us, and the next payout absorbs them once.",
        (MEI, "credited", 6735, 750, 0, -6735),
        [touch("link", MEI, 1)],
        events=[paid(14220), refund(COURSE, 22450)],
    ),
    "a payout that came back": History(
        "Paid, and returned by the bank: all of it is owed again, once.",
        FULL,
        [touch("link", MEI, 1)],
        events=[paid(14220), paid(-14220)],
    ),
    "an offer's own rate, a bonus and a part on outcome": History(
        "The programme names 10 % for offer 5's course: 4490. Kit 5 %: 750. Bonus 5.00 an order, kept 44900 of 59900 after "
        "the kit came back: 500 x 44900 / 59900 = 374.79, floored 374. Together 4490 + 0 + 374 = 4864.",
        (MEI, "credited", 4490, 0, 374, 4864),
        [touch("link", MEI, 1)],
        {"offers": {"5": {"seat": 1000}}, "bonus": {"CNY": 500}, "vest_share": 5000},
        events=[refund(KIT, 15000)],
    ),
    "a note of three days before a link of five": History(
        "A note counts like a link: the latest of both.", FULL, [touch("link", AN, 5), touch("note", MEI, 3)]
    ),
    "a link of one day after a note of three": History(
        "A note counts like a link, not more: the link is later.", FULL, [touch("note", AN, 3), touch("link", MEI, 1)]
    ),
    "a note of exactly thirty days": History("The window's end belongs to it.", FULL, [touch("note", MEI, 30)]),
    "a note of thirty days and a second": History(
        "Outside of the window nobody earns.", NOBODY, [touch("note", MEI, 30 + SECOND)]
    ),
    "a note, first touch": History(
        "Where the first counts, the note of nine days comes before the link of two.",
        FULL,
        [touch("link", AN, 2), touch("note", MEI, 9)],
        rules={"first_touch": True},
    ),
    "a note and a binding": History(
        "A note comes before a binding, as a link does.", FULL, [touch("binding", AN, 20, bound=19), touch("note", MEI, 8)]
    ),
    "the buyer's own note": History(
        "Their own note earns nothing; held and explained, the course and kit are reckoned all the same.",
        (BUYER, "held_self", 13470, 750, 0, 14220),
        [touch("note", BUYER, 1)],
    ),
    "a note whose author left": History("No agreement in force: nothing.", NOBODY, [touch("note", MEI, 1, live=False)]),
}
