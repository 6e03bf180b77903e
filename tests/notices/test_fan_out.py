"""Thousands are told: the writer waits for nobody, a killed worker loses and doubles nothing."""

import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from accounts.models import User
from community import flows
from community.models import Membership, Post, Space
from kit import outbox
from kit.clock import now
from kit.models import OutboxMessage
from notices import fanout
from notices.flows import telling
from notices.models import Notice
from tests.factories import make_space, make_user
from tests.profile import size

PEOPLE = size(1000, 10_000)


def crowd(space: Space, count: int) -> list[User]:
    people = User.objects.bulk_create([User(email=f"crowd{n}@demo.test") for n in range(count)])
    Membership.objects.bulk_create([Membership(space=space, user=one, joined_at=now()) for one in people])
    return people


def announce(space: Space) -> Post:
    boss = make_user()
    flows.join(user=boss, space=space, role="owner")
    topic = flows.open_topic(author=boss, space=space, kind="announcement", title="Today", source="at eight", key="k")
    return topic.posts.get()


def deliver_all() -> None:
    while outbox.due_message_ids():
        outbox.sweep(seconds=60)


def in_a_child(work: Callable[[], Any]) -> int:
    """Run in a forked process with connections of its own; how it ended."""
    connections.close_all()
    child = get_context("fork").Process(target=work)
    child.start()
    child.join(60)
    return child.exitcode or 0


@pytest.mark.django_db(transaction=True)
def test_everybody_is_told_exactly_once_though_a_worker_is_killed_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", PEOPLE // 4)
    monkeypatch.setattr(outbox, "_queue", lambda _pk: None)  # no broker: workers find their rows by the sweep
    space = make_space()
    people = crowd(space, PEOPLE)
    message = OutboxMessage.objects.get(topic="post.written", key=str(announce(space).pk))
    honest, calls = outbox.write_many, []

    def dies_in_the_third_chunk(**values: Any) -> None:
        honest(**values)
        calls.append(values)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    def worker() -> None:
        telling.outbox.write_many = dies_in_the_third_chunk
        outbox.deliver(message_id=message.pk)
        for chunk in outbox.due_message_ids():
            outbox.deliver(message_id=chunk)

    assert in_a_child(worker) == -signal.SIGKILL
    told = Notice.objects.filter(key__startswith="post:").count()
    assert 0 < told < PEOPLE
    for _again in range(50):  # the dead worker's session may hold its row's lock for a moment
        deliver_all()
        if not OutboxMessage.objects.filter(topic="post.tell", done_at=None).exists():
            break
        time.sleep(0.1)
    notices = Notice.objects.filter(key__startswith="post:").values_list("user", flat=True)
    assert sorted(notices) == sorted(one.pk for one in people)
    mails = OutboxMessage.objects.filter(topic="notice.mail")
    assert mails.count() == PEOPLE
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_writers_transaction_writes_one_row_however_many_are_to_be_told(django_assert_num_queries: Any) -> None:
    spaces = [make_space(), make_space()]
    crowd(spaces[0], 200)
    counts = []
    for space in spaces:
        before = OutboxMessage.objects.count()
        announce(space)
        counts.append(OutboxMessage.objects.count() - before)
    assert counts[0] == counts[1]
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_who_left_between_the_post_and_their_chunk_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", 2)
    space = make_space()
    people = crowd(space, 5)
    post = announce(space)
    outbox.deliver(message_id=OutboxMessage.objects.get(topic="post.written", key=str(post.pk)).pk)
    flows.leave(user=people[3], space=space)
    deliver_all()
    assert set(Notice.objects.values_list("user", flat=True)) == {one.pk for one in people} - {people[3].pk}


@pytest.mark.django_db
def test_a_post_removed_before_its_chunks_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", 2)
    space = make_space()
    crowd(space, 5)
    post = announce(space)
    outbox.deliver(message_id=OutboxMessage.objects.get(topic="post.written", key=str(post.pk)).pk)
    flows.remove_post(by=post.author, post=post, reason="too early")
    deliver_all()
    assert not Notice.objects.filter(key=f"post:{post.pk}").exists()


@pytest.mark.django_db
def test_followers_are_told_in_chunks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", 2)
    person, fans = make_user(), [make_user() for _ in range(5)]
    for fan in fans:
        flows.follow(user=fan, person=person)
    before = OutboxMessage.objects.count()
    flows.tell_followers(person=person, key="course:1:new", words=telling.Words("New", params={}), url="/en/courses/x/")
    assert OutboxMessage.objects.count() == before + 1
    deliver_all()
    deliver_all()
    notices = Notice.objects.filter(kind="follow")
    assert sorted(notices.values_list("user", flat=True)) == sorted(fan.pk for fan in fans)
    assert set(notices.values_list("url", flat=True)) == {"/courses/x/"}


@pytest.mark.django_db
def test_one_sweep_delivers_more_than_one_page_of_due_rows() -> None:
    outbox.write_many(topic="nobody.listens", payloads={str(n): {} for n in range(250)})
    assert outbox.sweep(seconds=60) == 250
