"""A quiz in a lesson, and somebody who takes it through the pages as a browser does."""

import re
from typing import Any

from courses.flows import ChoiceDraft, QuestionDraft, QuizRules, create_quiz
from courses.models import Attempt, Lesson, LessonPage, Quiz

RIGHT = "Four strings"
CHORDS = [ChoiceDraft("C major", True), ChoiceDraft("A minor", True), ChoiceDraft("Spoon")]
STRINGS = [ChoiceDraft(RIGHT, True), ChoiceDraft("Six strings", feedback="A guitar!")]
QUESTIONS = [
    QuestionDraft("single", "How many strings?", choices=STRINGS, explanation="G, C, E and A."),
    QuestionDraft("multiple", "Which are chords?", choices=CHORDS),
    QuestionDraft("number", "Beats in a bar of 4/4?", answer="4"),
    QuestionDraft("text", "Learning in Chinese?", accepted=["學習"]),
    QuestionDraft("order", "From low to high", items=["C", "E", "G"]),
]


def put_quiz(lesson: Lesson, quiz: Quiz) -> None:
    """Into the lesson's published text."""
    page = LessonPage.objects.get(lesson=lesson)
    page.body = [*page.body.raw_data, {"type": "quiz", "value": quiz.pk}]
    page.save_revision().publish()


def make_quiz(lesson: Lesson, questions: Any = QUESTIONS, **rules: Any) -> Quiz:
    quiz = create_quiz(course=lesson.course, title="What is a ukulele?", questions=questions, rules=QuizRules(**rules))
    put_quiz(lesson, quiz)
    return quiz


class Taker:
    """Takes one quiz in one browser."""

    def __init__(self, client: Any, lesson: Lesson, quiz: Quiz) -> None:
        self.client, self.quiz = client, quiz
        self.path = f"/en/courses/{lesson.course.slug}/{lesson.slug}/quiz/{quiz.pk}/"

    def page(self) -> str:
        response = self.client.get(self.path)
        assert response.status_code == 200, response.status_code
        return str(response.content.decode())

    def begin(self) -> Attempt:
        assert self.client.post(f"{self.path}begin/").status_code == 302
        return Attempt.objects.filter(quiz=self.quiz).latest("pk")

    def send(self, attempt: Attempt, answers: dict[str, Any], *, to: str = "hand-in", **more: Any) -> Any:
        fields = {f"q-{ident}": value for ident, value in answers.items()}
        asked = [question["id"] for question in attempt.questions]
        return self.client.post(f"{self.path}{to}/", {"attempt": attempt.number, "asked": asked, **fields, **more})


def right_answers(attempt: Attempt) -> dict[str, Any]:
    """Every question answered rightly, from the row that only the server has."""
    answers: dict[str, Any] = {}
    for question in attempt.questions:
        if "choices" in question:
            answers[question["id"]] = [row["id"] for row in question["choices"] if row["right"]]
        elif "items" in question:
            answers[question["id"]] = [row["id"] for row in question["items"]]
        else:
            answers[question["id"]] = question.get("answer") or question["accepted"][0]
    return answers


def everything(attempt: Attempt, page: str) -> dict[str, Any]:
    """Every choice that the page offers, ticked."""
    return {question["id"]: re.findall(rf'name="q-{question["id"]}" value="([^"]+)"', page) for question in attempt.questions}
