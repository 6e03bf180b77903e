"""How a class did in a quiz, question by question, for its teachers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation
from typing import Any

from courses import grading
from courses.models import Attempt, Quiz

FEWEST_FOR_DISCRIMINATION = 5


@dataclass(frozen=True)
class Item:
    """A question in numbers. `share` is the mean share of its points earned (the classical difficulty index, 0 to 1);
    `discrimination` the correlation of that share with the share of all other questions (corrected item-total
    correlation, Henrysson 1963), None for fewer than five learners or without spread; `trap` the wrong answer given
    most often with its count, or None.
    """

    ident: str
    text: str
    kind: str
    learners: int
    share: float
    discrimination: float | None
    trap: tuple[str, int] | None


@dataclass(frozen=True)
class Statistics:
    """First attempts of all learners: how many, how many passed, the mean percentage, and each question as it stands now."""

    learners: int
    passed: int
    mean: int
    items: list[Item]


def statistics_of(quiz: Quiz) -> Statistics:
    """From the first finished attempt of each learner (later ones know the questions). The team's tries do not count.

    One query. A question that was taken out of the quiz is left out; one that was edited keeps its earlier answers.
    """
    rows = list(Attempt.objects.filter(quiz=quiz, enrolment__isnull=False, finished_at__isnull=False, number=1).order_by("pk"))
    shares = [
        {question["id"]: float(grading.share(question, row.answers.get(question["id"]))) for question in row.questions}
        for row in rows
    ]
    mean = sum(100 * (row.earned or 0) / row.obtainable for row in rows if row.obtainable) / len(rows) if rows else 0
    items = [_item(block.id, block.value["text"], block.block_type, rows, shares) for block in quiz.questions]
    return Statistics(len(rows), sum(1 for row in rows if row.passed), round(mean), items)


def _item(ident: str, text: str, kind: str, rows: Sequence[Attempt], shares: Sequence[dict[str, float]]) -> Item:
    own = [share[ident] for share in shares if ident in share]
    rest = [sum(share.values()) - share[ident] for share in shares if ident in share]
    mean = sum(own) / len(own) if own else 0.0
    return Item(ident, text, kind, len(own), mean, _discrimination(own, rest), _trap(ident, rows))


def _discrimination(own: Sequence[float], rest: Sequence[float]) -> float | None:
    if len(own) < FEWEST_FOR_DISCRIMINATION:
        return None
    try:
        return round(correlation(own, rest), 2)
    except StatisticsError:  # everybody answered alike
        return None


def _trap(ident: str, rows: Sequence[Attempt]) -> tuple[str, int] | None:
    wrong: Counter[str] = Counter()
    for row in rows:
        question = next((question for question in row.questions if question["id"] == ident), None)
        given = row.answers.get(ident)
        if question is not None and given:
            wrong.update(_wrong_words(question, given))
    return wrong.most_common(1)[0] if wrong else None


def _wrong_words(question: Any, given: Any) -> list[str]:
    if "choices" in question:
        return [choice["text"] for choice in question["choices"] if choice["id"] in given and not choice["right"]]
    if grading.share(question, given) == 1:
        return []
    names = {item["id"]: item["text"] for item in question.get("items", ())}
    return [" → ".join(names[pk] for pk in given) if names else str(given)]
