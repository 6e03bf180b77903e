"""From an empty instructor's /admin/ to something on sale, by the guided flow alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from community.models import Space
from courses.models import Cohort, Course, LessonPage
from shop.catalogue.models import Bundle, Offer, Price, Sku
from shop.referrals.models import Link, Programme, ProgrammeVersion
from stock.models import StockItem
from tests.pages.guided_walk import KIT, WORDS, Walk, price_values

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def walk(teacher: User, client_of: SignIn) -> Walk:
    return Walk(client_of(teacher))


def test_the_admin_home_offers_the_first_course_to_an_empty_instructor(walk: Walk) -> None:
    page = walk.client.get("/admin/").content.decode()
    assert reverse("guided:start") in page
    assert "Your first course" in page


def test_the_menu_leads_an_empty_instructor_straight_to_the_first_step(walk: Walk) -> None:
    assert walk.client.get(reverse("guided:courses")).url == reverse("guided:start")


def test_six_steps_make_everything_and_put_it_on_sale(walk: Walk, visitor: User, client_of: SignIn) -> None:
    assert walk.client.get(reverse("guided:start")).status_code == 200
    assert walk.begin().url == walk.at("outline")
    for step, values, after in [
        ("outline", WORDS, "price"),
        ("price", price_values(), "kit"),
        ("kit", KIT, "sharing"),
        ("sharing", {"seat": "30", "stock": "5"}, "check"),
    ]:
        assert walk.client.get(walk.at(step)).status_code == 200
        assert walk.send(step, values).url == walk.at(after), step
    page = walk.client.get(walk.at("check")).content.decode()
    assert "Publish and sell" in page
    assert "disabled" not in page.partition("guided-publish")[2].partition("</form>")[0]
    assert walk.send("check").url == walk.at("check")
    page = walk.client.get(walk.at("check")).content.decode()
    link = Link.objects.get()
    assert f"/r/{link.code}/" in page
    assert link.target == "/courses/ukulele-for-the-shy/"
    assert Offer.objects.get().state == "live"
    assert Client().get("/courses/ukulele-for-the-shy/").status_code == 200
    shop = client_of(visitor).get("/shop/ukulele-for-the-shy/")
    assert "¥599" in shop.content.decode()


def test_the_rows_are_those_that_other_rooms_sell_from(walk: Walk, teacher: User) -> None:
    course = walk.until_check()
    cohort = Cohort.objects.get(course=course)
    assert [(row.title, row.day, row.is_preview, row.module.title) for row in course.lessons.select_related("module")] == [
        ("Holding it", 1, True, "Week 1"),
        ("First chord", 2, False, "Week 1"),
        ("Strumming", 3, False, "Week 2"),
        ("A whole song", 4, False, "Week 2"),
    ]
    assert StockItem.objects.get(ref=cohort.seat_ref).on_hand == 12
    assert (cohort.ends_on - cohort.starts_on).days == 3
    assert Space.objects.get(about=cohort.seat_ref).name == "Class 1"
    sku = Sku.objects.get()
    assert (sku.length_mm, sku.width_mm, sku.height_mm, sku.weight_g, sku.value) == (620, 235, 110, 1500, 13000)
    assert StockItem.objects.get(ref=sku.stock_ref).on_hand == 8
    bundle = Bundle.objects.get(is_current=True)
    assert [(part.kind, part.weight) for part in bundle.components.all()] == [("seat", 46900), ("stock", 13000)]
    assert Programme.objects.get().versions.get().rules["rates"] == {"seat": 3000, "stock": 500}
    assert Offer.objects.get().seller == teacher
    page = LessonPage.objects.get(lesson__title="Holding it")
    assert str(page.body.raw_data[0]["value"]) == "<p>Sit down.</p><p>Put it on your &lt;lap&gt;.</p>"


def test_sending_every_step_twice_changes_instead_of_doubling(walk: Walk) -> None:
    walk.until_check()
    first = walk.course
    walk.course = None
    walk.begin()
    assert walk.course == first
    walk.until_check()
    for model in (Course, Cohort, Offer, Price, Sku, Programme, ProgrammeVersion):
        assert model.objects.count() == 1, model
    assert Bundle.objects.count() == 2  # seat alone, then with the kit
    assert first is not None
    assert first.lessons.count() == 4
    assert LessonPage.objects.filter(lesson__course=first).count() == 4
    walk.send("check")
    walk.send("check")
    assert Link.objects.count() == 1


def test_a_draft_is_left_and_taken_up_where_it_was(walk: Walk) -> None:
    walk.begin()
    assert walk.send("outline", {**WORDS, "leave": "yes"}).url == reverse("guided:courses")
    page = walk.client.get(reverse("guided:courses")).content.decode()
    assert "Ukulele for the shy" in page
    assert walk.client.get(walk.at("go_on")).url == walk.at("price")


def test_going_back_changes_what_was_said(walk: Walk) -> None:
    course = walk.until_check()
    walk.send("name", {"title": "Ukulele, gently", "tagline": "", "slug": "gentle-uke"})
    walk.send("price", price_values(price="699.50", seats="15", name="Spring"))
    course.refresh_from_db()
    offer = Offer.objects.get()
    assert (course.slug, offer.slug, offer.title) == ("gentle-uke", "gentle-uke", "Ukulele, gently")
    assert Programme.objects.get().name == "Ukulele, gently"
    assert Price.objects.get(valid_to=None).amount == 69950
    cohort = Cohort.objects.get()
    assert (cohort.name, StockItem.objects.get(ref=cohort.seat_ref).on_hand) == ("Spring", 15)
    assert Space.objects.get(about=cohort.seat_ref).name == "Spring"


def test_another_currency_ends_the_former_price(walk: Walk) -> None:
    walk.until_check(kit=False)
    walk.send("price", price_values(price="2600", currency="TWD"))
    assert [(row.currency, row.amount) for row in Price.objects.filter(valid_to=None)] == [("TWD", 260000)]


def test_a_kit_that_is_taken_out_and_put_back_is_the_same_goods(walk: Walk) -> None:
    walk.until_check()
    walk.send("kit", {"has_kit": "no"})
    assert [part.kind for part in Bundle.objects.get(is_current=True).components.all()] == ["seat"]
    walk.send("kit", {**KIT, "part": "100"})
    assert Sku.objects.count() == 1
    assert [part.weight for part in Bundle.objects.get(is_current=True).components.all()] == [49900, 10000]


def test_what_is_saved_after_publishing_waits_to_be_published(walk: Walk) -> None:
    walk.until_check()
    walk.send("check")
    walk.send("name", {"title": "A new name", "tagline": "", "slug": "elsewhere"})
    assert b"A new name" not in Client().get("/courses/ukulele-for-the-shy/").content
    assert "Publish the changes" in walk.client.get(walk.at("check")).content.decode()
    walk.send("check")
    assert b"A new name" in Client().get("/courses/ukulele-for-the-shy/").content
    assert "Publish the changes" not in walk.client.get(walk.at("check")).content.decode()


def test_every_lesson_can_be_written_in_the_page_editor(walk: Walk) -> None:
    course = walk.until_check()
    page = walk.client.get(walk.at("lessons")).content.decode()
    for ident in LessonPage.objects.filter(lesson__course=course).values_list("pk", flat=True):
        assert reverse("wagtailadmin_pages:edit", args=[ident]) in page
    assert walk.client.get(reverse("wagtailadmin_pages:edit", args=[ident])).status_code == 200


def test_pages_made_at_once_stand_right_in_wagtails_tree(walk: Walk) -> None:
    walk.until_check()
    assert [len(problems) for problems in LessonPage.find_problems()] == [0, 0, 0, 0, 0]
    page: Any = LessonPage.objects.get(lesson__title="Strumming")
    assert page.get_parent().specific.course == walk.course
    assert page.url_path.endswith("/ukulele-for-the-shy/day-3/")
