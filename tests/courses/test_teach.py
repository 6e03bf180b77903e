"""/teach/: the workspace of who answers for a course, and of nobody else."""

from typing import Any

import pytest
from django.test import Client

from community.flows import open_topic, reply
from community.models import Space
from courses.flows import add_to_team, submit_homework
from courses.models import Assignment, Lesson, LessonPage
from tests.courses_growth import grow, queries
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=2, homework_on=1, title="Strings"), name="Spring class")


def addresses(cohort: Any) -> list[str]:
    course = cohort.course
    lesson = course.lessons.first()
    return [f"/teach/classes/{cohort.slug}/", f"/teach/courses/{course.slug}/", f"/teach/courses/{course.slug}/{lesson.pk}/"]


def test_visitors_sign_in_and_students_find_nothing(cohort: Any, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    for path in ["/teach/", "/teach/homework/", "/teach/questions/", *addresses(cohort)]:
        assert Client().get(path).headers["Location"] == f"/accounts/login/?next={path}"
        assert client_of(student).get(path).status_code == 404
        assert client_of(student).post(path).status_code in {404, 405}


def test_another_teacher_meets_the_same_404_as_for_what_is_missing(cohort: Any, teacher2: Any, client_of: Any) -> None:
    browser = client_of(teacher2)
    assert "Spring class" not in browser.get("/teach/").content.decode()
    for path in addresses(cohort):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"titles": "Mine now", "day": 1, "minutes": 1, "publish": "yes"}).status_code in {404, 405}
    assert browser.post(f"/teach/classes/{cohort.slug}/move/").status_code == 404
    assert browser.get("/teach/classes/nothing/").status_code == 404
    assert cohort.course.lessons.count() == 2


def test_another_teacher_of_the_team_and_the_owner_may(cohort: Any, owner: Any, client_of: Any) -> None:
    helper = make_user()
    add_to_team(course=cohort.course, user=helper, role="teacher")
    for person in (helper, owner):
        assert "Spring class" in client_of(person).get("/teach/").content.decode()
        assert all(client_of(person).get(path).status_code == 200 for path in addresses(cohort))


def test_titles_become_draft_lessons_and_publishing_opens_them(cohort: Any, teacher: Any, client_of: Any) -> None:
    browser, path = client_of(teacher), f"/teach/courses/{cohort.course.slug}/"
    assert browser.post(path, {"titles": "Third evening\n\n  Fourth evening \n"}).status_code == 302
    made = Lesson.objects.filter(course=cohort.course, position__gt=2)
    assert [row.title for row in made] == ["Third evening", "Fourth evening"]
    assert not LessonPage.objects.filter(lesson__in=made, live=True).exists()
    browser.post(path, {"publish": "yes"})
    assert LessonPage.objects.filter(lesson__in=made, live=True).count() == 2


def test_the_facts_of_a_lesson_are_changed_beside_its_text(cohort: Any, teacher: Any, client_of: Any) -> None:
    lesson = cohort.course.lessons.get(slug="day-2")
    path = f"/teach/courses/{cohort.course.slug}/{lesson.pk}/"
    client_of(teacher).post(path, {"day": 5, "minutes": 20, "is_preview": "on", "homework": "Sing."})
    lesson.refresh_from_db()
    assert (lesson.day, lesson.minutes, lesson.is_preview, lesson.assignment.prompt) == (5, 20, True, "Sing.")
    client_of(teacher).post(path, {"day": 0, "minutes": 20, "homework": ""})
    assert Assignment.objects.filter(lesson=lesson).exists()


def test_a_question_waits_until_somebody_answers(cohort: Any, teacher: Any, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    space = Space.objects.get(about=cohort.seat_ref)
    topic = open_topic(author=student, space=space, kind="question", title="Why nylon?", source="?", key="q")
    assert "Why nylon?" in client_of(teacher).get("/teach/questions/").content.decode()
    other = make_user()
    enrol(other, cohort)
    reply(author=other, topic=topic, source="I wonder, too.", key="o")
    assert "Why nylon?" in client_of(teacher).get("/teach/questions/").content.decode()
    reply(author=teacher, topic=topic, source="So.", key="a")
    assert "Why nylon?" not in client_of(teacher).get("/teach/questions/").content.decode()


def test_the_workspace_asks_the_same_queries_for_a_crowd(cohort: Any, teacher: Any, student: Any, client_of: Any) -> None:
    seat = enrol(student, cohort)
    submit_homework(enrolment=seat, assignment=Assignment.objects.get(lesson__course=cohort.course), text="Here")
    browser = client_of(teacher)
    paths = ["/teach/", "/teach/homework/", *addresses(cohort)]
    few = [queries(browser, path) for path in paths]
    grow(cohort, lessons=100, cohorts=1000, people=1000)
    assert [queries(browser, path) for path in paths] == few
    assert max(few) <= 20
