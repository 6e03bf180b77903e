"""Unlock rules, rest days and pauses through the pages: what a teacher sets is what a student meets."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.access import lesson_access
from courses.flows import (
    TooLate,
    add_rest_days,
    begin_day_one,
    check_in,
    complete_lesson,
    pause_seat,
    pin_lessons,
    resume_seat,
    review_homework,
    submit_homework,
)
from courses.models import Assignment, Lesson, LessonPage, RestDay
from courses.reads.learn import my_courses
from courses.reads.teach import homework_queue, with_reply_clock
from kit.clock import local_date, now, start_of_day
from kit.models import AuditEntry
from notices.models import Notice
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=5, homework_on=3, preview_first=False), name="Spring class")


def lesson(cohort: Any, number: int) -> Lesson:
    return Lesson.objects.select_related("course").get(course=cohort.course, position=number)


def granted(user: Any, cohort: Any, number: int) -> bool:
    return lesson_access(user, lesson(cohort, number)).granted


def set_rule(cohort: Any, number: int, client: Client, **rule: Any) -> Any:
    path = f"/teach/courses/{cohort.course.slug}/{lesson(cohort, number).pk}/"
    homework = "Record it." if number == 3 else ""
    return client.post(path, {"day": number, "minutes": 10, "homework": homework, **rule})


def test_a_lesson_on_a_date_opens_at_the_learners_own_midnight(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    day = local_date(now(), student.time_zone) + 2 * DAY
    assert set_rule(cohort, 2, client_of(teacher), unlock="date", opens_on=day.isoformat()).status_code == 302
    enrol(student, cohort)
    access = lesson_access(student, lesson(cohort, 2))
    assert (access.granted, local_date(access.opens_at, student.time_zone)) == (False, day)  # type: ignore[arg-type]
    clock.advance(days=2)
    assert granted(student, cohort, 2)


def test_a_rule_by_date_without_a_date_is_not_saved(cohort: Any, teacher: Any, client_of: Any) -> None:
    response = set_rule(cohort, 2, client_of(teacher), unlock="date")
    assert response.status_code == 200
    assert lesson(cohort, 2).unlock == "day"


def test_a_lesson_after_the_previous_opens_when_that_one_is_done(cohort: Any, teacher: Any, student: Any, client_of: Any) -> None:
    set_rule(cohort, 2, client_of(teacher), unlock="previous")
    seat = enrol(student, cohort)
    address = f"/courses/{cohort.course.slug}/day-2/"
    page = client_of(student).get("/en" + address)
    assert page.status_code == 403
    assert "Opens when you have finished lesson 1 “Lesson 1”" in page.content.decode()
    assert "The words of lesson 2" not in page.content.decode()
    complete_lesson(enrolment=seat, lesson=lesson(cohort, 1))
    assert "The words of lesson 2" in client_of(student).get(address).content.decode()


def test_a_lesson_after_homework_opens_when_it_is_accepted_not_when_it_is_handed_in_or_returned(
    cohort: Any, teacher: Any, student: Any, client_of: Any
) -> None:
    set_rule(cohort, 5, client_of(teacher), unlock="homework", homework_of=lesson(cohort, 3).pk)
    seat = enrol(student, cohort, starts_on=local_date(now(), student.time_zone) - 10 * DAY)
    words = "Opens when your homework of lesson 3 “Lesson 3” is accepted"
    assert words in client_of(student).get(f"/en/courses/{cohort.course.slug}/day-5/").content.decode()
    assert words in client_of(student).get(f"/en/courses/{cohort.course.slug}/").content.decode()
    task = Assignment.objects.get(lesson=lesson(cohort, 3))
    work = submit_homework(enrolment=seat, assignment=task, text="Here")
    assert not granted(student, cohort, 5)
    review_homework(submission=work, author=teacher, body="Again", accept=False)
    assert not granted(student, cohort, 5)
    again = submit_homework(enrolment=seat, assignment=task, text="Here again")
    review_homework(submission=again, author=teacher, body="Yes", accept=True)
    assert granted(student, cohort, 5)


def test_anothers_accepted_homework_opens_nothing(cohort: Any, teacher: Any, student: Any, client_of: Any) -> None:
    set_rule(cohort, 5, client_of(teacher), unlock="homework", homework_of=lesson(cohort, 3).pk)
    other = enrol(make_user(), cohort)
    enrol(student, cohort)
    work = submit_homework(enrolment=other, assignment=Assignment.objects.get(lesson=lesson(cohort, 3)), text="Mine")
    review_homework(submission=work, author=teacher, body="", accept=True)
    assert not granted(student, cohort, 5)


def test_a_rule_cannot_wait_for_a_later_lesson_or_for_another_courses(cohort: Any, teacher: Any, client_of: Any) -> None:
    foreign = make_course(lessons=1, homework_on=1)
    for wrong in (lesson(cohort, 3).pk, foreign.lessons.get().pk):
        assert set_rule(cohort, 2, client_of(teacher), unlock="homework", homework_of=wrong).status_code == 200
    assert lesson(cohort, 2).unlock == "day"


def test_a_rest_day_moves_unlocks_and_streaks_and_the_class_is_told(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    seat = enrol(student, cohort)
    check_in(enrolment=seat)
    tomorrow = local_date(now(), cohort.time_zone) + DAY
    path = f"/teach/classes/{cohort.slug}/rest/"
    assert client_of(teacher).post(path, {"first": tomorrow.isoformat(), "name": "Mid-Autumn"}).status_code == 302
    assert "Mid-Autumn" in Notice.objects.get(user=student, key__startswith="rest:").text
    assert "Mid-Autumn" in client_of(student).get("/en/learn/").content.decode()
    clock.advance(days=1)
    assert not granted(student, cohort, 2)
    assert "Your class rests today: Mid-Autumn" in client_of(student).get("/en/learn/").content.decode()
    clock.advance(days=1)
    assert granted(student, cohort, 2)
    assert not granted(student, cohort, 3)
    check_in(enrolment=seat)
    [item] = my_courses(student)
    assert (item.day, item.streak) == (2, 2)


def test_a_rest_day_added_for_a_day_that_has_begun_is_refused_and_what_opened_stays(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    enrol(student, cohort)
    clock.advance(days=1)
    today = local_date(now(), cohort.time_zone)
    assert granted(student, cohort, 2)
    with pytest.raises(TooLate):
        add_rest_days(cohort=cohort, first=today, last=today, name="", actor=teacher)
    page = client_of(teacher).post(f"/en/teach/classes/{cohort.slug}/rest/", {"first": today.isoformat()})
    assert "That day has begun" in page.content.decode()
    # Somebody east of the class has that day already: it stays open for her, unvisited as it is.
    east = make_user(time_zone="Pacific/Kiritimati")
    enrol(east, cohort, starts_on=local_date(now(), "Pacific/Kiritimati"))
    tomorrow = today + DAY
    if local_date(now(), "Pacific/Kiritimati") == tomorrow:
        add_rest_days(cohort=cohort, first=tomorrow, last=tomorrow, name="Typhoon", actor=teacher)
        assert granted(east, cohort, 1)


def test_a_rest_day_that_is_still_to_come_can_be_taken_back(cohort: Any, teacher: Any, client_of: Any, clock: Any) -> None:
    day = local_date(now(), cohort.time_zone) + DAY
    add_rest_days(cohort=cohort, first=day, last=day + DAY, name="", actor=teacher)
    path = f"/teach/classes/{cohort.slug}/rest/"
    client_of(teacher).post(path, {"remove": day.isoformat()})
    assert list(RestDay.objects.values_list("day", flat=True)) == [day + DAY]
    clock.advance(days=2)
    client_of(teacher).post(path, {"remove": (day + DAY).isoformat()})
    assert RestDay.objects.count() == 1
    assert client_of(teacher).post(path, {"remove": "nonsense"}).status_code == 404


def test_a_pause_shifts_what_is_to_come_and_keeps_what_was_open(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    seat = enrol(student, cohort)
    path = f"/teach/classes/{cohort.slug}/students/{seat.pk}/"
    assert client_of(teacher).post(path, {"pause": "yes", "reason": "Exams"}).status_code == 302
    assert AuditEntry.objects.filter(action="seat.pause", target=f"enrolment:{seat.pk}", reason="Exams").exists()
    clock.advance(days=10)
    assert [granted(student, cohort, number) for number in (1, 2, 3)] == [True, False, False]
    assert "paused at the moment" in client_of(student).get(f"/en/courses/{cohort.course.slug}/day-2/").content.decode()
    assert client_of(student).get("/learn/").status_code == 200
    client_of(teacher).post(path, {"resume": "yes"})
    assert [granted(student, cohort, number) for number in (1, 2, 3)] == [True, True, False]
    clock.advance(days=1)
    assert granted(student, cohort, 3)
    assert {notice.key.split(":")[-1] for notice in Notice.objects.filter(user=student, key__startswith="pause:")} == {
        "away",
        "back",
    }


def test_pausing_and_going_on_the_same_day_changes_nothing(cohort: Any, teacher: Any, student: Any, clock: Any) -> None:
    seat = enrol(student, cohort)
    first, second = (pause_seat(enrolment=seat, actor=teacher) for _n in range(2))
    assert first == second
    assert resume_seat(enrolment=seat, actor=teacher)
    assert not resume_seat(enrolment=seat, actor=teacher)
    clock.advance(days=1)
    assert granted(student, cohort, 2)


def test_rest_days_and_pauses_cost_no_query_more(cohort: Any, teacher: Any, student: Any, client_of: Any) -> None:
    seat = enrol(student, cohort)
    browser, address = client_of(student), f"/courses/{cohort.course.slug}/day-1/"
    few = [queries(browser, address), queries(browser, "/learn/")]
    first = date(2030, 1, 1)
    RestDay.objects.bulk_create(RestDay(cohort=cohort, day=first + DAY * n, added_at=now()) for n in range(60))
    pause_seat(enrolment=seat, actor=teacher)
    set_rule(cohort, 2, client_of(teacher), unlock="previous")
    set_rule(cohort, 5, client_of(teacher), unlock="homework")
    assert [queries(browser, address), queries(browser, "/learn/")] == few
    assert max(few) <= 12


def test_the_pages_of_a_class_are_not_there_for_strangers(cohort: Any, teacher2: Any, student: Any, client_of: Any) -> None:
    seat = enrol(student, cohort)
    base = f"/teach/classes/{cohort.slug}/"
    for path in (f"{base}rest/", f"{base}students/{seat.pk}/", f"{base}move/", f"/teach/courses/{cohort.course.slug}/team/"):
        assert Client().get(path).status_code == 302
        for person in (student, teacher2):
            assert client_of(person).get(path).status_code == 404
            assert client_of(person).post(path, {"pause": "yes", "first": "2030-01-01"}).status_code == 404
    assert not RestDay.objects.exists()


def test_the_reply_clock_of_homework_stands_still_on_rest_days(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    seat = enrol(student, cohort)
    today = local_date(now(), cohort.time_zone)
    clock.set(start_of_day(today, cohort.time_zone) + timedelta(hours=10))
    submit_homework(enrolment=seat, assignment=Assignment.objects.get(lesson=lesson(cohort, 3)), text="Here")
    browser = client_of(teacher)
    few = [queries(browser, "/teach/homework/"), queries(browser, "/teach/")]
    [work] = with_reply_clock(homework_queue(teacher))
    assert work.reply_by - work.submitted_at == timedelta(hours=48)  # type: ignore[attr-defined]
    add_rest_days(cohort=cohort, first=today + DAY, last=today + 3 * DAY, name="New Year", actor=teacher)
    [work] = with_reply_clock(homework_queue(teacher))
    assert work.reply_by - work.submitted_at == timedelta(hours=48 + 72)  # type: ignore[attr-defined]
    assert "answer by" in browser.get("/en/teach/homework/").content.decode()
    assert [queries(browser, "/teach/homework/"), queries(browser, "/teach/")] == few


def test_a_late_parcel_moves_all_days_and_says_so(cohort: Any, student: Any, clock: Any) -> None:
    cohort.start_rule = "delivery"
    cohort.save()
    seat = enrol(student, cohort, source="order:5")
    clock.advance(days=6)
    assert not granted(student, cohort, 1)
    begin_day_one(source="order:5", on=local_date(now(), student.time_zone), kit_came=True)
    seat.refresh_from_db()
    assert seat.starts_on == cohort.starts_on + 6 * DAY
    assert [granted(student, cohort, number) for number in (1, 2)] == [True, False]
    notice = Notice.objects.get(user=student, key=f"day-one:{seat.pk}")
    assert "all your days move along" in notice.body
    assert notice.params is not None
    assert notice.params["late"] == 6


def test_students_pause_by_themselves_where_the_class_lets_them(
    cohort: Any, teacher: Any, student: Any, client_of: Any, clock: Any
) -> None:
    enrol(student, cohort)
    path = f"/learn/{cohort.slug}/pause/"
    assert client_of(student).post(path, {"pause": "yes"}).status_code == 404
    client_of(teacher).post(f"/teach/classes/{cohort.slug}/rest/", {"may_pause": "yes"})
    assert "Pause from tomorrow on" in client_of(student).get("/en/learn/").content.decode()
    assert client_of(student).post(path, {"pause": "yes"}).status_code == 302
    clock.advance(days=3)
    assert not granted(student, cohort, 2)
    assert "I am back" in client_of(student).get("/en/learn/").content.decode()
    client_of(student).post(path, {"resume": "yes"})
    assert granted(student, cohort, 2)
    assert client_of(make_user()).post(path, {"pause": "yes"}).status_code == 404
    assert Client().post(path).status_code == 302


def test_the_teacher_sees_what_changed_since_the_class_began(cohort: Any, teacher: Any, client_of: Any) -> None:
    pin_lessons(cohort=cohort)
    browser, path = client_of(teacher), f"/en/teach/classes/{cohort.slug}/move/"
    assert "learns what is published today" in browser.get(path).content.decode()
    page = LessonPage.objects.get(lesson=lesson(cohort, 2))
    page.goal = "Another goal"
    revision = page.save_revision(user=teacher)
    revision.publish(user=teacher, skip_permission_checks=True)
    shown = browser.get(path).content.decode()
    before = cohort.pins.get(lesson=lesson(cohort, 2)).revision_id
    assert f"/revisions/compare/{before}...{revision.pk}/" in shown
    assert "Lesson 3" not in shown
    browser.post(path)
    assert cohort.pins.get(lesson=lesson(cohort, 2)).revision_id == revision.pk
