"""The faults that the shop must survive are numbered 1 to 25; the tests of each bear its number, wherever they live.

1 the same event twice · 2 two events, one payment · 3 refund told before payment · 4 unknown object · 5 the last piece
6 two lines, one piece · 7 seat without instrument · 8 paid too late · 9 release against payment · 10 page expired
11 completed, unpaid · 12 delayed and failed · 13 another amount · 14 minor units · 15 two refunds at once
16 refund unanswered · 17 refund failed later · 18 three thirds · 19 own link, own card · 20 refund and commission
21 payout failed · 22 dispute · 23 crash between call and commit · 24 Stripe hangs · 25 the kit alone returned
"""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]


def test_every_fault_from_one_to_twenty_five_has_a_test_that_bears_its_number() -> None:
    named = {
        int(number) for path in TESTS.rglob("test_*.py") for number in re.findall(r"def test_fault_(\d\d)_", path.read_text())
    }
    assert named == set(range(1, 26))
