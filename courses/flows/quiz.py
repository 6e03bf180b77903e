"""Quizzes: written from drafts (an import, the demo), begun, answered, handed in. Graded and timed here alone."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses import grading
from courses.flows.certificate import issue_certificate
from courses.models import Attempt, Course, Enrolment, Quiz
from kit.clock import now
from kit.locks import lock_rows

# What a slow network may take between the last second and the server; nothing is earned in it that the clock shows.
GRACE = timedelta(seconds=15)
_dice = random.SystemRandom()


@dataclass(frozen=True)
class ChoiceDraft:
    """A choice of a single or multiple choice question; `feedback` is told to whoever chose it, after handing in."""

    text: str
    right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class QuestionDraft:
    """A question to be made. `kind` is one of `courses.grading`'s: single, multiple (with `choices`), number (`answer`,
    `tolerance` as decimal text), text (`accepted` answers), order (`items` in the right order). Plain text throughout.
    """

    kind: str
    text: str
    choices: Sequence[ChoiceDraft] = ()
    answer: str = ""
    tolerance: str = "0"
    accepted: Sequence[str] = ()
    items: Sequence[str] = ()
    points: int = 1
    explanation: str = ""


class QuizRefused(Exception):
    """The draft is no quiz: `faults` are sentences for people, each with the number of its question; `numbers` the same
    numbers from 1, empty where the fault is the whole quiz's.
    """

    def __init__(self, faults: Sequence[str], numbers: Sequence[int] = ()) -> None:
        super().__init__(" ".join(faults))
        self.faults, self.numbers = list(faults), list(numbers)


class NoAttemptLeft(Exception):
    """Every attempt is used up."""


@dataclass(frozen=True)
class QuizRules:
    """How a quiz is taken: pass mark in percent, attempts and minutes (None: without limit), shuffled or as written."""

    pass_percent: int = 80
    attempts: int | None = None
    minutes: int | None = None
    shuffle: bool = True


def create_quiz(*, course: Course, title: str, questions: Sequence[QuestionDraft], rules: QuizRules = QuizRules()) -> Quiz:
    """A quiz of the course. Raises QuizRefused where the page editor would refuse it, too; then nothing is stored."""
    quiz = Quiz(
        course=course,
        title=title.strip()[:160],
        questions=[_raw(draft) for draft in questions],
        pass_percent=rules.pass_percent,
        attempts=rules.attempts,
        minutes=rules.minutes,
        shuffle=rules.shuffle,
        created_at=now(),
    )
    try:
        quiz.questions = quiz.questions.stream_block.clean(quiz.questions)
    except StreamBlockValidationError as error:
        raise QuizRefused(_faults_of(error), [number + 1 for number in error.block_errors or ()]) from error
    quiz.save()
    return quiz


def _faults_of(error: StreamBlockValidationError) -> list[str]:
    found = [f"{number + 1}: {' '.join(_sentences(fault))}" for number, fault in (error.block_errors or {}).items()]
    return found or [" ".join(error.messages)]


def _sentences(error: Any) -> list[str]:
    inner = getattr(error, "block_errors", None)
    rows = inner.values() if isinstance(inner, Mapping) else inner or []
    found = [sentence for row in rows if row is not None for sentence in _sentences(row)]
    if found:
        return found
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]


def _raw(draft: QuestionDraft) -> dict[str, Any]:
    value: dict[str, Any] = {"text": draft.text.strip(), "points": draft.points, "explanation": draft.explanation.strip()}
    if draft.kind in (grading.SINGLE, grading.MULTIPLE):
        value["choices"] = [_item({"text": row.text, "right": row.right, "feedback": row.feedback}) for row in draft.choices]
    elif draft.kind == grading.NUMBER:
        value |= {"answer": draft.answer, "tolerance": draft.tolerance}
    elif draft.kind == grading.TEXT:
        value["accepted"] = [_item(words) for words in draft.accepted]
    elif draft.kind == grading.ORDER:
        value["items"] = [_item(words) for words in draft.items]
    else:
        raise ValueError(f"no such kind of question: {draft.kind}")
    return {"type": draft.kind, "id": str(uuid.uuid4()), "value": value}


def _item(value: Any) -> dict[str, Any]:
    return {"type": "item", "id": str(uuid.uuid4()), "value": value}


def frozen(quiz: Quiz) -> list[dict[str, Any]]:
    """The questions as `courses.grading` takes them, in the order they are written."""
    return [_frozen_question(block) for block in quiz.questions]


def _frozen_question(block: Any) -> dict[str, Any]:
    value, kind = block.value, block.block_type
    question = {"id": block.id, "kind": kind, **{name: value[name] for name in ("text", "points", "explanation")}}
    if kind in (grading.SINGLE, grading.MULTIPLE):
        question["choices"] = [{"id": row.id, **row.value} for row in value["choices"].bound_blocks]
    elif kind == grading.NUMBER:
        question |= {"answer": value["answer"], "tolerance": value["tolerance"]}
    elif kind == grading.TEXT:
        question["accepted"] = list(value["accepted"])
    else:
        question["items"] = [{"id": row.id, "text": row.value} for row in value["items"].bound_blocks]
    return question


@transaction.atomic
def begin_attempt(*, quiz: Quiz, user: Any, enrolment: Enrolment | None) -> Attempt:
    """The person's running attempt, or a new one. Raises NoAttemptLeft.

    The person's row is the lock: two tabs and a double click begin one attempt between them.
    """
    lock_rows(get_user_model().objects.all(), [user.pk])
    own = Attempt.objects.filter(quiz=quiz, user=user)
    running = own.filter(finished_at=None).first()
    if running is not None and not _is_over(running):
        return running
    if running is not None:
        _finish(running)
    used = own.count()
    if quiz.attempts is not None and enrolment is not None and used >= quiz.attempts:
        raise NoAttemptLeft
    questions = frozen(quiz)
    moment = now()
    return Attempt.objects.create(
        quiz=quiz,
        user=user,
        enrolment=enrolment,
        number=used + 1,
        questions=_shuffled(questions) if quiz.shuffle else questions,
        pass_percent=quiz.pass_percent,
        obtainable=grading.score(questions, {})[1],
        started_at=moment,
        deadline=moment + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
    )


def _shuffled(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Questions and choices in a new order; the items of an order question keep theirs, which is the answer."""
    mixed = [
        {**question, "choices": _dice.sample(question["choices"], len(question["choices"]))}
        if "choices" in question
        else question
        for question in questions
    ]
    return _dice.sample(mixed, len(mixed))


