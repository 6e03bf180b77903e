"""From the certificate, or accepted homework, to a link that can be sent: three taps."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.flows import complete_lesson, issue_certificate
from courses.models import Assignment, Certificate, Enrolment, Lesson, Submission
from kit.clock import now
from shop.referrals import flows
from shop.referrals.models import Agreement, Link, Programme
from shop.referrals.rules import Rules
from tests.factories import enrol, make_cohort, make_course, make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(teacher: User) -> Any:
    """A course that is sold, with one lesson to finish."""
    return make_offer(cohort=make_cohort(course=make_course(slug="ukulele", lessons=1, teacher=teacher)), slug="ukulele")


@pytest.fixture
def school(offer: Any) -> Programme:
    return flows.create_programme(name="School", rules=Rules())


def _certificate(seat: Enrolment) -> Certificate:
    for lesson in Lesson.objects.filter(course=seat.cohort.course):
        complete_lesson(enrolment=seat, lesson=lesson)
    return issue_certificate(enrolment=seat) or Certificate.objects.get(enrolment=seat)


def _form(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that action, as a browser would send them."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in form)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def _begin(browser: Client, page: str) -> str:
    found = re.search(r'href="(/en/promote/share/\?target=[^"]+)"', page)
    assert found is not None
    return browser.get(found.group(1)).content.decode()


def test_from_the_certificate(client_of: Any, student: User, school: Programme, offer: Any) -> None:
    seat = enrol(student, offer.course.cohorts.get())
    certificate = _certificate(seat)
    browser = client_of(student)
    page = _begin(browser, browser.get(f"/en/certificates/{certificate.uuid}/").content.decode())  # tap 1
    assert "You earn 30 % of the course fee" in page
    assert "joining costs nothing" in page
    response = browser.post("/en/promote/join/", _form(page, "/en/promote/join/"))  # tap 2
    link = Link.objects.get(owner=student)
    assert (response.url, link.target) == (f"/en/promote/links/{link.code}/", "/courses/ukulele/")
    assert "data-share=" in browser.get(response.url).content.decode()  # tap 3
    assert Agreement.objects.get(user=student).programme == school


def test_from_accepted_homework(client_of: Any, student: User, school: Programme, offer: Any) -> None:
    seat = enrol(student, offer.course.cohorts.get())
    task = Assignment.objects.create(lesson=offer.course.lessons.get(), prompt="Play it")
    work = Submission.objects.create(assignment=task, enrolment=seat, text="done", state="submitted", submitted_at=now())
    browser, lesson = client_of(student), f"/en/courses/ukulele/{task.lesson.slug}/"
    assert "promote/share/" not in browser.get(lesson).content.decode()
    Submission.objects.filter(pk=work.pk).update(state="accepted")
    page = _begin(browser, browser.get(lesson).content.decode())
    browser.post("/en/promote/join/", _form(page, "/en/promote/join/"))
    assert Link.objects.get(owner=student).target == "/courses/ukulele/"


def test_who_has_agreed_needs_one_tap_less_and_the_second_time_none(
    client_of: Any, student: User, school: Programme, offer: Any
) -> None:
    flows.join_programme(user=student, programme=school)
    browser = client_of(student)
    page = browser.get("/en/promote/share/?target=/en/courses/ukulele/").content.decode()
    response = browser.post("/en/promote/links/to/", _form(page, "/en/promote/links/to/"))
    assert browser.post("/en/promote/links/to/", {"target": "/courses/ukulele/"}).url == response.url
    assert browser.get("/en/promote/share/?target=/courses/ukulele/").url == response.url
    assert Link.objects.filter(owner=student).count() == 1


def test_looking_makes_nothing(client_of: Any, student: User, school: Programme) -> None:
    client_of(student).get("/en/promote/share/?target=/courses/ukulele/")
    assert not Link.objects.exists()
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/courses/", "/account/", "", "/\\evil.test"])
def test_only_what_is_sold_is_shared_from_there(client_of: Any, student: User, school: Programme, target: str) -> None:
    browser = client_of(student)
    assert browser.get("/en/promote/share/", {"target": target}).status_code == 404
    browser.post("/en/promote/join/", {"programme": school.pk, "target": target or "x"})
    assert not Link.objects.filter(target__contains="evil").exists()


def test_another_persons_certificate_offers_nothing(
    client_of: Any, student: User, teacher: User, school: Programme, offer: Any
) -> None:
    certificate = _certificate(enrol(student, offer.course.cohorts.get()))
    for browser in (Client(), client_of(teacher)):
        assert "promote/share/" not in browser.get(f"/en/certificates/{certificate.uuid}/").content.decode()


def test_the_link_maker_offers_courses_offers_and_pages_to_choose_from(
    client_of: Any, student: User, school: Programme, offer: Any
) -> None:
    browser = client_of(student)
    page = browser.get("/en/promote/links/").content.decode()
    for path in ("/courses/ukulele/", "/shop/ukulele/", "/community/", "/"):
        assert f'<option value="{path}">' in page
    response = browser.post("/en/promote/links/", {"page": "/shop/ukulele/", "channel": "line", "label": "Aunts"})
    link = Link.objects.get()
    assert (response.url, link.target, link.channel, link.label) == (
        f"/en/promote/links/{link.code}/", "/shop/ukulele/", "line", "Aunts",
    )  # fmt: skip
    assert browser.post("/en/promote/links/", {"page": "/admin/"}).status_code == 422
    assert browser.post("/en/promote/links/", {}).status_code == 422
    assert browser.post("/en/promote/links/", {"target": "/courses/ukulele/day-1/", "page": "/"}).status_code == 302
    assert Link.objects.latest("pk").target == "/courses/ukulele/day-1/"
