"""How many queries a page takes, whatever the rows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Attachment, Membership, Mention, Post, Reaction, ReadMark, Report, Space, Topic
from kit.clock import now
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
Limit = Callable[..., Any]


def people(number: int) -> list[User]:
    return User.objects.bulk_create([User(email=f"crowd{n}@demo.test", name=f"P{n}") for n in range(number)])


@pytest.fixture(params=[10, 1000])
def space(request: pytest.FixtureRequest, db: None) -> Space:
    """A space with 10 or 1,000 members, topics (half of them read by the first member), and reports."""
    size, moment = request.param, now()
    space = make_space(slug="class-1")
    crowd = people(size)
    Membership.objects.bulk_create(
        [Membership(space=space, user=one, joined_at=moment, role="helper" if n < 9 else "member") for n, one in enumerate(crowd)]
    )
    topics = Topic.objects.bulk_create(
        [
            Topic(
                space=space,
                author=crowd[n],
                title=f"T{n}",
                kind="question",
                created_at=moment,
                last_post_at=now(),
                last_no=1,
                is_pinned=n < 3,
            )
            for n in range(size)
        ]
    )
    posts = Post.objects.bulk_create(
        [
            Post(topic=topic, no=1, author=topic.author, source="s", html="<p>s</p>", renderer=1, created_at=moment, key="k")
            for topic in topics
        ]
    )
    ReadMark.objects.bulk_create([ReadMark(user=crowd[0], topic=topic, last_read_no=1) for topic in topics[::2]])
    Report.objects.bulk_create([Report(post=post, reporter=crowd[0], reason="r", at=moment) for post in posts])
    return space


def test_a_board(space: Space, client_of: Callable[[User], Client], django_assert_max_num_queries: Limit) -> None:
    browser = client_of(space.memberships.first().user)
    with django_assert_max_num_queries(10):
        assert browser.get("/community/class-1/").status_code == 200


def test_a_board_of_fifty_topics(
    client_of: Callable[[User], Client], django_assert_max_num_queries: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = make_topic()
    moment = now()
    Topic.objects.bulk_create(
        [
            Topic(space=topic.space, author=topic.author, title=f"T{n}", created_at=moment, last_post_at=moment, last_no=1)
            for n in range(49)
        ]
    )
    browser = client_of(topic.author)
    with django_assert_max_num_queries(10):
        assert len(browser.get(f"/community/{topic.space.slug}/").context["page"].topics) == 50


def fill_with_what_stands_beside(posts: list[Post], crowd: list[User]) -> None:
    """Every post edited, answering the one before, with a file, a mention and a reaction of each kind."""
    moment = now()
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(answers_no=F("no") - 1, edited_at=moment)
    kinds = [kind for kind in Reaction.Kind.values if kind != "thanks"]
    Reaction.objects.bulk_create([Reaction(post=post, user=crowd[0], kind=kind, at=moment) for post in posts for kind in kinds])
    Mention.objects.bulk_create([Mention(post=post, user=crowd[1], handle="p1") for post in posts])
    file = {"kind": "image", "name": "a.webp", "content_type": "image/webp", "size": 9, "width": 4, "height": 3}
    Attachment.objects.bulk_create(
        [
            Attachment(owner=post.author, post=post, key=f"k{post.pk}", sent_key=f"s{post.pk}", created_at=moment, **file)
            for post in posts
        ]
    )


@pytest.mark.parametrize("size", [10, 1000])
def test_a_topic(size: int, client_of: Callable[[User], Client], django_assert_max_num_queries: Limit) -> None:
    topic, moment, crowd = make_topic(), now(), people(size)
    Membership.objects.bulk_create([Membership(space=topic.space, user=one, joined_at=moment, role="helper") for one in crowd])
    posts = Post.objects.bulk_create(
        [
            Post(topic=topic, no=n + 2, author=one, source="s", html="<p>s</p>", renderer=1, created_at=moment, key="k")
            for n, one in enumerate(crowd)
        ]
    )
    Reaction.objects.bulk_create([Reaction(post=posts[0], user=one, at=moment) for one in crowd])
    fill_with_what_stands_beside(posts, crowd)
    topic.last_no, topic.accepted_no = size + 1, size + 1
    topic.save()
    browser = client_of(crowd[0])
    with django_assert_max_num_queries(14):
        assert browser.get(topic.path).status_code == 200
    with django_assert_max_num_queries(14):
        assert browser.get(topic.path + "?page=1").status_code == 200


def test_the_list_of_spaces(space: Space, client_of: Callable[[User], Client], django_assert_max_num_queries: Limit) -> None:
    user = space.memberships.first().user
    for _ in range(20):
        flows.join(user=user, space=make_space())
    browser = client_of(user)
    with django_assert_max_num_queries(10):
        assert browser.get("/community/").status_code == 200


def test_reports(space: Space, client_of: Callable[[User], Client], django_assert_max_num_queries: Limit) -> None:
    boss = make_user()
    flows.join(user=boss, space=space, role="moderator")
    browser = client_of(boss)
    with django_assert_max_num_queries(8):
        assert browser.get("/community/class-1/reports/").status_code == 200
