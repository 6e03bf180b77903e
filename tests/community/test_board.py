"""The board: newest first, pinned on top, by kind, by keyset, with what is unread."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import flows, reads
from community.models import ReadMark
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_topics_stand_newest_activity_first_and_pinned_on_top(client_of: Callable[[User], Client], clock: Any) -> None:
    space, boss = make_space(), make_user()
    flows.join(user=boss, space=space, role="owner")
    topics = []
    for title in ("first", "second", "third"):
        topics.append(make_topic(space=space, title=title))
        clock.advance(minutes=5)
    flows.reply(author=topics[0].author, topic=topics[0], source="again", key="k")
    flows.set_pinned(by=boss, topic=topics[1], on=True)
    page = reads.board(space, boss)
    assert [topic.title for topic in page.pinned] == ["second"]
    assert [topic.title for topic in page.topics] == ["first", "third"]
    text = client_of(boss).get(f"/community/{space.slug}/").content.decode()
    assert text.index("second") < text.index("first") < text.index("third")


def test_pages_follow_each_other_without_gap_or_double_even_when_times_are_equal() -> None:
    space = make_space()
    made = [make_topic(space=space, title=f"t{number}").pk for number in range(7)]
    type(make_topic()).objects.filter(space=space).update(last_post_at=space.created_at)
    seen, before = [], ""
    for _ in range(5):
        page = reads.board(space, make_user(), before=before, limit=3)
        seen += [topic.pk for topic in page.topics]
        before = page.older
        if not before:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "1e999-1", "-", "nan-3", "12", "1-99999999999999999999999"])
def test_a_made_up_cursor_does_no_harm(client: Client, cursor: str) -> None:
    space = make_space(visibility="public")
    make_topic(space=space)
    assert client.get(f"/community/{space.slug}/", {"before": cursor}).status_code == 200


def test_the_board_filters_by_kind(client_of: Callable[[User], Client]) -> None:
    space = make_space()
    asked = make_topic(space=space, title="A question")
    make_topic(space=space, title="A work", kind="work")
    text = client_of(asked.author).get(f"/community/{space.slug}/?kind=work").content.decode()
    assert "A work" in text
    assert "A question" not in text


def test_unread_topics_are_marked_and_lead_to_the_first_unread_post(client_of: Callable[[User], Client]) -> None:
    topic, reader = make_topic(title="How"), make_user()
    flows.join(user=reader, space=topic.space)
    browser, board = client_of(reader), f"/community/{topic.space.slug}/"
    topic.refresh_from_db()
    flows.reply(author=topic.author, topic=topic, source="more", key="k1")
    assert [found.unread for found in reads.board(topic.space, reader).topics] == [2]
    browser.get(topic.path)
    assert [found.unread for found in reads.board(topic.space, reader).topics] == [0]
    flows.reply(author=topic.author, topic=topic, source="still more", key="k2")
    assert [found.unread for found in reads.board(topic.space, reader).topics] == [1]
    assert f'href="/en{topic.path}3/"' in browser.get("/en" + board).content.decode()


def test_what_was_said_before_one_joined_or_sixty_days_ago_is_not_unread(clock: Any) -> None:
    topic, late, early = make_topic(), make_user(), make_user()
    flows.join(user=early, space=topic.space)
    topic.last_post_at = topic.created_at
    clock.advance(days=1)
    flows.join(user=late, space=topic.space)
    assert reads.board(topic.space, late).topics[0].unread == 0
    flows.reply(author=topic.author, topic=topic, source="new", key="k")
    assert reads.board(topic.space, late).topics[0].unread == 2
    clock.advance(days=61)
    assert reads.board(topic.space, late).topics[0].unread == 0


def test_marking_all_as_read_leaves_nothing_unread(client_of: Callable[[User], Client]) -> None:
    space, reader = make_space(), make_user()
    flows.join(user=reader, space=space)
    topic = make_topic(space=space)
    assert reads.spaces_of(reader)[0].unread == 1
    client_of(reader).post(f"/community/{topic.space.slug}/read/")
    assert reads.board(topic.space, reader).topics[0].unread == 0
    assert reads.spaces_of(reader)[0].unread == 0


def test_a_mark_only_moves_forward_and_never_beyond_the_last_post() -> None:
    topic, reader = make_topic(), make_user()
    flows.reply(author=topic.author, topic=topic, source="two", key="k")
    topic.refresh_from_db()
    for no in (2, 1, 99):
        flows.mark_read(user=reader, topic=topic, no=no)
    assert ReadMark.objects.get().last_read_no == 2
