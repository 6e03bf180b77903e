"""What a quiz shows to whoever takes it. Right answers, explanations and words to choices come after handing in only."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from courses import grading
from courses.models import Attempt, Enrolment, Quiz
from kit.clock import now
from kit.prepared import Given, GivenAll, prepared


@dataclass(frozen=True)
class Standing:
    """Where a person stands with a quiz: the running attempt, the finished ones (newest first), attempts `left` (None:
    as many as one likes), the best percentage so far (None: none), and whether one attempt passed.
    """

    quiz: Quiz
    running: Attempt | None
    finished: list[Attempt]
    left: int | None
    best: int | None
    passed: bool


def standing(quiz: Quiz, tries: Collection[Attempt]) -> Standing:
    """Of one person's attempts at the quiz, newest first. One whose time is over counts as finished only once graded."""
    finished = [attempt for attempt in tries if attempt.finished_at is not None]
    running = next((attempt for attempt in tries if attempt.finished_at is None), None)
    best = max((percent_of(attempt) for attempt in finished), default=None)
    left = None if quiz.attempts is None else max(0, quiz.attempts - len(finished) - (running is not None))
    return Standing(quiz, running, finished, left, best, any(attempt.passed for attempt in finished))


def standings(user: Any, quizzes: Mapping[int, Quiz]) -> dict[int, Standing]:
    """The person's standing with each of these quizzes, by id. One query."""
    tries = _tries(user=user.pk, quizzes=list(quizzes)) if user.is_authenticated and quizzes else []
    return {pk: standing(quiz, [attempt for attempt in tries if attempt.quiz_id == pk]) for pk, quiz in quizzes.items()}


@prepared
def _tries() -> QuerySet[Attempt]:
    return Attempt.objects.filter(user=Given("user"), quiz__in=GivenAll("quizzes")).order_by("-number")


def quiz_passed(enrolment: Enrolment, quiz: Quiz) -> bool:
    """Whether an attempt of this seat's person passed, for certificates. A try as a member of the team does not count."""
    return Attempt.objects.filter(quiz=quiz, user=enrolment.user_id, enrolment__isnull=False, passed=True).exists()


def percent_of(attempt: Attempt) -> int:
    """The share earned of a finished attempt in whole percent, rounded down: 100 means everything."""
    return 100 * (attempt.earned or 0) // attempt.obtainable if attempt.obtainable else 0


def seconds_left(attempt: Attempt) -> int | None:
    """By the server's clock; None without a limit."""
    return None if attempt.deadline is None else max(0, int((attempt.deadline - now()).total_seconds()))


def asked(attempt: Attempt) -> list[dict[str, Any]]:
    """The questions of a running attempt with what was answered so far, and nothing that helps to answer them."""
    return [_asked(attempt, question) for question in attempt.questions]


def _asked(attempt: Attempt, question: Mapping[str, Any]) -> dict[str, Any]:
    given = attempt.answers.get(question["id"]) or ""
    shown = {name: question[name] for name in ("id", "kind", "text", "points")} | {"given": given}
    if "choices" in question:
        shown["choices"] = [{"id": row["id"], "text": row["text"], "chosen": row["id"] in given} for row in question["choices"]]
    if "items" in question:
        rows = sorted(question["items"], key=lambda row: hashlib.sha256(f"{attempt.pk}:{row['id']}".encode()).digest())
        # One list a place: [(item, whether it was put there)].
        places = range(len(rows))
        shown["places"] = [[(row, len(given) > place and given[place] == row["id"]) for row in rows] for place in places]
    return shown


def reveals(standing: Standing) -> bool:
    """Right answers are shown once no attempt can profit: one has passed, or none is left."""
    return standing.passed or (standing.left == 0 and standing.running is None)


def reviewed(attempt: Attempt, *, revealed: bool) -> list[dict[str, Any]]:
    """The questions of a finished attempt: what was answered and whether it was right; why, where something was answered;
    what would have been right only if `revealed`.
    """
    return [_reviewed(question, attempt.answers.get(question["id"]) or "", revealed) for question in attempt.questions]


def _reviewed(question: Mapping[str, Any], given: Any, revealed: bool) -> dict[str, Any]:
    share = grading.share(question, given)
    shown = {name: question[name] for name in ("id", "kind", "text", "points")}
    shown["state"] = "right" if share == 1 else "partly" if share else "wrong"
    shown["explanation"] = question["explanation"] if given or revealed else ""
    if "choices" in question:
        shown["choices"] = [_chosen(row, row["id"] in given, revealed) for row in question["choices"]]
        return shown
    names = {row["id"]: row["text"] for row in question.get("items", ())}
    shown["given"] = " → ".join(names[pk] for pk in given) if names else given
    shown["solution"] = _solution(question) if revealed else ""
    return shown


def _chosen(row: Mapping[str, Any], chosen: bool, revealed: bool) -> dict[str, Any]:
    return {
        "text": row["text"],
        "chosen": chosen,
        "right": row["right"] if revealed else None,
        "feedback": row["feedback"] if chosen else "",
    }


def _solution(question: Mapping[str, Any]) -> str:
    if "items" in question:
        return " → ".join(row["text"] for row in question["items"])
    if question["kind"] == grading.NUMBER:
        exact = question["tolerance"] in {"", "0"}
        return str(question["answer"]) if exact else f"{question['answer']} ± {question['tolerance']}"
    return " / ".join(question["accepted"])
