"""The last step: what is missing, the preview from drafts, publishing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import CoursePage, Enrolment, LessonPage
from kit.models import OutboxMessage
from shop.catalogue.models import Offer
from shop.referrals.models import Programme
from stock.models import StockItem
from tests.pages.guided_walk import KIT, WORDS, Walk, price_values

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def walk(teacher: User, client_of: SignIn) -> Walk:
    return Walk(client_of(teacher))


def needed(walk: Walk) -> list[str]:
    """What the checklist calls needed."""
    page = walk.client.get(walk.at("check"))
    return [item.text for item in page.context["items"] if item.state == "must"]


def test_an_empty_course_lists_all_that_is_missing_and_is_not_published(walk: Walk) -> None:
    walk.begin()
    assert needed(walk) == [
        "At least one lesson with text", "A price", "Seats in the class", "A start date that is not over", "What a referrer gets",
    ]  # fmt: skip
    page = walk.client.get(walk.at("check")).content.decode()
    assert walk.at("outline") in page
    assert walk.at("price") in page
    walk.send("check")
    assert not CoursePage.objects.filter(live=True).exists()


@pytest.mark.parametrize(
    ("step", "values", "text"),
    [
        ("outline", {**WORDS, "words": ""}, "At least one lesson with text"),
        ("kit", {**KIT, "on_hand": "0"}, "Kits in stock"),
        ("price", price_values(currency="USD"), "The kit's value is in the currency of the price"),
    ],
)
def test_each_missing_thing_forbids_publishing_until_it_is_mended(
    walk: Walk, step: str, values: dict[str, Any], text: str
) -> None:
    walk.until_check()
    walk.send(step, values)
    assert text in needed(walk)
    walk.send("check")
    assert Offer.objects.get().state == "draft"
    walk.until_check()
    assert needed(walk) == []
    walk.send("check")
    assert Offer.objects.get().state == "live"


def test_day_one_by_parcel_needs_a_kit(walk: Walk) -> None:
    walk.until_check(kit=False)
    walk.send("price", price_values(start_rule="delivery"))
    assert "Day 1 waits for a parcel" in "".join(needed(walk))
    walk.send("kit", KIT)
    assert needed(walk) == []


def test_a_class_whose_day_has_gone_by_is_not_published(walk: Walk, clock: Any) -> None:
    walk.until_check()
    clock.advance(days=1000)
    assert needed(walk) == ["A start date that is not over"]


def test_the_preview_shows_the_draft_as_a_visitor_will_see_it(walk: Walk) -> None:
    course = walk.until_check()
    page = walk.client.get(walk.at("look")).content.decode()
    # Twelve seats, but eight kits: what can be bought.
    for text in (course.title, "Thirty quiet evenings", "A whole song", "Week 2", "¥599", "8 to be had", "Soprano ukulele"):
        assert text in page, text
    assert reverse("guided:look_lesson", args=[course.pk, "day-1"]) in page
    assert "Continue" not in page  # a teacher would be led on; a visitor is asked to buy


def test_the_preview_of_lessons_knows_who_may_read(walk: Walk) -> None:
    course = walk.until_check()
    free, paid = (reverse("guided:look_lesson", args=[course.pk, slug]) for slug in ("day-1", "day-3"))
    assert "Put it on your &lt;lap&gt;." in walk.client.get(free).content.decode()
    locked = walk.client.get(paid).content.decode()
    assert "This lesson belongs to the course" in locked
    assert "This lesson belongs to the course" not in walk.client.get(f"{paid}?day=3").content.decode()
    early = walk.client.get(f"{paid}?day=1").content.decode()
    assert "Strumming" in early
    assert early != walk.client.get(f"{paid}?day=3").content.decode()


def test_the_preview_shows_what_was_saved_after_publishing(walk: Walk) -> None:
    walk.until_check()
    walk.send("check")
    walk.send("name", {"title": "Newer than new", "tagline": "x"})
    walk.send("outline", {**WORDS, "words": "Freshly written."})
    assert "Newer than new" in walk.client.get(walk.at("look")).content.decode()
    lesson = reverse("guided:look_lesson", args=[walk.course.pk, "day-1"]) if walk.course else ""
    assert "Freshly written." in walk.client.get(lesson).content.decode()
    assert b"Newer than new" not in Client().get("/courses/ukulele-for-the-shy/").content


def test_looking_leaves_nothing_behind(walk: Walk) -> None:
    course = walk.until_check()
    before = (User.objects.count(), OutboxMessage.objects.count())
    for query in ("", "?day=1", "?day=99999", "?day=0", "?day=x"):
        assert walk.client.get(walk.at("look") + query).status_code == 200
    walk.client.get(reverse("guided:look_lesson", args=[course.pk, "day-2"]) + "?day=2")
    assert (User.objects.count(), OutboxMessage.objects.count()) == before
    assert not Enrolment.objects.exists()
    assert not LessonPage.objects.filter(live=True).exists()
    assert not CoursePage.objects.filter(live=True).exists()
    assert Offer.objects.get().state == "draft"
    assert Client().get(f"/courses/{course.slug}/").status_code == 404
    assert walk.client.get(reverse("guided:look_lesson", args=[course.pk, "day-77"])).status_code == 404


def test_only_our_own_pages_may_frame_the_preview(walk: Walk) -> None:
    walk.until_check()
    response = walk.client.get(walk.at("look"))
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_opening_the_last_step_changes_nothing(walk: Walk, clock: Any) -> None:
    course = walk.until_check()
    seats = StockItem.objects.get(ref=course.cohorts.get().seat_ref)
    walk.client.get(walk.at("check"))
    assert Offer.objects.get().state == "draft"
    assert StockItem.objects.get(pk=seats.pk).on_hand == 12


def test_dates_stay_once_somebody_has_a_seat(walk: Walk, student: User) -> None:
    from courses.flows import grant_seat

    course = walk.until_check()
    cohort = course.cohorts.get()
    grant_seat(user=student, cohort=cohort, source="staff:1")
    later = f"{cohort.starts_on + timedelta(days=7)}"
    refused = walk.send("price", price_values(starts_on=later))
    assert refused.status_code == 422
    assert "Students have seats in this class" in refused.content.decode()
    assert walk.send("price", price_values(name="Class A", seats="30")).status_code == 302
    cohort.refresh_from_db()
    assert cohort.name == "Class A"


def test_a_course_on_sale_under_the_general_programme_lacks_nothing(walk: Walk) -> None:
    walk.until_check()
    assert walk.send("check").status_code == 302
    Programme.objects.update(offer=None)
    assert needed(walk) == []