@transaction.atomic
def save_answers(*, attempt: Attempt, given: Mapping[str, Sequence[str]]) -> bool:
    """Keep what was answered so far: `given` maps question ids to the values of a form. False where it is too late.

    A question that the form did not hold keeps its answer; unknown ids and choices count for nothing.
    """
    attempt = _locked(attempt.pk)
    if attempt.finished_at is not None or _is_over(attempt):
        return False
    _merge(attempt, given)
    attempt.save(update_fields=["answers"])
    return True


@transaction.atomic
def hand_in(*, attempt: Attempt, given: Mapping[str, Sequence[str]]) -> Attempt:
    """Grade the attempt. Handed in again it stays as it was; after its time only what was saved before counts."""
    attempt = _locked(attempt.pk)
    if attempt.finished_at is not None:
        return attempt
    if not _is_over(attempt):
        _merge(attempt, given)
    return _finish(attempt)


def finish_overdue_attempts() -> int:
    """Grade what nobody handed in, from what was saved in time. Returns how many."""
    overdue = Attempt.objects.filter(finished_at=None, deadline__lt=now() - GRACE).order_by("pk").values_list("pk", flat=True)
    for pk in list(overdue):
        with transaction.atomic():
            attempt = _locked(pk)
            if attempt.finished_at is None:
                _finish(attempt)
    return len(overdue)


def _locked(pk: int) -> Attempt:
    return lock_rows(Attempt.objects.all(), [pk])[pk]


def _is_over(attempt: Attempt) -> bool:
    return attempt.deadline is not None and now() > attempt.deadline + GRACE


def _merge(attempt: Attempt, given: Mapping[str, Sequence[str]]) -> None:
    for question in attempt.questions:
        if question["id"] in given:
            attempt.answers[question["id"]] = grading.sound(question, given[question["id"]])


def _finish(attempt: Attempt) -> Attempt:
    attempt.earned, attempt.obtainable = grading.score(attempt.questions, attempt.answers)
    attempt.passed = grading.has_passed(attempt.earned, attempt.obtainable, attempt.pass_percent)
    attempt.finished_at = now()
    attempt.save(update_fields=["answers", "earned", "obtainable", "passed", "finished_at"])
    if attempt.passed and attempt.enrolment is not None:
        issue_certificate(enrolment=attempt.enrolment)
    return attempt
