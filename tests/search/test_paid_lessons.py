"""A paid lesson's words are found by those whom courses.access lets in, and stand in nobody else's results."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from accounts.models import User
from courses.flows import publish_course, revoke_seat
from courses.models import LessonPage
from kit import outbox
from search.models import SearchEntry
from shop.catalogue.flows import close_offer
from tests.factories import enrol, make_cohort, make_course, make_offer, make_user

pytestmark = pytest.mark.django_db
WORDS = "persimmon strumming secret"


def deliver() -> None:
    while due := outbox.due_message_ids(1000):
        for message in due:
            outbox.deliver(message_id=message)


def page(client: Client, text: str, kind: str = "") -> str:
    answer = client.get("/en/search/", {"q": text, "kind": kind})
    assert answer.status_code == 200
    return answer.content.decode()


def lessons_found(client: Client, text: str = "persimmon") -> list[int]:
    """Numbers of the lessons whose text is in the results."""
    shown = page(client, text)
    return [number for number in range(1, 6) if f"/day-{number}/" in shown]


@pytest.fixture
def course(db: None, teacher: User) -> Any:
    course = make_course(lessons=5, slug="uke", teacher=teacher, words=WORDS)
    deliver()
    return course


def test_strangers_find_no_word_of_a_lesson_in_title_or_snippet(
    course: Any, client: Client, client_of: Callable[[User], Client], teacher2: User
) -> None:
    for browser in (client, client_of(make_user()), client_of(teacher2)):
        for text in (
            "persimmon",
            "strumming secret",
            "persim",
            "goal of",
            "persimmon strumming secret goal of words",
        ):
            shown = page(browser, text)
            assert "secret 1" not in shown
            assert "secret 2" not in shown
            assert "Goal of lesson" not in shown
            assert 'class="hit"' not in shown


def test_titles_of_lessons_are_found_by_everyone_without_text(course: Any, client: Client) -> None:
    shown = page(client, "lesson", kind="lesson")
    assert shown.count('class="hit"') == 5
    assert "secret" not in shown


def test_a_student_finds_the_days_that_are_open_and_no_future_one(
    course: Any, client_of: Callable[[User], Client], clock: Any
) -> None:
    student = make_user()
    enrol(student, make_cohort(course=course))
    browser = client_of(student)
    assert lessons_found(browser) == [1]
    clock.advance(days=2)
    assert lessons_found(browser) == [1, 2, 3]
    assert "<mark>persimmon</mark> strumming secret 2" in page(browser, "persimmon")


def test_after_the_refund_nothing_is_found_any_more(course: Any, client_of: Callable[[User], Client], clock: Any) -> None:
    student = make_user()
    enrol(student, make_cohort(course=course), source="order:1")
    clock.advance(days=3)
    browser = client_of(student)
    assert lessons_found(browser) == [1, 2, 3, 4]
    revoke_seat(source="order:1")
    assert lessons_found(browser) == []


def test_a_seat_in_one_course_finds_nothing_of_another(course: Any, client_of: Callable[[User], Client], clock: Any) -> None:
    other = make_course(lessons=2, slug="coffee", teacher=course.teacher, words="kettle")
    deliver()
    student = make_user()
    enrol(student, make_cohort(course=other))
    clock.advance(days=9)
    browser = client_of(student)
    assert lessons_found(browser) == []
    assert lessons_found(browser, "kettle") == [1, 2]


def test_the_teacher_finds_all_of_the_own_course(course: Any, client_of: Callable[[User], Client], teacher: User) -> None:
    assert lessons_found(client_of(teacher)) == [1, 2, 3, 4, 5]


def test_an_index_that_says_public_by_mistake_still_gives_no_text_away(course: Any, client: Client) -> None:
    SearchEntry.objects.update(audience="public")
    assert lessons_found(client) in ([], [1])
    assert "secret 2" not in page(client, "persimmon")


def test_a_draft_is_in_nobodys_results_and_an_unpublished_lesson_leaves_them(
    client_of: Callable[[User], Client], client: Client, teacher: User
) -> None:
    course = make_course(lessons=2, slug="draft", teacher=teacher, words="walnut", title="Walnut course", publish=False)
    deliver()
    assert "walnut 1" not in page(client_of(teacher), "walnut")
    publish_course(course=course, actor=teacher)
    deliver()
    assert "Walnut" in page(client, "walnut", kind="course")
    LessonPage.objects.get(lesson__course=course, lesson__slug="day-2").unpublish()
    deliver()
    assert lessons_found(client_of(teacher), "walnut") == [1]


def test_offers_for_sale_are_found_and_others_not(client: Client) -> None:
    live = make_offer(title="Ukulele with bag", summary="Warm sound")
    make_offer(title="Ukulele nobody sees", live=False)
    deliver()
    shown = page(client, "ukulele")
    assert "with bag" in shown
    assert "nobody sees" not in shown
    close_offer(offer=live, actor=live.seller)
    assert "with bag" not in page(client, "ukulele")


def test_addresses_in_results_follow_the_language_of_the_reader_not_of_the_writer(course: Any, client: Client) -> None:
    assert not SearchEntry.objects.filter(url__startswith="/en/").exists()
    assert 'href="/en/courses/uke/day-2/"' in page(client, "lesson 2")
    assert 'href="/courses/uke/day-2/"' in client.get("/search/?q=lesson 2").content.decode()


@pytest.mark.parametrize(
    ("prefix", "title"),
    [("zh-hant", "烏克麗麗入門"), ("zh-hans", "乌克丽丽入门"), ("en", "烏克麗麗入門")],
)
def test_a_course_of_several_languages_is_one_hit_in_the_one_that_serves_the_reader_best(
    prefix: str, title: str, course: Any, client: Client
) -> None:
    """Both Chinese titles match either script; an English reader, who finds no English page, is shown the original."""
    page = course.pages.get()
    page.title = "烏克麗麗入門"
    page.save_revision().publish()
    simplified, _made = Locale.objects.get_or_create(language_code="zh-hans")
    other = page.copy_for_translation(simplified, copy_parents=True)
    other.title = "乌克丽丽入门"
    other.save_revision().publish()
    deliver()
    shown = client.get(f"/{prefix}/search/", {"q": "烏克麗麗"}).content.decode()
    hits = re.findall(r'<h2 class="hit-title"><a[^>]*>(.*?)</a></h2>', shown)
    assert [re.sub("<[^>]+>", "", hit) for hit in hits] == [title]
