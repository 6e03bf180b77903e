"""What pages do with live updates: what they watch, what they fetch, and the poll where no stream can be had."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Post, ReadMark, Topic
from notices.flows import Words, notify
from tests.factories import make_topic, make_user

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def member(topic: Topic) -> User:
    user = make_user()
    flows.join(user=user, space=topic.space)
    return user


def say(topic: Topic, text: str) -> Post:
    return flows.reply(author=topic.author, topic=topic, source=text, key=text)


def test_the_poll_says_how_things_stand_for_this_person_alone(client: Client, client_of: ClientOf) -> None:
    topic = make_topic()
    reader, stranger = member(topic), make_user()
    notify(user=reader, kind="x", key="a", words=Words("t"))
    query = {"watch": [f"topic:{topic.pk}", f"space:{topic.space_id}", "topic:0", "x", "topic:²"]}
    mine = client_of(reader).get("/notices/state/", query)
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert mine.json()["unread"] == 1
    assert mine.json()["values"][f"topic:{topic.pk}"] == 1
    assert client_of(stranger).get("/notices/state/", query).json() == {"unread": 0, "values": {}}
    assert client.get("/notices/state/").status_code == 302


def test_the_poll_costs_the_same_for_one_and_for_many(client_of: ClientOf, django_assert_max_num_queries: Any) -> None:
    topic = make_topic()
    names = [f"topic:{make_topic(space=topic.space, author=topic.author, is_paced=False).pk}" for _ in range(15)]
    browser = client_of(topic.author)
    with django_assert_max_num_queries(5):
        assert len(browser.get("/notices/state/", {"watch": names}).json()["values"]) == 15


def test_an_open_topic_fetches_the_posts_that_follow_and_they_count_as_read(client_of: ClientOf) -> None:
    topic = make_topic()
    reader = member(topic)
    browser = client_of(reader)
    page = browser.get(topic.path).content.decode()
    address = f"/community/{topic.space.slug}/{topic.pk}/after/1/"
    assert f'data-live-watch="topic:{topic.pk}"' in page
    assert f'data-hx-get="{address}"' in page
    say(topic, "second words")
    say(topic, "third words")
    got = browser.get(address).content.decode()
    assert got.index("second words") < got.index("third words")
    assert "Like this?" not in got
    assert f"/{topic.pk}/after/3/" in got
    assert ReadMark.objects.get(user=reader, topic=topic).last_read_no == 3
    assert 'id="post-' not in browser.get(f"/community/{topic.space.slug}/{topic.pk}/after/3/").content.decode()


def test_only_the_last_page_of_a_topic_grows_and_news_beyond_a_page_are_fetched_on(client_of: ClientOf) -> None:
    topic = make_topic()
    posts = [
        Post(
            topic=topic,
            no=no,
            author=topic.author,
            source="x",
            html="<p>x</p>",
            renderer=1,
            created_at=topic.created_at,
            key=str(no),
        )
        for no in range(2, 46)
    ]
    Post.objects.bulk_create(posts)
    Topic.objects.filter(pk=topic.pk).update(last_no=45)
    browser = client_of(member(topic))
    assert "data-live-watch" not in browser.get(topic.path).content.decode()
    assert "data-live-watch" in browser.get(topic.path, {"page": 3}).content.decode()
    seen, more = 1, True
    while more:
        got = browser.get(f"/community/{topic.space.slug}/{topic.pk}/after/{seen}/")
        numbers = [post.no for post in got.context["posts"]]
        assert numbers == list(range(seen + 1, seen + 1 + len(numbers)))
        seen, more = numbers[-1], "live, load" in got.content.decode()
    assert seen == 45


def test_an_open_board_is_told_how_many_posts_of_others_are_new(client_of: ClientOf) -> None:
    topic = make_topic()
    reader = member(topic)
    browser = client_of(reader)
    shown = browser.get(f"/en/community/{topic.space.slug}/").context["shown_at"]
    address = f"/en/community/{topic.space.slug}/news/"
    flows.reply(author=reader, topic=topic, source="my own", key="o")
    assert "new post" not in browser.get(address, {"after": shown}).content.decode()
    say(topic, "one")
    say(topic, "two")
    assert "2 new posts" in browser.get(address, {"after": shown}).content.decode()
    for wrong in ("", "x", "9" * 20, "-1"):
        assert browser.get(address, {"after": wrong}).status_code == 200


@pytest.mark.parametrize("path", ["after/0/", "news/"])
def test_who_may_not_read_the_space_fetches_nothing(path: str, client: Client, client_of: ClientOf) -> None:
    topic = make_topic(source="secret words")
    middle = f"{topic.pk}/" if path.startswith("after") else ""
    address = f"/community/{topic.space.slug}/{middle}{path}"
    missing = f"/community/no-such-space/{middle}{path}"
    stranger = client_of(make_user())
    assert stranger.get(address).status_code == stranger.get(missing).status_code == 404
    assert "/accounts/login/" in client.get(address).headers["Location"]
    left = member(topic)
    browser = client_of(left)
    assert browser.get(address).status_code == 200
    flows.leave(user=left, space=topic.space)
    assert browser.get(address).status_code == 404


def test_the_page_names_the_live_process_and_its_policy_allows_it(client: Client, client_of: ClientOf, settings: Any) -> None:
    settings.LIVE_URL = "http://127.0.0.1:21003/live/"
    page = client_of(make_user()).get("/notices/")
    assert 'data-live="http://127.0.0.1:21003/live/"' in page.content.decode()
    assert "js/live.js" in page.content.decode()
    assert "connect-src 'self' http://127.0.0.1:21003;" in page.headers["Content-Security-Policy"]
    assert "js/live.js" not in client.get("/community/").content.decode()
    assert client.get("/live/?watch=topic:1").headers["Location"] == "http://127.0.0.1:21003/live/?watch=topic:1"
    settings.LIVE_URL = ""
    assert client.get("/live/").status_code == 503


def test_the_open_inbox_fetches_itself_when_the_number_changes(client_of: ClientOf) -> None:
    user = make_user()
    notify(user=user, kind="x", key="a", words=Words("t"))
    page = client_of(user).get("/notices/").content.decode()
    assert 'data-live-watch="notices"' in page
    assert 'data-live-at="1"' in page
