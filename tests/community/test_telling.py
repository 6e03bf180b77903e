"""Who is told of a post, when, and who is not."""

from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from community import flows
from community.flows import telling
from community.models import Topic
from kit import outbox
from notices import fanout
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for message in outbox.due_message_ids(5000):
        outbox.deliver(message_id=message)


def member(topic: Topic, role: str = "member", source: str = "") -> User:
    user = make_user()
    flows.join(user=user, space=topic.space, role=role, source=source)
    return user


def told(kind: str = "community.post") -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_reply_is_told_to_those_who_wrote_before_and_not_to_its_author_or_bystanders() -> None:
    topic = make_topic()
    second, bystander = member(topic), member(topic)
    flows.reply(author=second, topic=topic, source="me too", key="a")
    deliver()
    assert told() == {topic.author_id}
    flows.reply(author=topic.author, topic=topic, source="thanks", key="b")
    deliver()
    assert told() == {topic.author_id, second.pk}
    assert bystander.pk not in told()


def test_a_question_about_a_lesson_reaches_those_who_help_there_and_a_plain_one_does_not() -> None:
    topic = make_topic(about="lesson:1")
    helper, boss = member(topic, "helper"), member(topic, "owner")
    member(topic)
    deliver()
    assert told() == {helper.pk, boss.pk}
    make_topic(space=topic.space, author=topic.author)
    deliver()
    assert Notice.objects.count() == 2


def test_an_announcement_reaches_every_member_once_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", 3)
    space, boss = make_space(), make_user()
    people = [make_user() for _ in range(8)]
    for person in people:
        flows.join(user=person, space=space)
    flows.join(user=boss, space=space, role="owner")
    topic = flows.open_topic(author=boss, space=space, kind="announcement", title="Today", source="at eight", key="k")
    for _ in range(2):
        telling.tell_of_post({"post": topic.posts.get().pk})
    assert outbox.OutboxMessage.objects.filter(topic="post.tell").count() == 3
    deliver()
    assert told("community.announcement") == {person.pk for person in people}
    assert Notice.objects.count() == 8


def test_the_mail_waits_a_minute_and_reading_the_topic_cancels_it(client_of: Any, clock: Any) -> None:
    topic = make_topic()
    second = member(topic)
    flows.reply(author=second, topic=topic, source="the answer", key="a")
    flows.reply(author=topic.author, topic=topic, source="thanks", key="b")
    deliver()
    assert mail.outbox == []
    client_of(second).get(topic.path)
    clock.advance(seconds=61)
    deliver()
    assert [message.to for message in mail.outbox] == [[topic.author.email]]
    assert "the answer" in mail.outbox[0].body
    assert f"{topic.path}2/".split("-")[0] in mail.outbox[0].body


def test_a_refunded_member_gets_no_mail_even_when_the_notice_was_written_before(clock: Any) -> None:
    topic = make_topic()
    second = member(topic, source="enrolment:5")
    flows.reply(author=second, topic=topic, source="me too", key="a")
    deliver()
    mail.outbox.clear()
    flows.reply(author=topic.author, topic=topic, source="secret", key="b")
    deliver()
    assert second.pk in told()
    flows.leave(source="enrolment:5")
    clock.advance(seconds=61)
    deliver()
    assert second.email not in [message.to[0] for message in mail.outbox]
    flows.reply(author=topic.author, topic=topic, source="secret 2", key="c")
    deliver()
    assert Notice.objects.filter(user=second).count() == 1


def test_a_post_removed_within_the_minute_reaches_nobody_by_mail(clock: Any) -> None:
    topic = make_topic()
    second, boss = member(topic), member(topic, "moderator")
    post = flows.reply(author=second, topic=topic, source="buy coins", key="a")
    deliver()
    flows.remove_post(by=boss, post=post, reason="spam")
    clock.advance(seconds=61)
    deliver()
    assert not [message for message in mail.outbox if "coins" in message.body]
    assert topic.author_id not in told()


def test_an_edit_within_the_minute_changes_what_the_mail_says(clock: Any) -> None:
    topic = make_topic()
    post = flows.reply(author=member(topic), topic=topic, source="bad words", key="a")
    deliver()
    flows.edit_post(by=post.author, post=post, source="good words")
    clock.advance(seconds=61)
    deliver()
    (message,) = mail.outbox
    assert "good words" in message.body
    assert "bad words" not in message.body


def test_who_wrote_the_accepted_answer_is_told() -> None:
    topic = make_topic()
    second = member(topic)
    flows.reply(author=second, topic=topic, source="this way", key="a")
    flows.accept_answer(by=topic.author, topic=topic, no=2)
    assert told("community.accepted") == {second.pk}


def test_the_words_of_a_post_stay_text_in_the_mail(clock: Any) -> None:
    topic = make_topic(title="<script>alert(1)</script>")
    flows.reply(author=member(topic), topic=topic, source="&lt;img src=x onerror=alert(1)&gt; **b**", key="a")
    deliver()
    clock.advance(seconds=61)
    deliver()
    page = str(mail.outbox[0].alternatives[0][0])
    assert "<script>alert" not in page
    assert "<img" not in page
