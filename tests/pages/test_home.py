"""The front page: the school's door."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.flows import ensure_space
from community.models import Space
from pages.flows import ensure_site
from pages.models import HomePage
from tests.factories import make_cohort, make_course, make_offer

pytestmark = pytest.mark.django_db


def offered(number: int) -> Any:
    course = make_course(slug=f"course-{number}", title=f"Course number {number}")
    make_offer(cohort=make_cohort(course=course, slug=f"class-{number}"))
    ensure_space(slug=f"yard-{number}", name=f"Yard {number}", visibility=Space.Visibility.PUBLIC)
    return course


def test_an_empty_school_has_a_door_too() -> None:
    response = Client(headers={"Accept-Language": "en"}).get("/")
    assert response.status_code == 200
    assert b"Learn by hand" in response.content
    assert b"How it goes" in response.content


def test_courses_stand_there_with_teacher_price_and_a_lesson_to_try() -> None:
    course = offered(1)
    content = Client(headers={"Accept-Language": "en"}).get("/").content.decode()
    assert "Course number 1" in content
    assert course.teacher.name in content
    assert "599" in content
    assert 'href="/courses/course-1/"' in content
    assert 'href="/courses/course-1/day-1/"' in content
    assert "Yard 1" in content


def test_links_under_a_prefix_keep_it() -> None:
    offered(1)
    content = Client().get("/en/").content
    assert b'href="/en/courses/course-1/"' in content
    assert b'hreflang="zh-hans"' in content


def test_the_owners_words_come_in_the_readers_language_and_else_in_the_original_marked() -> None:
    home = ensure_site()
    home.headline, home.tagline = "慢慢學會", "一天一小步"
    home.save_revision().publish()
    english = Client().get("/en/")
    assert "慢慢學會" in english.content.decode()
    assert "繁體中文" in english.content.decode()
    assert '<meta property="og:title" content="慢慢學會" />' in english.content.decode()
    from wagtail.models import Locale

    copy = home.copy_for_translation(Locale.objects.get(language_code="en"))
    copy.headline = "Slowly, and for good"
    copy.save_revision().publish()
    assert "Slowly, and for good" in Client().get("/en/").content.decode()
    assert "慢慢學會" in Client().get("/").content.decode()


def test_a_home_page_that_is_only_a_draft_is_not_shown() -> None:
    home = ensure_site()
    home.headline = "Not yet for everyone"
    home.save_revision()
    assert b"Not yet for everyone" not in Client().get("/").content
    HomePage.objects.update(live=False)
    assert Client().get("/").status_code == 200


def count() -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/").status_code == 200
    return len(queries)


def test_the_number_of_queries_is_small_and_does_not_grow() -> None:
    offered(1)
    Client().get("/")
    few = count()
    for number in range(2, 5):
        offered(number)
    Client().get("/")
    assert count() <= few
    assert few <= 12
