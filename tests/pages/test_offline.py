"""The site on the home screen and without a net: what may be kept, whose it is, and which copies must go."""

from typing import Any

import pytest
from django.test import Client

from courses.flows import revoke_seat
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Any:
    return make_cohort(course=make_course(lessons=2, slug="uke", preview_first=False), seats=5)


def test_the_manifest_opens_at_ones_learning_with_icons_that_are_there(client: Client) -> None:
    values = client.get("/manifest.webmanifest").json()
    assert (values["start_url"], values["scope"], values["display"]) == ("/learn/", "/", "standalone")
    assert {icon["sizes"] for icon in values["icons"]} == {"192x192", "512x512"}
    assert "/manifest.webmanifest" in client.get("/accounts/login/").content.decode()


def test_the_worker_comes_from_the_root_and_is_asked_for_each_time(client: Client) -> None:
    answer = client.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert "14 * 86400000" in answer.content.decode()


def test_every_page_says_whose_it_is_and_a_strangers_nothing(cohort: Any, client_of: Any) -> None:
    student, other = make_user(), make_user()
    enrol(student, cohort)
    mine = client_of(student).get("/learn/")["X-Person"]
    assert mine == client_of(student).get("/courses/uke/day-1/")["X-Person"]
    assert mine != client_of(other).get("/learn/")["X-Person"]
    assert len(mine) == 16
    assert "X-Person" not in Client().get("/accounts/login/")


def test_only_a_lesson_that_is_open_may_be_kept(cohort: Any, client_of: Any) -> None:
    student = make_user()
    enrol(student, cohort)
    browser = client_of(student)
    assert browser.get("/courses/uke/day-1/")["X-Keep"] == "lesson"
    for path in ("/courses/uke/", "/learn/", "/courses/uke/day-99/"):
        assert "X-Keep" not in browser.get(path)
    assert "X-Keep" not in client_of(make_user()).get("/courses/uke/day-2/")


def test_a_copy_is_open_as_long_as_its_lesson_is(cohort: Any, client_of: Any) -> None:
    """The worker asks at every contact: after a refund the next one takes the copies away."""
    student = make_user()
    seat = enrol(student, cohort)
    browser = client_of(student)
    paths = ["/courses/uke/day-1/", "/zh-hans/courses/uke/day-1/", "/courses/nowhere/day-1/", "/learn/", "//evil.test/", "x"]
    assert browser.get("/offline/open/", {"path": paths}).json() == {"open": paths[:2]}
    revoke_seat(source=seat.source)
    assert browser.get("/offline/open/", {"path": paths}).json() == {"open": []}
    assert Client().get("/offline/open/", {"path": paths}).json() == {"open": []}


def test_asking_costs_the_same_for_one_copy_and_for_forty(
    cohort: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    student = make_user()
    enrol(student, cohort)
    browser = client_of(student)
    with django_assert_max_num_queries(8):
        browser.get("/offline/open/", {"path": [f"/courses/uke/day-{number % 2 + 1}/" for number in range(60)]})


def test_the_page_without_a_net_is_there_for_everyone(client: Client) -> None:
    assert "No connection" in client.get("/en/offline/").content.decode()
