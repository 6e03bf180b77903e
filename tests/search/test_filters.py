"""Filters of the search: they stand in the address, narrow what is found, and never open anything."""

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Profile, User
from kit import outbox
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def page(client: Client, **asked: str) -> str:
    answer = client.get("/en/search/", {"q": "apricot", **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def found(client: Client, **asked: str) -> list[str]:
    titles = re.findall(r'<h2 class="hit-title"><a[^>]*>(.*?)</a></h2>', page(client, **asked))
    return sorted(html.unescape(re.sub("<[^>]+>", "", title)) for title in titles)


@pytest.fixture
def mei(db: None) -> User:
    user = make_user(name="Mei")
    Profile.objects.filter(user=user).update(handle="mei", is_public=True)
    return user


@pytest.fixture
def town(mei: User, clock: object) -> None:
    public = {"visibility": "public"}
    one, other = make_space(slug="one", name="One", **public), make_space(slug="other", name="Other", **public)
    make_topic(space=one, author=mei, title="Old", source="apricot", kind="experience")
    deliver()
    clock.advance(days=10)  # type: ignore[attr-defined]
    make_topic(space=one, title="Chinese", source="apricot 杏桃", kind="question")
    make_topic(space=other, author=mei, title="New", source="apricot", kind="deal")
    deliver()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({}, ["Chinese", "New", "Old"]),
        ({"space": "one"}, ["Chinese", "Old"]),
        ({"author": "mei"}, ["New", "Old"]),
        ({"author": "@mei"}, ["New", "Old"]),
        ({"author": "mei", "space": "other"}, ["New"]),
        ({"time": "week"}, ["Chinese", "New"]),
        ({"time": "month"}, ["Chinese", "New", "Old"]),
        ({"language": "zh"}, ["Chinese"]),
        ({"language": "en"}, ["New", "Old"]),
        ({"tag": "deal"}, ["New"]),
        ({"kind": "post", "tag": "question"}, ["Chinese"]),
        ({"kind": "lesson"}, []),
        ({"space": "nowhere"}, []),
        ({"author": "nobody"}, []),
        ({"time": "eon", "language": "tlh", "kind": "sausage"}, ["Chinese", "New", "Old"]),
    ],
)
def test_each_filter_narrows_what_is_found(town: None, client: Client, asked: dict[str, str], titles: list[str]) -> None:
    assert found(client, **asked) == titles


@pytest.mark.parametrize("value", ["\x00", "'", "%", "%s", "x" * 500, "<script>alert(1)</script>", "-1", "９"])
@pytest.mark.parametrize("name", ["kind", "space", "author", "time", "language", "tag", "page"])
def test_no_value_of_a_filter_breaks_the_page_or_runs(client: Client, db: None, name: str, value: str) -> None:
    assert "<script>alert" not in page(client, **{name: value})


def test_a_closed_space_is_not_opened_by_its_filter(client: Client, client_of: Callable[[User], Client]) -> None:
    topic = make_topic(space=make_space(slug="class-1", name="Hidden name"), title="Secret", source="apricot")
    deliver()
    for browser in (client, client_of(make_user())):
        assert found(browser, space="class-1") == []
        assert "Hidden name" not in page(browser, space="class-1")
    assert found(client_of(topic.author), space="class-1") == ["Secret"]
    assert found(client_of(topic.author), author=topic.author.profile.handle) == ["Secret"]


def test_the_handle_of_a_page_that_is_not_public_tells_nothing(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"), title="Mine", source="apricot")
    deliver()
    assert found(client, author=topic.author.profile.handle) == []


def test_filters_stay_in_the_addresses_of_the_page_and_each_can_be_taken_off(town: None, client: Client) -> None:
    shown = html.unescape(page(client, author="mei", language="en"))
    assert 'href="?q=apricot&kind=post&author=mei&language=en"' in shown
    assert 'href="?q=apricot&language=en"' in shown
    assert 'href="?q=apricot&author=mei"' in shown


def test_a_hit_says_where_it_stands_and_who_wrote_it(town: None, client: Client) -> None:
    shown = page(client, tag="deal")
    assert "<span>Other</span>" in shown
    assert "<span>Mei</span>" in shown
