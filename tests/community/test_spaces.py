"""Spaces, places in them, and what ends them."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community import access, flows
from community.models import Membership
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_a_space_about_something_is_made_once() -> None:
    first = flows.ensure_space(slug="class-1", name="Class 1", about="cohort:5")
    assert flows.ensure_space(slug="class-1-again", name="Other", about="cohort:5").pk == first.pk
    assert flows.ensure_space(slug="class-1", name="Other").pk == first.pk


def test_a_place_ends_with_what_gave_it_and_can_be_given_again() -> None:
    space, user = make_space(), make_user()
    flows.join(user=user, space=space, source="enrolment:1")
    assert access.may_write(user, space)
    assert flows.leave(source="enrolment:1") == 1
    assert not access.may_read(user, space)
    flows.join(user=user, space=space, source="enrolment:2")
    assert access.may_write(user, space)
    assert Membership.objects.filter(user=user).count() == 2


def test_joining_again_raises_a_role_and_never_lowers_it() -> None:
    space, user = make_space(), make_user()
    flows.join(user=user, space=space, role="moderator")
    assert flows.join(user=user, space=space, role="member").role == "moderator"
    assert flows.join(user=user, space=space, role="owner").role == "owner"


def test_a_place_that_staff_gave_outlives_a_refund() -> None:
    space, user = make_space(), make_user()
    flows.join(user=user, space=space, role="helper")
    flows.join(user=user, space=space, source="enrolment:1")
    assert flows.leave(source="enrolment:1") == 0
    assert access.may_write(user, space)


def test_the_list_shows_my_spaces_with_news_and_public_ones_but_no_closed_ones(client_of: Callable[[User], Client]) -> None:
    mine, public, closed = (
        make_space(name="My class"),
        make_space(name="Town hall", visibility="public"),
        make_space(name="Not mine"),
    )
    user = make_user()
    flows.join(user=user, space=mine)
    make_topic(space=mine)
    page = client_of(user).get("/en/community/").content.decode()
    assert "My class" in page
    assert "1 topic with news" in page
    assert public.name in page
    assert closed.name not in page


def test_visitors_see_public_spaces_only(client: Client) -> None:
    make_space(name="Town hall", visibility="public")
    make_space(name="Not mine")
    page = client.get("/community/").content.decode()
    assert "Town hall" in page
    assert "Not mine" not in page


def test_a_public_space_is_read_by_all_joined_by_oneself_and_left_again(
    client: Client, client_of: Callable[[User], Client]
) -> None:
    space, user = make_space(visibility="public"), make_user()
    address = f"/community/{space.slug}/"
    assert client.get(address).status_code == 200
    browser = client_of(user)
    assert not access.may_write(user, space)
    assert browser.post(address + "join/").status_code == 302
    assert access.may_write(user, space)
    assert browser.post(address + "leave/").status_code == 302
    assert not access.may_write(user, space)


def test_nobody_joins_a_members_space_by_themselves_nor_leaves_a_paid_place_by_accident(
    client_of: Callable[[User], Client],
) -> None:
    space, stranger, student = make_space(), make_user(), make_user()
    flows.join(user=student, space=space, source="enrolment:1")
    assert client_of(stranger).post(f"/community/{space.slug}/join/").status_code == 404
    assert client_of(student).post(f"/community/{space.slug}/leave/").status_code == 404
    assert access.may_write(student, space)


def test_get_changes_no_membership(client_of: Callable[[User], Client]) -> None:
    space, user = make_space(visibility="public"), make_user()
    for action in ("leave", "read"):
        assert client_of(user).get(f"/community/{space.slug}/{action}/").status_code == 405
    assert client_of(user).get(f"/community/{space.slug}/join/").status_code == 200
    assert not Membership.objects.exists()
