"""What an answer is worth. Nothing is passed by ticking everything, and nobody loses by the order of ticks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import grading
from courses.grading import decimal_of, has_passed, score, share, sound


def choices(kind: str, rights: str, wrongs: str, points: int = 1) -> dict[str, Any]:
    rows = [{"id": ident, "text": ident, "right": ident in rights, "feedback": ""} for ident in rights + wrongs]
    return {"id": f"{kind}-{rights}-{wrongs}", "kind": kind, "text": "?", "points": points, "choices": rows, "explanation": ""}


NUMBER = {"id": "n", "kind": "number", "points": 2, "answer": "3.5", "tolerance": "0.1"}
TEXT = {"id": "t", "kind": "text", "points": 1, "accepted": ["學習", "C major"]}
ORDER = {"id": "o", "kind": "order", "points": 3, "items": [{"id": ident, "text": ident} for ident in "abc"]}


@pytest.mark.parametrize(
    ("ticked", "worth"), [("a", 0.5), ("ab", 1), ("abc", 0.5), ("abcd", 0), ("ac", 0), ("c", 0), ("", 0), ("acd", 0)]
)
def test_a_wrong_tick_costs_its_part_of_the_wrongs(ticked: str, worth: float) -> None:
    assert share(choices("multiple", "ab", "cd"), list(ticked)) == worth


RIGHT_NUMBERS = ["3.5", "3,5", "３．５", "3.6", "3.4", " 3.5 ", "35e-1", "+3.5"]
WRONG_NUMBERS = ["3.61", "3.39", "", "about 3.5", "nan", "inf", "1e999999999", "3.5.5", "−3.5"]


@pytest.mark.parametrize(("written", "worth"), [*((n, 1) for n in RIGHT_NUMBERS), *((n, 0) for n in WRONG_NUMBERS)])
def test_a_number_within_its_tolerance_is_right_however_it_is_written(written: str, worth: int) -> None:
    assert share(NUMBER, written) == worth


@pytest.mark.parametrize(
    ("written", "value"), [("1,200", 1200), ("1,200,000.5", 1200000.5), ("12,5", 12.5), ("−2", -2), ("1 200", 1200)]
)
def test_thousands_and_decimal_commas_are_told_apart(written: str, value: float) -> None:
    assert decimal_of(written) == value


@pytest.mark.parametrize(
    ("written", "worth"),
    [
        ("学习", 1),
        ("學習", 1),
        (" 學習。", 1),
        ("c MAJOR", 1),
        ("Ｃ　ｍａｊｏｒ", 1),
        ("C  major!", 1),
        ("C", 0),
        ("習學", 0),
        ("", 0),
    ],
)
def test_short_text_folds_width_case_script_and_marks_at_its_ends(written: str, worth: int) -> None:
    assert share(TEXT, written) == worth


def test_marks_that_carry_meaning_are_kept() -> None:
    question = {"id": "t", "kind": "text", "points": 1, "accepted": ["C#"]}
    assert share(question, "c#") == 1
    assert share(question, "C") == 0


@pytest.mark.parametrize(("order", "worth"), [("abc", 1), ("acb", 0), ("ab", 0), ("", 0)])
def test_an_order_is_right_as_a_whole(order: str, worth: int) -> None:
    assert share(ORDER, list(order)) == worth


@pytest.mark.parametrize(
    ("question", "values", "kept"),
    [
        (choices("single", "a", "bc"), ["a", "b"], []),
        (choices("single", "a", "bc"), ["a", "a"], []),
        (choices("single", "a", "bc"), ["z"], []),
        (choices("single", "a", "bc"), ["a"], ["a"]),
        (choices("multiple", "ab", "c"), ["b", "z", "b", "a"], ["a", "b"]),
        (ORDER, ["a", "b", "b"], []),
        (ORDER, ["a", "b", "z"], []),
        (ORDER, ["c", "b", "a"], ["c", "b", "a"]),
        (TEXT, [], ""),
        (TEXT, ["x" * 9999], "x" * 500),
        (NUMBER, ["\u202e5", "6"], "5"),
    ],
)
def test_a_form_that_somebody_edited_answers_no_more_than_the_question_offers(
    question: dict[str, Any], values: list[str], kept: Any
) -> None:
    assert sound(question, values) == kept


multiples = st.builds(
    lambda rights, wrongs, points: choices("multiple", "abcdefgh"[:rights], "stuvwxyz"[:wrongs], points),
    st.integers(1, 8),
    st.integers(1, 8),
    st.integers(1, 100),
)


@settings(max_examples=200, deadline=None)
@given(multiples, st.data())
def test_a_share_lies_between_nothing_and_all_whatever_the_order_of_ticks(question: dict[str, Any], data: Any) -> None:
    idents = [row["id"] for row in question["choices"]]
    ticked = data.draw(st.lists(st.sampled_from(idents), unique=True))
    worth = share(question, sound(question, ticked))
    assert 0 <= worth <= 1
    assert worth == share(question, sound(question, data.draw(st.permutations(ticked))))
    assert (worth == 1) == (set(ticked) == {row["id"] for row in question["choices"] if row["right"]})


@settings(max_examples=100, deadline=None)
@given(st.lists(multiples, min_size=1, max_size=6), st.integers(1, 100))
def test_ticking_everything_earns_nothing(questions: list[dict[str, Any]], mark: int) -> None:
    questions = [{**question, "id": str(number)} for number, question in enumerate(questions)]
    everything = {question["id"]: [row["id"] for row in question["choices"]] for question in questions}
    earned, obtainable = score(questions, everything)
    assert earned == 0
    assert not has_passed(earned, obtainable, mark)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_a_question(words: str) -> None:
    for question in (NUMBER, TEXT, ORDER, choices("single", "a", "b"), choices("multiple", "a", "b")):
        assert share(question, sound(question, [words])) in (0, 1)


def test_the_mark_is_reached_exactly_or_not() -> None:
    assert has_passed(400, 500, 80)
    assert not has_passed(399, 500, 80)
    assert not has_passed(0, 0, 1)
    assert grading.score([NUMBER, TEXT], {"n": "3.5"}) == (200, 300)
