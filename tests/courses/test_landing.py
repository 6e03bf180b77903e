"""/courses/ and /courses/<course>/: public pages."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from courses.flows import translate_course
from courses.models import CoursePage, LessonPage
from stock.models import StockItem
from tests.courses_growth import grow, queries
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku, make_user

pytestmark = pytest.mark.django_db


def test_the_catalogue_shows_announced_courses_and_no_drafts(client: Client) -> None:
    shown, hidden = make_course(title="Strings for beginners"), make_course(title="Not yet", publish=False)
    html = client.get("/courses/").content.decode()
    assert "Strings for beginners" in html
    assert f"/courses/{shown.slug}/" in html
    assert "Not yet" not in html
    assert hidden.slug not in html


def test_a_course_without_a_published_page_is_not_there(client: Client) -> None:
    course = make_course(publish=False)
    assert client.get(f"/courses/{course.slug}/").status_code == 404
    assert client.get("/courses/nothing/").status_code == 404


def test_the_landing_page_names_the_lessons_and_never_their_text(client: Client) -> None:
    course = make_course(lessons=3, words="Secret words")
    html = client.get(f"/courses/{course.slug}/").content.decode()
    assert all(f"Lesson {number}" in html for number in (1, 2, 3))
    assert "Secret words" not in html
    assert "Goal of lesson" not in html


def test_a_draft_lesson_is_not_named_to_visitors(client: Client, teacher: Any, client_of: Any) -> None:
    course = make_course(lessons=2)
    LessonPage.objects.get(lesson__course=course, lesson__slug="day-2").unpublish()
    assert "Lesson 2" not in client.get(f"/courses/{course.slug}/").content.decode()


def test_structured_data_is_sound_and_cannot_close_its_element(client: Client) -> None:
    course = make_course(title="A </script><script>alert(1)</script> course", lessons=1, words="Secret words")
    html = client.get(f"/courses/{course.slug}/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "Course"
    assert data["name"] == "A </script><script>alert(1)</script> course"
    assert "Secret" not in found[1]
    assert "<script>alert" not in html


def test_seats_left_are_shown_and_a_full_class_says_so(client: Client) -> None:
    cohort = make_cohort(seats=3)
    page = f"/en/courses/{cohort.course.slug}/"
    assert "3 seats left" in client.get(page).content.decode()
    StockItem.objects.filter(ref=cohort.seat_ref).update(allocated=3)
    html = client.get(page).content.decode()
    assert "seats left" not in html
    assert "Full" in html


def test_a_translation_is_shown_and_its_empty_parts_come_from_the_original_marked(client: Client) -> None:
    course = make_course(title="琴")
    CoursePage.objects.filter(course=course).update(outcomes="自己調音")
    page = translate_course(course=course, language="en", title="The ukulele", tagline="Four strings")
    page.get_latest_revision().publish()
    html = client.get(f"/en/courses/{course.slug}/").content.decode()
    assert "The ukulele" in html
    assert "自己調音" in html
    chinese = client.get(f"/zh-hant/courses/{course.slug}/").content.decode()
    assert "The ukulele" not in chinese


def test_what_has_no_translation_is_shown_in_its_original_and_marked(client: Client) -> None:
    course = make_course(title="琴")
    html = client.get(f"/en/courses/{course.slug}/").content.decode()
    assert "琴" in html
    assert "Shown in the original language" in html
    assert "Shown in the original" not in client.get(f"/zh-hant/courses/{course.slug}/").content.decode()


def test_the_landing_page_asks_at_most_ten_queries_and_no_more_with_a_thousand_rows(
    student: Any, visitor: Any, client_of: Any
) -> None:
    cohort = make_cohort(course=make_course(lessons=10))
    make_offer(cohort=cohort, sku=make_sku(seller=cohort.course.teacher))
    enrol(student, cohort)
    path = f"/courses/{cohort.course.slug}/"
    readers = [Client(), client_of(visitor), client_of(student)]
    few = [queries(reader, path) for reader in readers]
    grow(cohort, lessons=1000, cohorts=1000)
    assert [queries(reader, path) for reader in readers] == few
    assert max(few) <= 10


def test_the_catalogue_asks_the_same_queries_for_any_number_of_courses() -> None:
    make_offer(cohort=make_cohort(course=make_course(lessons=1)))
    few = queries(Client(), "/courses/")
    for _number in range(9):
        make_offer(cohort=make_cohort(course=make_course(lessons=1)))
    assert queries(Client(), "/courses/") == few


def test_strangers_to_a_class_read_the_landing_page_with_its_buy_button_and_members_without(student: Any, client_of: Any) -> None:
    cohort = make_cohort()
    enrol(student, cohort)
    html = client_of(student).get(f"/en/courses/{cohort.course.slug}/").content.decode()
    assert "Continue: Lesson 1" in html
    assert "See price and dates" in client_of(make_user()).get(f"/en/courses/{cohort.course.slug}/").content.decode()
