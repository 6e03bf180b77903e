"""Daily and weekly mails: in the morning where one lives, by space, each notice in one of them, once."""

import os
import signal
from datetime import UTC, datetime, time
from multiprocessing import get_context
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from accounts.models import User
from community import flows as community
from kit import outbox
from notices.flows import Words, choose, digests, notify, prepare_digests, set_quiet_hours, settle, withdraw
from notices.models import Digest, Notice
from tests.factories import make_space, make_user

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)  # Monday, noon in Taipei


def run() -> None:
    prepare_digests()
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def reader(how: str = "daily", **fields: Any) -> User:
    user = make_user(language="en", **fields)
    choose(user=user, group="replies", how=how)
    return user


def tell(user: User, key: str, gate: str = "", title: str = "") -> None:
    notify(user=user, kind="community.post", key=key, words=Words(title or f"News {key}"), url=f"/x/{key}/", gate=gate)


def test_it_comes_at_eight_where_the_person_lives_with_all_of_the_day_once(clock: Any) -> None:
    clock.set(MONDAY)
    here, west = reader(), reader(time_zone="America/New_York")  # there Sunday, 23:00
    for user in (here, west):
        tell(user, "a")
        tell(user, "b")
    run()
    assert mail.outbox == []
    clock.set(MONDAY.replace(hour=13, minute=1))  # 8:01 in New York
    run()
    assert [message.to[0] for message in mail.outbox] == [west.email]
    clock.set(MONDAY.replace(day=2, hour=0, minute=1))  # Tuesday, 8:01 in Taipei
    for _ in range(3):
        run()
    assert [message.to[0] for message in mail.outbox] == [west.email, here.email]
    assert mail.outbox[1].subject == "Your day: 2 things"
    assert "News a" in mail.outbox[1].body
    assert "/x/b/" in str(mail.outbox[1].alternatives[0][0])
    clock.advance(days=1)
    run()
    assert len(mail.outbox) == 2


def test_the_weekly_one_comes_on_monday(clock: Any) -> None:
    clock.set(MONDAY)
    user = reader("weekly")
    tell(user, "a")
    for days in range(1, 7):
        clock.set(MONDAY.replace(day=1 + days))
        run()
    assert mail.outbox == []
    tell(user, "b")
    clock.set(MONDAY.replace(day=8, hour=0, minute=1))
    run()
    run()
    assert [message.subject for message in mail.outbox] == ["Your week: 2 things"]


def test_notices_stand_under_their_spaces(clock: Any) -> None:
    clock.set(MONDAY)
    user, choir, band = reader(), make_space(name="Choir"), make_space(name="Band")
    for space in (choir, band):
        community.join(user=user, space=space)
    tell(user, "a", f"space:{choir.pk}")
    tell(user, "b", f"space:{band.pk}")
    tell(user, "c")
    tell(user, "d", f"space:{choir.pk}")
    clock.advance(days=1)
    run()
    body = mail.outbox[0].body
    order = [body.index(text) for text in ("Band", "News b", "Choir", "News d", "News a", "Elsewhere", "News c")]
    assert order == sorted(order)


def test_the_gate_is_asked_when_it_is_made_and_again_when_it_is_sent(clock: Any) -> None:
    clock.set(MONDAY)
    user, first, second, stays = reader(), make_space(), make_space(), make_space()
    for space in (first, second, stays):
        community.join(user=user, space=space, source=f"enrolment:{space.pk}")
        tell(user, f"in-{space.pk}", f"space:{space.pk}", title=f"Secret of {space.name}.")
    clock.advance(days=1)
    community.leave(source=f"enrolment:{first.pk}")
    prepare_digests()
    assert Digest.objects.get().notices.count() == 2
    community.leave(source=f"enrolment:{second.pk}")
    run()
    (message,) = mail.outbox
    assert f"Secret of {stays.name}." in message.body
    assert f"Secret of {first.name}." not in message.body
    assert f"Secret of {second.name}." not in message.body


def test_what_was_read_or_withdrawn_before_is_left_out_and_an_empty_digest_is_no_mail(clock: Any) -> None:
    clock.set(MONDAY)
    user, other = reader(), reader()
    for key in ("a", "b", "c"):
        tell(user, key)
    tell(other, "d")
    settle(user=user, keys=["a"])
    withdraw(keys=["b"])
    clock.advance(days=1)
    prepare_digests()
    settle(user=other, keys=["d"])
    run()
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([user.email], "Your day: 1 thing")


def test_a_change_of_mind_moves_what_waits(clock: Any) -> None:
    clock.set(MONDAY)
    later, silent, never = reader(), reader(), reader()
    for user in (later, silent, never):
        tell(user, "a")
    choose(user=later, group="replies", how="weekly")
    choose(user=silent, group="replies", how="inbox")
    choose(user=never, group="replies", how="off")
    clock.advance(days=1)
    run()
    assert mail.outbox == []
    clock.set(MONDAY.replace(day=8, hour=1))
    run()
    assert [message.to[0] for message in mail.outbox] == [later.email]


def test_it_waits_for_the_end_of_quiet_hours(clock: Any) -> None:
    clock.set(MONDAY)
    user = reader()
    set_quiet_hours(user=user, start=time(22), end=time(9))
    tell(user, "a")
    clock.set(MONDAY.replace(day=2, hour=0, minute=30))
    run()
    assert mail.outbox == []
    clock.set(MONDAY.replace(day=2, hour=1, minute=1))
    run()
    assert len(mail.outbox) == 1


def test_one_press_ends_digests_and_a_notice_that_waits_for_one_stays_in_the_inbox(client: Any, clock: Any) -> None:
    clock.set(MONDAY)
    user = reader()
    choose(user=user, group="lessons", how="weekly")
    tell(user, "a")
    clock.advance(days=1)
    run()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert client.post(address).status_code == 200
    assert set(user.notice_choices.values_list("group", "how")) == {("replies", "inbox"), ("lessons", "inbox")}
    tell(user, "b")
    clock.advance(days=1)
    run()
    assert len(mail.outbox) == 1
    assert Notice.objects.filter(user=user).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_each_notice_in_one_digest_once(clock: Any, monkeypatch: Any) -> None:
    clock.set(MONDAY)
    monkeypatch.setattr(outbox, "_queue", lambda _pk: None)
    people = [reader() for _ in range(4)]
    for user in people:
        tell(user, "a")
        tell(user, "b")
    clock.advance(days=1)
    honest, made = digests.outbox.write, []

    def dies_at_the_third(**values: Any) -> None:
        honest(**values)
        made.append(values)
        if len(made) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    def worker() -> None:
        digests.outbox.write = dies_at_the_third
        prepare_digests()

    connections.close_all()
    child = get_context("fork").Process(target=worker)
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert Digest.objects.count() == 2
    run()
    run()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in people)
    assert {message.subject for message in mail.outbox} == {"Your day: 2 things"}
    assert not Notice.objects.filter(emailed_at=None).exists()
