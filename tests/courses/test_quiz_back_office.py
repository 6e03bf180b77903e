"""A teacher writes a quiz in /admin/ and puts it into a lesson; another's is not there."""

from typing import Any

import pytest

from courses.models import LessonPage, Quiz
from tests.courses.quiz_cast import QUESTIONS, make_quiz
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db


def form(course: Any, choices: list[tuple[str, bool]], kind: str = "single") -> dict[str, Any]:
    """The editor's form with one question."""
    fields: dict[str, Any] = {
        "course": course.pk, "title": "First steps", "pass_percent": 60, "attempts": "", "minutes": "", "shuffle": "on",
        "questions-count": 1, "questions-0-deleted": "", "questions-0-order": 0, "questions-0-type": kind, "questions-0-id": "",
        "questions-0-value-text": "How many strings?", "questions-0-value-points": 2, "questions-0-value-explanation": "Four.",
        "questions-0-value-choices-count": len(choices),
    }  # fmt: skip
    for number, (text, right) in enumerate(choices):
        place = f"questions-0-value-choices-{number}"
        fields |= {f"{place}-deleted": "", f"{place}-order": number, f"{place}-id": "", f"{place}-value-text": text}
        fields |= {f"{place}-value-feedback": ""} | ({f"{place}-value-right": "on"} if right else {})
    return fields


def test_a_teacher_writes_a_quiz(teacher: Any, client_of: Any) -> None:
    course = make_course(lessons=1, teacher=teacher)
    browser = client_of(teacher)
    assert browser.get("/admin/snippets/courses/quiz/add/").status_code == 200
    response = browser.post("/admin/snippets/courses/quiz/add/", form(course, [("Four", True), ("Six", False)]))
    assert response.status_code == 302, response.context["form"].errors
    quiz = Quiz.objects.get()
    assert (quiz.title, quiz.pass_percent, quiz.attempts) == ("First steps", 60, None)
    assert all(row.id for row in quiz.questions[0].value["choices"].bound_blocks)
    assert "First steps" in browser.get(f"/en/teach/courses/{course.slug}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "choices", "words"),
    [
        ("single", [("Four", True), ("Six", True)], "Mark exactly one choice as right."),
        ("single", [("Four", False), ("Six", False)], "Mark exactly one choice as right."),
        ("multiple", [("Four", True), ("4", True)], "leave at least one wrong"),
        ("multiple", [("Four", False), ("Six", False)], "Mark at least one choice as right"),
        ("single", [("Four", True), ("four ", False)], "Two choices say the same."),
    ],
)
def test_what_cannot_be_graded_is_refused_in_words(
    kind: str, choices: list[tuple[str, bool]], words: str, teacher: Any, client_of: Any
) -> None:
    teacher.language = "en"
    teacher.save()
    course = make_course(lessons=1, teacher=teacher)
    response = client_of(teacher).post("/admin/snippets/courses/quiz/add/", form(course, choices, kind))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Quiz.objects.exists()


def test_another_teachers_quiz_is_not_there(teacher: Any, teacher2: Any, client_of: Any) -> None:
    quiz = make_quiz(make_course(lessons=1, teacher=teacher).lessons.get(), QUESTIONS)
    quiz.title = "Hidden words"
    quiz.save()
    browser, place = client_of(teacher2), "/admin/snippets/courses/quiz"
    for path in (f"{place}/", "/admin/snippets/choose/courses/quiz/", "/admin/snippets/choose/courses/quiz/results/?q=Hidden"):
        assert "Hidden words" not in browser.get(path).content.decode()
    for view in ("edit", "usage", "history", "delete"):
        assert browser.get(f"{place}/{view}/{quiz.pk}/").status_code in (302, 404)
    assert browser.get(f"/admin/snippets/choose/courses/quiz/chosen/{quiz.pk}/").status_code == 404
    assert "Hidden words" not in str(browser.get(f"/admin/snippets/choose/courses/quiz/chosen-multiple/?id={quiz.pk}").content)
    assert client_of(make_user()).get(f"{place}/").status_code in (302, 403, 404)
    mine = client_of(teacher).get("/admin/snippets/choose/courses/quiz/").content.decode()
    assert "Hidden words" in mine
    stolen = form(quiz.course, [("Four", True), ("Six", False)])
    browser.post(f"{place}/add/", stolen)
    assert Quiz.objects.count() == 1


def test_the_lesson_editor_offers_the_block(teacher: Any, client_of: Any) -> None:
    quiz = make_quiz(make_course(lessons=1, teacher=teacher).lessons.get(), QUESTIONS)
    page = LessonPage.objects.get(lesson__course=quiz.course)
    response = client_of(teacher).get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    assert "What is a ukulele?" in response.content.decode()
