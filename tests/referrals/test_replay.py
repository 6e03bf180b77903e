"""The replay: thirty histories by hand, ten thousand at random, and the script that stands alone."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from shop.referrals.replay import amounts, decide, differences, replay
from tests.profile import size
from tests.referrals.by_hand import COURSE, HISTORIES, KIT, History, touch
from tests.referrals.histories import expected_part, expected_winner, random_receipt

SCRIPT = Path(__file__).parents[2] / "shop" / "referrals" / "replay.py"
RANDOM = size(1_000, 10_000)


def answer_of(receipt: dict[str, Any]) -> tuple[int | None, str, int, int, int, int]:
    found = replay(receipt)
    credited, earned = found["decision"]["credited"], found["earned"]
    referrer = None if credited is None else receipt["touches"][credited]["referrer"]
    parts = earned["parts"]
    return referrer, earned["state"], parts[str(COURSE)], parts[str(KIT)], earned["bonus"], earned["owed"]


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_comes_to_what_was_worked_out_by_hand(name: str) -> None:
    history: History = HISTORIES[name]
    assert answer_of(history.receipt()) == history.answer, history.why


def test_there_are_thirty_of_them_and_eight_with_notes() -> None:
    assert len(HISTORIES) == 38


@pytest.fixture(scope="module")
def receipts() -> list[dict[str, Any]]:
    random = Random(20260501)
    return [random_receipt(random) for _number in range(RANDOM)]


def test_random_histories_are_decided_as_a_second_opinion_has_it(receipts: list[dict[str, Any]]) -> None:
    decided = 0
    for receipt in receipts:
        found = decide(receipt)
        assert found["winner"] == expected_winner(receipt), receipt
        assert found["verdicts"].count("won") == (found["winner"] is not None)
        if found["winner"] is not None:
            referrer = receipt["touches"][found["winner"]]["referrer"]
            assert found["held"] == receipt["buyer"]["self_of"].get(str(referrer), ""), "a sign of a self-purchase holds"
        decided += found["winner"] is not None
    assert decided > RANDOM // 4


def test_random_histories_earn_the_floor_of_what_is_kept(receipts: list[dict[str, Any]]) -> None:
    for receipt in receipts:
        earned = amounts(receipt)
        earns = earned["state"] in {"credited", "held_self"}
        for part in receipt["parts"]:
            ident = str(part["id"])
            assert earned["parts"][ident] == (expected_part(receipt, part) if earns else 0), receipt
            assert earned["later"][ident] == earned["parts"][ident] * receipt["rules"]["vest_share"] // 10_000
        paid = sum(event["amount"] for event in receipt["events"] if event["kind"] == "paid")
        assert earned["total"] == sum(earned["parts"].values()) + earned["bonus"] + earned["adjusted"]
        assert earned["owed"] == earned["total"] - paid


def test_random_histories_do_not_depend_on_the_order_in_which_touches_and_events_are_written(
    receipts: list[dict[str, Any]],
) -> None:
    random = Random(7)
    for receipt in receipts:
        order = list(range(len(receipt["touches"])))
        random.shuffle(order)
        touches = [receipt["touches"][index] for index in order]
        first, second = decide(receipt)["winner"], decide({**receipt, "touches": touches})["winner"]
        assert (first is None) == (second is None)
        if first is not None and second is not None:  # two touches of one moment are equals: the first that is written wins
            assert _weight(receipt["touches"][first]) == _weight(touches[second])
        refunds = [event for event in receipt["events"] if event["kind"] == "refund"]
        others = [event for event in receipt["events"] if event["kind"] != "refund"]
        assert amounts({**receipt, "events": refunds[::-1] + others}) == amounts(receipt)


def _weight(touch: dict[str, Any]) -> tuple[bool, bool, str]:
    return touch["kind"] == "coupon", touch["kind"] == "binding", touch["at"]


def test_a_touch_that_lost_changes_nothing_by_its_absence(receipts: list[dict[str, Any]]) -> None:
    for receipt in receipts:
        winner = decide(receipt)["winner"]
        if winner is not None:
            alone = {**receipt, "touches": [receipt["touches"][winner]]}
            assert decide(alone)["winner"] == 0
            assert amounts(alone) == amounts(receipt)


def test_the_standalone_script_gives_the_same_answers_by_the_standard_library_alone(receipts: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(receipt) + "\n" for receipt in receipts)
    # -I and -S: neither the project nor any installed package can be imported.
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--lines"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, cwd="/")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [json.loads(json.dumps(replay(receipt))) for receipt in receipts]


@pytest.mark.parametrize(("changed", "code"), [(False, 0), (True, 1)])
def test_the_standalone_script_says_whether_the_receipt_is_right(changed: bool, code: int, tmp_path: Path) -> None:
    receipt = HISTORIES["two links"].receipt()
    receipt |= replay(receipt)
    if changed:
        receipt["earned"]["parts"][str(COURSE)] += 1
    assert bool(differences(receipt)) is changed
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt))
    done = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert json.loads(done.stdout) == json.loads(json.dumps(replay(receipt)))


def test_a_receipt_of_an_older_version_of_the_rules_replays() -> None:
    receipt = HISTORIES["a link of yesterday"].receipt()
    receipt["rules"] = {"rates": {"seat": 3000, "stock": 500}, "window_days": 30, "first_touch": False}
    del receipt["events"], receipt["buyer"]["self_of"]
    receipt["touches"] = [touch("place", 1, 0)]
    assert amounts(receipt)["total"] == 14220
