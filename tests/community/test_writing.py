"""Posts: numbered, once per key, limited, safe, and only by members."""

import threading
from typing import Any

import pytest
from django.db import close_old_connections, connection

from community import flows
from community.errors import NotSound, Refused, TooFast
from community.flows import writing
from community.models import Post, Topic
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_the_first_post_of_a_topic_has_number_one_and_replies_count_on() -> None:
    topic = make_topic()
    second = flows.reply(author=topic.author, topic=topic, source="**two**", key="k2")
    topic.refresh_from_db()
    assert list(topic.posts.values_list("no", flat=True)) == [1, 2]
    assert (second.no, topic.last_no, second.html) == (2, 2, "<p><strong>two</strong></p>\n")


def test_the_same_key_of_one_author_gives_the_same_post_and_of_two_authors_two() -> None:
    topic = make_topic()
    other = make_user()
    flows.join(user=other, space=topic.space)
    first = flows.reply(author=topic.author, topic=topic, source="once", key="same")
    assert flows.reply(author=topic.author, topic=topic, source="once more", key="same").pk == first.pk
    assert flows.reply(author=other, topic=topic, source="mine", key="same").pk != first.pk


def test_the_same_key_gives_the_same_topic() -> None:
    space, user = make_space(), make_user()
    flows.join(user=user, space=space)
    made = [flows.open_topic(author=user, space=space, kind="question", title="t", source="s", key="one") for _ in range(2)]
    assert made[0].pk == made[1].pk
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("role", ["", "reader"])
def test_only_those_who_may_write_do(role: str) -> None:
    topic, stranger = make_topic(), make_user()
    if role:
        flows.join(user=stranger, space=topic.space, role=role)
    with pytest.raises(Refused):
        flows.reply(author=stranger, topic=topic, source="hello", key="x")


def test_nobody_writes_in_an_archived_space_or_a_locked_topic_but_its_moderator() -> None:
    topic, moderator = make_topic(), make_user()
    flows.join(user=moderator, space=topic.space, role="moderator")
    flows.set_locked(by=moderator, topic=topic, on=True)
    with pytest.raises(Refused):
        flows.reply(author=topic.author, topic=topic, source="hello", key="x")
    assert flows.reply(author=moderator, topic=topic, source="closed because", key="y").no == 2
    topic.space.archived_at = topic.created_at
    topic.space.save()
    with pytest.raises(Refused):
        flows.reply(author=moderator, topic=topic, source="hello", key="z")


def test_an_eleventh_post_within_a_minute_is_too_fast_and_says_when_to_come_back(clock: Any) -> None:
    topic = make_topic()
    for number in range(9):
        flows.reply(author=topic.author, topic=topic, source="quick", key=f"k{number}")
    with pytest.raises(TooFast) as refusal:
        flows.reply(author=topic.author, topic=topic, source="quick", key="k-last")
    assert 1 <= refusal.value.retry_after <= 60
    clock.advance(seconds=refusal.value.retry_after)
    assert flows.reply(author=topic.author, topic=topic, source="patient", key="k-last").no == 11


@pytest.mark.parametrize("source", ["", "  \n ", "x" * 20_001, "\u202e"])
def test_an_empty_or_endless_post_stores_nothing(source: str) -> None:
    topic = make_topic()
    with pytest.raises(NotSound):
        flows.reply(author=topic.author, topic=topic, source=source, key="x")
    assert Post.objects.count() == 1


def test_only_those_who_run_a_space_announce_or_place_an_offer_and_only_where_offers_are_allowed() -> None:
    space, member, owner = make_space(), make_user(), make_user()
    flows.join(user=member, space=space)
    flows.join(user=owner, space=space, role="owner")
    for fields in ({"kind": "announcement"}, {"kind": "deal", "offer": "offer:1"}):
        with pytest.raises(Refused):
            flows.open_topic(author=member, space=space, title="t", source="s", key=str(fields), **fields)
    assert (
        flows.open_topic(author=owner, space=space, kind="deal", title="t", source="s", key="a", offer="offer:1").offer
        == "offer:1"
    )
    space.offers_allowed = False
    space.save()
    with pytest.raises(Refused):
        flows.open_topic(author=owner, space=space, kind="deal", title="t", source="s", key="b", offer="offer:1")


def test_an_author_edits_an_own_post_and_nobody_else_does() -> None:
    topic, moderator = make_topic(), make_user()
    flows.join(user=moderator, space=topic.space, role="moderator")
    post = topic.posts.get()
    edited = flows.edit_post(by=topic.author, post=post, source="better")
    assert (edited.html, edited.edited_at is not None) == ("<p>better</p>\n", True)
    with pytest.raises(Refused):
        flows.edit_post(by=moderator, post=post, source="words in your mouth")


def _reply_all_at_once(topic: Topic, people: list[Any]) -> list[BaseException]:
    errors: list[BaseException] = []
    start = threading.Barrier(len(people))

    def work(person: Any) -> None:
        start.wait()
        try:
            flows.reply(author=person, topic=topic, source="at once", key="k")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return errors


def _crowd(topic: Topic, size: int = 8) -> list[Any]:
    people = [make_user() for _ in range(size)]
    for person in people:
        flows.join(user=person, space=topic.space)
    return people


@pytest.mark.django_db(transaction=True)
def test_eight_replies_at_once_get_eight_numbers_without_a_gap() -> None:
    topic = make_topic()
    assert _reply_all_at_once(topic, _crowd(topic)) == []
    assert list(topic.posts.values_list("no", flat=True)) == list(range(1, 10))


@pytest.mark.django_db(transaction=True)
def test_control_without_the_row_lock_the_numbers_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = make_topic()
    people = _crowd(topic)
    everybody_has_read = threading.Barrier(len(people))

    def read_without_lock(asked: Topic) -> Topic:
        found = Topic.objects.select_related("space").get(pk=asked.pk)
        everybody_has_read.wait()
        return found

    monkeypatch.setattr(writing, "lock_topic", read_without_lock)
    assert _reply_all_at_once(topic, people) != []
