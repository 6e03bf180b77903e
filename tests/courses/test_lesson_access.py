"""Paid content stays paid (SAFETY.md): every route to a lesson, for everybody who has no right to it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from courses.flows import revoke_seat
from courses.models import CoursePage, LessonPage
from kit.clock import local_date, now
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
SECRET = "Press the third fret"


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=3, words=SECRET, title="A ukulele course"))


def address(course: Any, day: int) -> str:
    return f"/courses/{course.slug}/day-{day}/"


def test_the_free_lesson_is_open_to_everyone(cohort: Any, client: Client) -> None:
    response = client.get(address(cohort.course, 1))
    assert response.status_code == 200
    assert f"{SECRET} 1." in response.content.decode()


def test_a_visitor_on_a_paid_lesson_is_led_to_login_and_back(cohort: Any, client: Client) -> None:
    path = address(cohort.course, 2)
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/login/?next={path}"


def test_a_forced_language_survives_the_way_to_login(cohort: Any, client: Client) -> None:
    response = client.get(f"/en{address(cohort.course, 2)}")
    assert f"next=/en{address(cohort.course, 2)}" in response.headers["Location"]


def test_who_has_no_seat_gets_the_page_that_sells_with_the_title_only(cohort: Any, visitor: Any, client_of: Any) -> None:
    response = client_of(visitor).get(address(cohort.course, 2))
    html = response.content.decode()
    assert response.status_code == 403
    assert "Lesson 2" in html
    assert SECRET not in html
    assert "Goal of lesson" not in html


def test_the_student_reads_what_is_open_and_learns_when_the_next_day_opens(
    cohort: Any, student: Any, client_of: Any, clock: Any
) -> None:
    enrol(student, cohort)
    browser = client_of(student)
    assert browser.get(address(cohort.course, 1)).status_code == 200
    early = browser.get(address(cohort.course, 2))
    assert early.status_code == 403
    assert SECRET not in early.content.decode()
    assert "Lesson 2" in early.content.decode()
    clock.advance(days=1)
    opened = browser.get(address(cohort.course, 2))
    assert opened.status_code == 200
    assert f"{SECRET} 2." in opened.content.decode()


def test_pages_for_members_are_never_kept_by_a_cache(cohort: Any, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    header = client_of(student).get(address(cohort.course, 1)).headers["Cache-Control"]
    assert "private" in header
    assert "no-store" in header


def test_a_lesson_that_waits_for_the_parcel_says_so(student: Any, client_of: Any, teacher: Any) -> None:
    cohort = make_cohort(start_rule="delivery", course=make_course(words=SECRET, preview_first=False))
    enrol(student, cohort)
    response = client_of(student).get(f"/en{address(cohort.course, 1)}")
    assert response.status_code == 403
    assert "Your parcel is being packed" in response.content.decode()
    assert SECRET not in response.content.decode()


def test_after_a_refund_the_lesson_is_closed_even_where_it_had_been_opened(
    cohort: Any, student: Any, client_of: Any, clock: Any
) -> None:
    enrol(student, cohort, source="order:1")
    clock.advance(days=2)
    browser = client_of(student)
    assert browser.get(address(cohort.course, 2)).status_code == 200
    revoke_seat(source="order:1")
    response = browser.get(address(cohort.course, 2))
    assert response.status_code == 403
    assert SECRET not in response.content.decode()


def test_the_teacher_and_the_owner_read_every_lesson_and_another_teacher_none(
    cohort: Any, teacher: Any, teacher2: Any, owner: Any, client_of: Any
) -> None:
    path = address(cohort.course, 3)
    assert client_of(teacher).get(path).status_code == 200
    assert client_of(owner).get(path).status_code == 200
    other = client_of(teacher2).get(path)
    assert other.status_code == 403
    assert SECRET not in other.content.decode()


def test_another_courses_slug_never_opens_a_lesson(cohort: Any, student: Any, client_of: Any) -> None:
    """`day-2` of a course one has a seat in must not serve the lesson of another, nor the other way round."""
    own = make_cohort(course=make_course(lessons=1, words="Own words", slug="own-course"))
    enrol(student, own)
    cohort.course.lessons.filter(slug="day-3").update(slug="only-here")
    browser = client_of(student)
    assert browser.get("/courses/own-course/only-here/").status_code == 404
    response = browser.get(address(cohort.course, 2))
    assert response.status_code == 403
    assert SECRET not in response.content.decode()


def test_a_draft_lesson_is_missing_for_everyone_but_its_previewing_teacher(cohort: Any, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-1").unpublish()
    assert client_of(student).get(address(cohort.course, 1)).status_code == 404
    assert Client().get(address(cohort.course, 1)).status_code == 404


def test_the_free_lesson_of_a_course_not_yet_announced_is_missing(client: Client, teacher: Any) -> None:
    course = make_course(lessons=2)
    CoursePage.objects.get(course=course).unpublish()
    assert client.get(address(course, 1)).status_code == 404
    assert client_code(client, address(course, 2)) in {302, 404}


def client_code(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_the_existence_of_an_unannounced_course_is_not_told_to_strangers(visitor: Any, client_of: Any, teacher: Any) -> None:
    course = make_course(lessons=2, title="A secret plan")
    CoursePage.objects.get(course=course).unpublish()
    assert client_of(visitor).get(address(course, 2)).status_code == 404


def test_an_unpublished_change_stays_with_its_teacher(cohort: Any, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-1")
    page.body = [{"type": "text", "value": "<p>Half written.</p>"}]
    page.save_revision()
    html = client_of(student).get(address(cohort.course, 1)).content.decode()
    assert "Half written" not in html
    assert f"{SECRET} 1." in html


@pytest.mark.parametrize("who", ["anonymous", "visitor", "revoked", "early", "teacher2"])
def test_no_route_of_wagtail_leads_around_the_lock(who: str, cohort: Any, teacher: Any, client_of: Any, teacher2: Any) -> None:
    """Catch-all paths, previews, revisions, editing, Wagtail's APIs: none gives the text of a paid lesson."""
    person = teacher2 if who == "teacher2" else make_user()
    if who == "revoked":
        enrol(person, cohort, source="order:9")
        revoke_seat(source="order:9")
    if who == "early":
        enrol(person, cohort, starts_on=local_date(now(), person.time_zone) + timedelta(days=1))
    browser = Client() if who == "anonymous" else client_of(person)
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-2")
    revision = page.latest_revision_id
    home = page.get_parent()
    for path in [
        page.url_path,
        f"/home{page.url_path}",
        page.url,
        f"/courses/{cohort.course.slug}/{page.slug}",
        home.url_path,
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/pages/{page.pk}/edit/preview/",
        f"/admin/pages/{page.pk}/view_draft/",
        f"/admin/pages/{page.pk}/revisions/{revision}/view/",
        f"/admin/pages/{page.pk}/history/",
        f"/admin/pages/{home.pk}/",
        f"/admin/pages/{page.pk}/revisions/compare/earliest...latest/",
        f"/admin/api/main/pages/{page.pk}/",
        "/admin/pages/search/?q=Press",
        "/admin/reports/site-history/",
        f"/admin/pages/{page.pk}/usage/",
        f"/admin/pages/{page.pk}/copy/",
        "/admin/choose-page/search/?q=Lesson",
        f"/admin/choose-page/{home.pk}/",
        f"/api/v2/pages/{page.pk}/",
        "/sitemap.xml",
        "/feed/",
        "/search/?q=Press",
        "/search/?q=third+fret",
        "/documents/1/x.pdf",
        "/images/1/x.jpg",
    ]:
        response = browser.get(path)
        text = re.sub(r"<[^>]+>", "", response.content.decode(errors="replace"))  # a found word may stand in a <mark>
        assert SECRET not in text, path
        assert "Goal of lesson 2" not in text, path


def test_the_catch_all_leads_to_the_view_that_checks(cohort: Any, teacher: Any) -> None:
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-2")
    assert page.serve(None).headers["Location"] == address(cohort.course, 2)
    assert Page.objects.get(pk=page.pk).get_url() == address(cohort.course, 2)


def test_the_teachers_preview_shows_the_draft_to_its_editors_only(
    cohort: Any, teacher: Any, teacher2: Any, client_of: Any
) -> None:
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-2")
    page.body = [{"type": "text", "value": "<p>Half written.</p>"}]
    page.save_revision()
    path = f"/admin/pages/{page.pk}/view_draft/"
    shown = client_of(teacher).get(path)
    assert shown.status_code == 200
    assert "Half written" in shown.content.decode()
    assert "Half written" not in client_of(teacher2).get(path).content.decode()
    assert "Half written" not in Client().get(path).content.decode()
