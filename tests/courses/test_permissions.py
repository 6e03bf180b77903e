"""The permission table, cell by cell, through the pages: every role tries every action; what it may not do is not there (404)."""

from typing import Any

import pytest

from community.models import Membership, Space
from courses.flows import add_to_team, check_in, remove_from_team, submit_homework
from courses.models import Assignment, LessonPage, TeamMember
from courses.permissions import TABLE, Can, actions_of, taught_courses
from kit.models import AuditEntry
from tests.factories import enrol, make_cohort, make_course, make_offer, make_user

pytestmark = pytest.mark.django_db
ROLES = list(TABLE)


@pytest.fixture
def cohort(teacher: Any) -> Any:
    """Of a course that is sold: what opens the next class copies its offer."""
    cohort = make_cohort(course=make_course(lessons=2, homework_on=1, preview_first=False), name="Spring class")
    make_offer(cohort=cohort)
    return cohort


@pytest.fixture
def seat(cohort: Any, student: Any) -> Any:
    return enrol(student, cohort)


def member(cohort: Any, role: str) -> Any:
    person = make_user()
    add_to_team(course=cohort.course, user=person, role=role)
    return person


def attempts(cohort: Any, seat: Any) -> dict[Can, tuple[str, str, dict[str, Any]]]:
    """What each action is by HTTP: method, address, form."""
    course, lesson = cohort.course, cohort.course.lessons.first()
    work = submit_homework(enrolment=seat, assignment=Assignment.objects.get(lesson=lesson), text="Here")
    posted = check_in(enrolment=seat, note="Practised")
    outline = f"/teach/courses/{course.slug}/"
    return {
        Can.READ: ("get", f"/courses/{course.slug}/{lesson.slug}/", {}),
        Can.EDIT: ("post", outline, {"titles": "One more"}),
        Can.PUBLISH: ("post", outline, {"publish": "yes"}),
        Can.RUN_CLASS: ("post", f"/teach/classes/{cohort.slug}/rest/", {"first": "2035-01-01"}),
        Can.REVIEW: ("post", f"/teach/homework/{work.pk}/", {"decision": "accept", "body": "Good"}),
        Can.SEE_NAMES: ("get", f"/teach/classes/{cohort.slug}/", {}),
        Can.OPEN_CLASS: ("get", f"/admin/new-course/{course.pk}/next-class/", {}),
        Can.ANSWER: ("post", f"/learn/check-ins/{posted.pk}/", {"remove": "1"}),
        Can.SEE_INCOME: ("get", f"{outline}money/", {}),
        Can.SET_PRICE: ("post", f"{outline}money/", {}),
        Can.RUN_LIVE: ("get", f"/teach/classes/{cohort.slug}/live/", {}),
        Can.WRITE: ("get", f"{outline}letters/", {}),
        Can.REVOKE: ("get", f"{outline}certificates/", {}),
        Can.MANAGE_TEAM: ("post", f"{outline}team/", {"email": "student@demo.test", "role": "host"}),
    }


# Addresses stand on a page that asks for more: test_only_who_may_see_addresses_sees_them.
TRIED = [action for action in Can if action != Can.SEE_EMAILS]


def _is_shut(answer: Any) -> bool:
    """The back office sends whom it does not let in to the door."""
    return answer.status_code == 302 and answer.headers["Location"].startswith(("/accounts/login/", "/admin/login/"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", TRIED)
def test_a_cell_of_the_table_is_what_its_page_answers(cohort: Any, seat: Any, client_of: Any, role: str, action: Can) -> None:
    method, path, form = attempts(cohort, seat)[action]
    answer = getattr(client_of(member(cohort, role)), method)(path, form)
    if action in TABLE[role]:
        assert answer.status_code in {200, 302, 422}
        assert not str(answer.headers.get("Location", "")).startswith(("/accounts/", "/admin/login"))
    else:
        assert answer.status_code in {403, 404} or _is_shut(answer)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_nothing_in_another_course(cohort: Any, seat: Any, client_of: Any, role: str) -> None:
    outsider = make_user()
    add_to_team(course=make_course(lessons=1), user=outsider, role=role)
    for method, path, form in attempts(cohort, seat).values():
        answer = getattr(client_of(outsider), method)(path, form)
        assert answer.status_code in {403, 404} or _is_shut(answer)
    assert not actions_of(outsider, cohort.course)


@pytest.mark.parametrize("role", ROLES)
def test_wagtail_lets_in_who_writes_and_publish_who_publishes(cohort: Any, client_of: Any, role: str) -> None:
    page = LessonPage.objects.filter(lesson__course=cohort.course).first()
    browser = client_of(member(cohort, role))
    answer = browser.get(f"/admin/pages/{page.pk}/edit/")
    assert (answer.status_code == 200) == (Can.EDIT in TABLE[role])
    if Can.EDIT in TABLE[role]:
        assert ("action-publish" in answer.content.decode()) == (Can.PUBLISH in TABLE[role])


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_see_addresses_sees_them(cohort: Any, seat: Any, client_of: Any, role: str) -> None:
    answer = client_of(member(cohort, role)).get(f"/teach/classes/{cohort.slug}/students/{seat.pk}/")
    shown = answer.status_code == 200 and seat.user.email in answer.content.decode()
    assert shown == ({Can.SEE_EMAILS, Can.RUN_CLASS} <= TABLE[role])


@pytest.mark.parametrize("role", ROLES)
def test_who_answers_is_a_helper_on_the_boards_of_old_and_new_classes(cohort: Any, role: str) -> None:
    person = member(cohort, role)
    later = make_cohort(course=cohort.course)
    spaces = Space.objects.filter(about__in=[cohort.seat_ref, later.seat_ref])
    places = Membership.objects.filter(user=person, space__in=spaces, role="helper", ended_at=None)
    assert places.count() == (2 if Can.ANSWER in TABLE[role] else 0)
    remove_from_team(course=cohort.course, user=person, role=role, actor=cohort.course.teacher)
    assert not places.exists()


def test_the_teacher_chooses_the_team_by_address_and_every_change_is_in_the_trail(
    cohort: Any, teacher: Any, student: Any, client_of: Any
) -> None:
    path, browser = f"/teach/courses/{cohort.course.slug}/team/", client_of(teacher)
    assert "Nobody with this address" in browser.post(f"/en{path}", {"email": "x@y.test", "role": "host"}).content.decode()
    browser.post(path, {"email": "Student@demo.test", "role": "author"})
    row = TeamMember.objects.get(course=cohort.course, user=student)
    student.refresh_from_db()
    assert student.is_staff
    browser.post(path, {"remove": row.pk})
    assert list(AuditEntry.objects.filter(action__startswith="team.").order_by("pk").values_list("action", "actor_id")) == [
        ("team.add", teacher.pk),
        ("team.remove", teacher.pk),
    ]
    student.refresh_from_db()
    assert not student.is_staff
    assert not taught_courses(student).exists()
    assert browser.post(path, {"remove": row.pk}).status_code == 404


def test_somebody_with_two_roles_has_what_either_allows(cohort: Any) -> None:
    person = member(cohort, "author")
    add_to_team(course=cohort.course, user=person, role="seller")
    assert actions_of(person, cohort.course) == TABLE["author"] | TABLE["seller"]
    remove_from_team(course=cohort.course, user=person, role="author", actor=None)
    assert actions_of(person, cohort.course) == TABLE["seller"]


def test_a_team_member_whose_account_is_closed_may_nothing(cohort: Any) -> None:
    person = member(cohort, "teacher")
    person.is_active = False
    person.save()
    assert not actions_of(person, cohort.course)
