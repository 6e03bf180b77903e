"""What an answer is worth: pure rules over a frozen question, no database.

A frozen question is a plain dict: `id`, `kind`, `text`, `points` (whole, at least 1), `explanation`, and by kind
`choices` [{id, text, right, feedback}] (single, multiple), `items` [{id, text}] in the right order (order),
`answer` and `tolerance` as decimal text (number), `accepted` [text] (text).

A given answer is a list of choice ids (single: at most one), a list of item ids (order) or a text (number, text).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kit.text import fold, strip_controls

Question = Mapping[str, Any]
Given = list[str] | str
SINGLE, MULTIPLE, NUMBER, TEXT, ORDER = "single", "multiple", "number", "text", "order"
LONGEST = 500
_PLAIN = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_ENDS = " .,;:!?\"'。、「」『』“”‘’"
NOTHING = Fraction(0)


def decimal_of(text: str) -> Decimal | None:
    """A number as people write it: ３．５, 3,5 (a decimal comma), 1,200 (thousands), −2, 1e3; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").lower()
    plain = re.sub(r"\s", "", plain)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return Decimal(plain) if _PLAIN.fullmatch(plain) else None


def same_words(one: str) -> str:
    """What is compared of a short text: width, case, Traditional or Simplified, spaces and marks at its ends do not count."""
    return " ".join(fold(one).split()).strip(_ENDS)


def sound(question: Question, values: Sequence[str]) -> Given:
    """The answer among the values that a form sent: what the question does not offer is not there. Never raises.

    Several ticks in a single choice are no answer, and neither is an order that is not one of all its items.
    """
    if question["kind"] in (NUMBER, TEXT):
        return strip_controls(values[0])[:LONGEST].strip() if values else ""
    offered = [row["id"] for row in question["items" if question["kind"] == ORDER else "choices"]]
    known = [value for value in dict.fromkeys(values) if value in offered]
    if question["kind"] == SINGLE:
        return known if len(known) == 1 == len(values) else []
    if question["kind"] == ORDER:
        return known if len(known) == len(offered) == len(values) else []
    return [choice for choice in offered if choice in known]


def share(question: Question, given: Given | None) -> Fraction:
    """How much of the question's points the answer earns, 0 to 1.

    Multiple choice: each right tick earns its part of the rights, each wrong tick costs its part of the wrongs, never
    below 0; ticking all earns 0. (Moodle's "All-or-nothing" is harsher; its fractions of −100 % over the wrongs are this.)
    """
    if not given:
        return NOTHING
    rule = {SINGLE: _single, MULTIPLE: _multiple, NUMBER: _number, TEXT: _text, ORDER: _order}[question["kind"]]
    return rule(question, given)


def _single(question: Question, given: Given) -> Fraction:
    return Fraction(list(given) == [choice["id"] for choice in question["choices"] if choice["right"]])


def _multiple(question: Question, given: Given) -> Fraction:
    rights = {choice["id"] for choice in question["choices"] if choice["right"]}
    wrongs = {choice["id"] for choice in question["choices"] if not choice["right"]}
    ticked = set(given)
    return max(NOTHING, Fraction(len(ticked & rights), len(rights)) - Fraction(len(ticked & wrongs), len(wrongs)))


def _number(question: Question, given: Given) -> Fraction:
    number = decimal_of(str(given))
    return Fraction(number is not None and abs(number - Decimal(question["answer"])) <= Decimal(question["tolerance"]))


def _text(question: Question, given: Given) -> Fraction:
    return Fraction(same_words(str(given)) in {same_words(words) for words in question["accepted"]})


def _order(question: Question, given: Given) -> Fraction:
    return Fraction(list(given) == [item["id"] for item in question["items"]])


def score(questions: Sequence[Question], answers: Mapping[str, Given]) -> tuple[int, int]:
    """Hundredths of points earned and obtainable. Parts of a hundredth are not earned."""
    earned = sum((share(question, answers.get(question["id"])) * question["points"] for question in questions), NOTHING)
    return int(earned * 100), 100 * sum(question["points"] for question in questions)


def has_passed(earned: int, obtainable: int, pass_percent: int) -> bool:
    """Whether the share earned reaches the mark."""
    return obtainable > 0 and earned * 100 >= pass_percent * obtainable
