"""From the certificate, or accepted homework, to the phone's share sheet: three taps, each of them counted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.flows import complete_lesson, issue_certificate
from courses.models import Assignment, Cohort, Submission
from kit.clock import now
from shop.referrals import flows
from shop.referrals.models import Agreement, Link
from shop.referrals.rules import Rules
from tests.browser import steps
from tests.browser.conftest import OpenWindow
from tests.factories import enrol, make_cohort, make_course, make_offer

pytestmark = pytest.mark.django_db(transaction=True)
# Counts presses, and stands in for the share sheet, which no browser without a screen has.
COUNT = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.setItem("taps", 1 + Number(sessionStorage.getItem("taps")));
}, true);
navigator.share = async (what) => sessionStorage.setItem("shared", JSON.stringify(what));
"""


@pytest.fixture
def cohort(teacher: User) -> Cohort:
    """A course that is sold, in a programme that is open to all."""
    cohort = make_cohort(course=make_course(slug="ukulele", lessons=1, teacher=teacher))
    make_offer(cohort=cohort, slug="ukulele")
    flows.create_programme(name="School", rules=Rules())
    return cohort


def _counted(page: Page) -> Page:
    page.add_init_script(COUNT)
    return page


def _kept(page: Page, name: str) -> str:
    return str(page.evaluate(f"sessionStorage.getItem('{name}')"))


def _three_taps(page: Page, student: User, shot: Any, name: str) -> None:
    steps.follow(page, "Recommend this course")
    shot(page, f"{name}-agree")
    steps.press(page, "Agree and get my link")
    page.wait_for_url(re.compile(r"/promote/links/\w+/$"))
    steps.press(page, "Share")
    link = Link.objects.get(owner=student)
    assert Agreement.objects.filter(user=student, ended_at=None).exists()
    assert _kept(page, "taps") == "3"
    shared = page.evaluate("JSON.parse(sessionStorage.getItem('shared'))")
    assert re.search(rf"http://localhost:\d+/r/{link.code}/ \(", shared["text"])
    assert "url" not in shared, "the text is no address"


def test_from_the_certificate_to_the_share_sheet(student: User, cohort: Cohort, open_window: OpenWindow, shot: Any) -> None:
    seat = enrol(student, cohort)
    complete_lesson(enrolment=seat, lesson=cohort.course.lessons.get())
    certificate = issue_certificate(enrolment=seat) or seat.certificate
    page = _counted(open_window(student))
    page.goto(f"/en/certificates/{certificate.uuid}/")
    _three_taps(page, student, shot, "41-certificate")
    posters = page.locator("img.poster")
    expect(posters).to_have_count(3)
    for number in range(3):
        posters.nth(number).scroll_into_view_if_needed()
        expect(posters.nth(number)).to_have_js_property("naturalWidth", 1080)
    shot(page, "42-share")
    page.goto(page.url.replace("/en/", "/zh-hant/"))
    for number in range(3):
        posters.nth(number).scroll_into_view_if_needed()
    shot(page, "43-share-zh-hant")
    page.goto("/zh-hant/promote/links/")
    shot(page, "44-link-maker-zh-hant")


def test_from_accepted_homework_to_the_share_sheet(student: User, cohort: Cohort, open_window: OpenWindow, shot: Any) -> None:
    seat, lesson = enrol(student, cohort), cohort.course.lessons.get()
    task = Assignment.objects.create(lesson=lesson, prompt="Play it")
    Submission.objects.create(assignment=task, enrolment=seat, text="done", state="accepted", submitted_at=now())
    page = _counted(open_window(student))
    page.goto(f"/en/courses/ukulele/{lesson.slug}/")
    _three_taps(page, student, shot, "45-homework")
