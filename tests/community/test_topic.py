"""A topic's page: its address, its numbered pages, its answer, its first unread post."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Post, Topic
from kit import things
from kit.clock import now
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def fill(topic: Topic, upto: int) -> None:
    """Posts written in bulk, numbered on."""
    moment = now()
    Post.objects.bulk_create(
        [
            Post(
                topic=topic,
                no=no,
                author=topic.author,
                source=f"text {no}",
                html=f"<p>text {no}</p>",
                renderer=1,
                created_at=moment,
                key=f"f{no}",
            )
            for no in range(topic.last_no + 1, upto + 1)
        ]
    )
    topic.last_no, topic.last_post_at = upto, moment
    topic.save()


def test_an_address_with_a_wrong_or_no_slug_leads_to_the_right_one(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"), title="C 和弦悶悶的?")
    right = topic.path
    for wrong in (f"/community/{topic.space.slug}/{topic.pk}/", f"/community/{topic.space.slug}/{topic.pk}-old-title/"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.headers["Location"]) == (301, right)
    assert client.get(right).status_code == 200


def test_a_long_topic_has_numbered_pages_and_a_link_to_every_number(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"))
    fill(topic, 45)
    first, third = client.get(topic.path).content.decode(), client.get(topic.path + "?page=3").content.decode()
    assert 'id="post-20"' in first
    assert 'id="post-21"' not in first
    assert 'id="post-41"' in third
    answer = client.get(f"{topic.path}41/")
    assert answer.headers["Location"] == f"{topic.path}?page=3#post-41"
    assert client.get(f"{topic.path}99999/").headers["Location"] == f"{topic.path}?page=3#post-45"


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "9" * 40, "²"])
def test_a_made_up_page_is_a_page_of_the_topic(client: Client, page: str) -> None:
    topic = make_topic(space=make_space(visibility="public"))
    assert client.get(topic.path, {"page": page}).status_code == 200


def test_the_first_unread_post_is_offered_and_marked(client_of: Callable[[User], Client]) -> None:
    topic, reader = make_topic(), make_user()
    flows.join(user=reader, space=topic.space)
    browser = client_of(reader)
    assert "first unread" not in browser.get("/en" + topic.path).content.decode()
    fill(topic, 30)
    text = browser.get("/en" + topic.path).content.decode()
    assert "Jump to the first unread post" in text
    assert f"{topic.path}2/" in text
    assert "New since your last visit" in text
    assert f"{topic.path}21/" in browser.get("/en" + topic.path).content.decode()


def test_the_accepted_answer_stands_under_the_question_from_whatever_page(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"))
    fill(topic, 30)
    flows.accept_answer(by=topic.author, topic=topic, no=25)
    text = client.get("/en" + topic.path).content.decode()
    assert "Answered by" in text
    assert "text 25" in text
    assert "Accepted answer" in client.get("/en" + topic.path + "?page=2").content.decode()


def test_a_removed_post_keeps_its_number_and_loses_its_words(client: Client) -> None:
    topic, boss = make_topic(space=make_space(visibility="public")), make_user()
    flows.join(user=boss, space=topic.space, role="moderator")
    fill(topic, 3)
    flows.remove_post(by=boss, post=topic.posts.get(no=2), reason="off topic")
    text = client.get("/en" + topic.path).content.decode()
    assert "text 2" not in text
    assert 'id="post-2"' in text
    assert "text 3" in text


def test_what_a_topic_points_at_is_shown_only_to_whom_it_may_be(client: Client, client_of: Callable[[User], Client]) -> None:
    things.register(
        "riddle", lambda ids, request: {"7": things.Card("The lesson", "/l/")} if request.user.is_authenticated else {}
    )
    topic = make_topic(space=make_space(visibility="public"), about="riddle:7")
    assert "The lesson" in client_of(topic.author).get(topic.path).content.decode()
    assert "The lesson" not in client.get(topic.path).content.decode()
