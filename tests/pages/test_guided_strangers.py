"""Who may make courses, and that nobody sees or touches another's."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from shop.catalogue.models import Offer, Price
from shop.referrals.models import Programme
from tests.pages.guided_walk import KIT, NAME, WORDS, Walk, price_values

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
STEPS = ("go_on", "name", "outline", "price", "kit", "sharing", "numbers", "check", "lessons", "look")


@pytest.fixture
def course(teacher: User, client_of: SignIn) -> Course:
    return Walk(client_of(teacher)).until_check()


@pytest.mark.parametrize("step", STEPS)
def test_another_instructors_course_is_not_there(step: str, course: Course, teacher2: User, client_of: SignIn) -> None:
    stranger = client_of(teacher2)
    values = {**NAME, **WORDS, **price_values(), **KIT, "seat": "50", "stock": "50"}
    address = reverse(f"guided:{step}", args=[course.pk])
    assert stranger.get(address).status_code == 404
    assert stranger.get(reverse(f"guided:{step}", args=[course.pk + 999])).status_code == 404
    if step not in ("go_on", "numbers", "lessons", "look"):
        assert stranger.post(address, values).status_code == 404
    assert Offer.objects.get().state == "draft"
    assert Price.objects.get().amount == 59900


def test_a_lesson_of_another_instructors_draft_cannot_be_looked_at(course: Course, teacher2: User, client_of: SignIn) -> None:
    address = reverse("guided:look_lesson", args=[course.pk, "day-1"])
    assert client_of(teacher2).get(address).status_code == 404


def test_the_list_and_the_panel_show_ones_own_courses_only(
    course: Course, teacher: User, teacher2: User, client_of: SignIn
) -> None:
    mine, other = client_of(teacher), client_of(teacher2)
    assert course.title in mine.get(reverse("guided:courses")).content.decode()
    Walk(other).begin(title="Coffee by hand", key="two")
    page = other.get(reverse("guided:courses")).content.decode()
    assert "Coffee by hand" in page
    assert course.title not in page
    assert course.title not in other.get("/admin/").content.decode()


def test_the_owner_sees_and_mends_every_course(course: Course, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    assert course.title in client.get(reverse("guided:courses")).content.decode()
    assert client.post(reverse("guided:price", args=[course.pk]), price_values(price="499")).status_code == 302
    assert Price.objects.get(valid_to=None).amount == 49900
    assert Course.objects.get().teacher.email == "teacher@demo.test"


@pytest.mark.parametrize("who", ["student", "packer", "moderator", "visitor"])
def test_nobody_else_gets_in(who: str, course: Course, request: pytest.FixtureRequest, client_of: SignIn) -> None:
    client = client_of(request.getfixturevalue(who))
    for address in (reverse("guided:courses"), reverse("guided:start"), reverse("guided:check", args=[course.pk])):
        assert client.get(address).status_code in (302, 403, 404)
    client.post(reverse("guided:start"), {**NAME, "key": "x"})
    client.post(reverse("guided:check", args=[course.pk]))
    assert Course.objects.count() == 1
    assert Offer.objects.get().state == "draft"


def test_visitors_are_led_to_the_login(course: Course) -> None:
    for step in STEPS:
        response = Client().get(reverse(f"guided:{step}", args=[course.pk]))
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/")


def test_a_draft_is_nowhere_in_public(course: Course, referrer: User, client_of: SignIn) -> None:
    visitor, promoter = Client(), client_of(referrer)
    assert course.title not in promoter.get("/promote/").content.decode()
    assert promoter.post(reverse("referrals:join"), {"programme": Programme.objects.get().pk}).status_code == 404
    assert visitor.get(f"/courses/{course.slug}/").status_code == 404
    assert visitor.get(f"/courses/{course.slug}/day-1/").status_code == 404
    assert visitor.get(f"/shop/{course.slug}/").status_code == 404
    assert course.title not in visitor.get("/courses/").content.decode()
