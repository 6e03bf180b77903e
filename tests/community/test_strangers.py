"""Every private address of a space: a stranger's, a refunded member's and another space's moderator's answer is 404."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Topic
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
SPACE = ["join/", "members/", "members/1/", "applications/", "applications/1/", "applications/1/proof/", "settings/"]
SPACE += ["settings/passes/", "settings/calendar/", "settings/copy/"]
READ = [
    *SPACE,
    "{t}/1/history/",
    "{t}/1/quote/",
    "{t}/move/",
    "names/",
    "files/1/",
    "",
    "new/",
    "{t}-how/",
    "{t}/",
    "{t}-how/1/",
    "{t}/1/",
    "{t}/1/edit/",
    "{t}/1/report/",
    "{t}/1/remove/",
    "reports/",
]
WRITE = [
    "join/",
    "hint/",
    "members/1/",
    "applications/1/decide/",
    "settings/",
    "settings/passes/",
    "settings/passes/1/end/",
    "settings/calendar/",
    "settings/calendar/1/",
    "settings/copy/",
    "settings/archive/",
    "leave/",
    "read/",
    "new/",
    "{t}/reply/",
    "{t}/state/",
    "{t}/1/thank/",
    "{t}/1/thank/bravo/",
    "{t}/kind/",
    "draft/",
    "preview/",
    "files/",
    "{t}/1/accept/",
    "{t}/1/edit/",
    "{t}/1/report/",
]
WRITE += ["{t}/1/remove/", "{t}/1/keep/"]


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic(space=make_space(slug="class-1"), title="How", source="the secret of the class")


def refunded(topic: Topic) -> User:
    user = make_user()
    flows.join(user=user, space=topic.space, source="enrolment:9")
    flows.leave(source="enrolment:9")
    return user


def moderator_elsewhere(topic: Topic) -> User:
    user = make_user()
    flows.join(user=user, space=make_space(), role="owner")
    return user


@pytest.mark.parametrize("who", [lambda topic: make_user(), refunded, moderator_elsewhere])
@pytest.mark.parametrize("address", READ)
def test_pages_are_missing(topic: Topic, client_of: Callable[[User], Client], who: Callable[[Topic], User], address: str) -> None:
    answer = client_of(who(topic)).get("/community/class-1/" + address.format(t=topic.pk))
    assert answer.status_code == 404
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("who", [lambda topic: make_user(), refunded, moderator_elsewhere])
@pytest.mark.parametrize("address", WRITE)
def test_nothing_can_be_sent(
    topic: Topic, client_of: Callable[[User], Client], who: Callable[[Topic], User], address: str
) -> None:
    values = {"source": "x", "title": "x", "kind": "question", "reason": "x", "do": "pin"}
    assert client_of(who(topic)).post("/community/class-1/" + address.format(t=topic.pk), values).status_code == 404
    assert Topic.objects.get().last_no == 1


@pytest.mark.parametrize("address", READ)
def test_anonymous_people_are_sent_to_the_login_for_closed_and_missing_spaces_alike(
    topic: Topic, client: Client, address: str
) -> None:
    for space in ("class-1", "no-such-class"):
        answer = client.get(f"/community/{space}/" + address.format(t=topic.pk))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/community/")


@pytest.mark.parametrize("address", ["{t}-how/", "{t}/1/", "{t}/1/report/"])
def test_a_topic_is_not_found_through_the_address_of_another_space(
    topic: Topic, client_of: Callable[[User], Client], address: str
) -> None:
    user = make_user()
    flows.join(user=user, space=make_space(slug="my-class"))
    assert client_of(user).get("/community/my-class/" + address.format(t=topic.pk)).status_code == 404


@pytest.mark.parametrize("address", ["reports/", "{t}/1/remove/", *SPACE[2:]])
def test_a_plain_member_finds_no_moderator_pages(topic: Topic, client_of: Callable[[User], Client], address: str) -> None:
    assert client_of(topic.author).get("/community/class-1/" + address.format(t=topic.pk)).status_code == 404


def test_a_plain_member_changes_no_state(topic: Topic, client_of: Callable[[User], Client]) -> None:
    for wish in ("pin", "lock"):
        assert client_of(topic.author).post(f"/community/class-1/{topic.pk}/state/", {"do": wish}).status_code == 404
    topic.refresh_from_db()
    assert not topic.is_pinned
    assert not topic.is_locked


def test_a_member_sees_all_of_it_until_the_refund_and_then_nothing(topic: Topic, client_of: Callable[[User], Client]) -> None:
    user = make_user()
    flows.join(user=user, space=topic.space, source="enrolment:1")
    browser = client_of(user)
    address = f"/community/class-1/{topic.pk}-how/"
    assert "secret" in browser.get(address).content.decode()
    assert browser.get(address).headers["Cache-Control"] == "private, no-store"
    flows.leave(source="enrolment:1")
    assert browser.get(address).status_code == 404
    assert "class-1" not in browser.get("/community/").content.decode()


def test_the_role_of_a_moderator_alone_opens_no_space_but_the_owner_of_the_site_enters_all(
    topic: Topic, client_of: Callable[[User], Client], moderator: User, owner: User
) -> None:
    assert client_of(moderator).get("/community/class-1/").status_code == 404
    assert client_of(owner).get("/community/class-1/reports/").status_code == 200
