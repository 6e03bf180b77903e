"""Posts that wait or are refused, slow mode, time-outs, appeals, distance between people; each rule by a test of its name."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from community import flows
from community.errors import Refused, TooFast
from community.flows.gatekeeping import Held, hosts_in
from community.models import HeldPost, Mention, Post, Removal, Space, Topic
from kit.clock import now
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def space() -> Space:
    return make_space(slug="kind", name="Kind")


@pytest.fixture
def mod(space: Space) -> Any:
    person = make_user(name="Mo")
    flows.join(user=person, space=space, role="moderator")
    return person


@pytest.fixture
def writer(space: Space) -> Any:
    person = make_user(name="Wen")
    flows.join(user=person, space=space)
    return person


def guard(mod: Any, space: Space, **values: Any) -> None:
    flows.set_guard(by=mod, space=space, values=values)


def write(author: Any, space: Space, text: str, key: str = "k1", title: str = "A title") -> Topic:
    return flows.open_topic(author=author, space=space, kind="question", title=title, source=text, key=key)


def deliver_all() -> None:
    while ids := due_message_ids():
        for message_id in ids:
            deliver(message_id=message_id)


def test_a_new_members_first_posts_wait_and_the_next_does_not(space: Space, mod: Any, writer: Any) -> None:
    guard(mod, space, hold_first=2)
    for number in range(2):
        with pytest.raises(Held):
            write(writer, space, f"Post {number}", f"k{number}")
        flows.publish_held(by=mod, held=HeldPost.objects.get(key=f"k{number}"))
    assert write(writer, space, "Post 3", "k3").last_no == 1
    assert write(mod, space, "Those who moderate never wait", "m").last_no == 1


def test_what_waits_is_nowhere_and_its_author_sees_that_it_waits(space: Space, mod: Any, writer: Any, client_of: Any) -> None:
    guard(mod, space, hold_first=1)
    other = make_user()
    flows.join(user=other, space=space)
    browser = client_of(writer)
    said = {"kind": "question", "title": "Zauberwort", "source": "Nobody knows xylophon yet", "key": "one"}
    answer = browser.post("/en/community/kind/new/", said, follow=True)
    assert "Waits for a moderator" in answer.content.decode()
    assert not Topic.objects.exists()
    deliver_all()
    for person in (other, make_user()):
        for path in ("/en/community/kind/", "/en/search/?q=xylophon", "/en/notices/"):
            assert b"Zauberwort" not in client_of(person).get(path).content
    assert Notice.objects.filter(user=mod, title__contains="waits for you").count() == 1
    flows.publish_held(by=mod, held=HeldPost.objects.get())
    deliver_all()
    assert b"Zauberwort" in client_of(other).get("/en/community/kind/").content
    assert Notice.objects.filter(user=writer, kind="moderation").count() == 1


def test_a_reply_waits_in_its_topic_and_sent_twice_it_waits_once(space: Space, mod: Any, writer: Any) -> None:
    topic = make_topic(space=space, author=mod)
    guard(mod, space, held_words="賣琴")
    for _again in range(2):
        with pytest.raises(Held):
            flows.reply(author=writer, topic=topic, source="有人要卖琴吗", key="r1")
    held = HeldPost.objects.get()
    assert (held.topic, held.why) == (topic, "words")
    for _again in range(2):
        flows.publish_held(by=mod, held=held)
    assert list(topic.posts.values_list("no", "author")) == [(1, mod.pk), (2, writer.pk)]


def test_declining_needs_a_reason_and_gives_the_author_the_text_back(space: Space, mod: Any, writer: Any, client_of: Any) -> None:
    guard(mod, space, hold_links=True)
    with pytest.raises(Held):
        write(writer, space, "See https://example.org/x")
    held, browser = HeldPost.objects.get(), client_of(mod)
    path = f"/en/community/kind/moderation/held/{held.pk}/"
    browser.post(path, {"do": "decline", "reason": " "})
    held.refresh_from_db()
    assert held.state == "waiting"
    browser.post(path, {"do": "decline", "reason": "No links, please"})
    notice = Notice.objects.get(user=writer, kind="moderation")
    assert "No links, please" in notice.text
    assert "https://example.org/x" in notice.text
    browser.post(path, {"do": "publish"})
    assert not Topic.objects.exists()


@pytest.mark.parametrize("text", ["spam", "ＳＰＡＭ", "Spam!", "這是廣告", "这是广告"])
def test_refused_words_are_found_in_every_width_case_and_script(space: Space, mod: Any, writer: Any, text: str) -> None:
    guard(mod, space, refused_words="spam\n廣告")
    with pytest.raises(Refused, match=r"spam|廣告"):
        write(writer, space, text)
    assert not HeldPost.objects.exists()
    assert write(writer, space, "Something kind", "k2")


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [
        ("https://bad.test/x", False), ("http://www.bad.test", False), ("//bad.test/", False), ("www.bad.test", False),
        ("https://deep.bad.test", False), ("HTTPS://BAD.TEST", False), ("ｈｔｔｐｓ：／／ｂａｄ．ｔｅｓｔ", False),
        ("[words](https://user@bad.test:8000/)", False), ("https://notbad.test/", True), ("https://fine.test/bad.test", True),
    ],
)  # fmt: skip
def test_blocked_hosts_in_every_spelling(space: Space, mod: Any, writer: Any, text: str, is_fine: bool) -> None:
    guard(mod, space, blocked_hosts="bad.test")
    if is_fine:
        assert write(writer, space, text)
    else:
        with pytest.raises(Refused, match=r"bad\.test"):
            write(writer, space, text)


def test_with_allowed_hosts_no_other_link_comes_in(space: Space, mod: Any, writer: Any) -> None:
    guard(mod, space, allowed_hosts="youtube.com")
    assert write(writer, space, "https://m.youtube.com/watch?v=1")
    with pytest.raises(Refused, match=r"elsewhere\.test"):
        write(writer, space, "https://elsewhere.test/", "k2")


def test_an_edit_brings_in_nothing_that_a_new_post_may_not(space: Space, mod: Any, writer: Any) -> None:
    topic = write(writer, space, "Fine")
    guard(mod, space, refused_words="spam", held_words="maybe")
    for text in ("spam", "maybe"):
        with pytest.raises(Refused):
            flows.edit_post(by=writer, post=topic.posts.get(no=1), source=text)


def test_slow_mode_counts_posts_and_waiting_ones(space: Space, mod: Any, writer: Any, clock: Any) -> None:
    guard(mod, space, slow_seconds=60, hold_links=True)
    write(writer, space, "One")
    with pytest.raises(TooFast) as fast:
        write(writer, space, "Two", "k2")
    assert 0 < fast.value.retry_after <= 61
    clock.advance(seconds=61)
    with pytest.raises(Held):
        write(writer, space, "https://x.test/", "k3")
    with pytest.raises(TooFast):
        write(writer, space, "Four", "k4")
    assert write(mod, space, "Moderators write", "m1")
    assert write(mod, space, "as they need", "m2")


def test_a_time_out_leaves_reading_tells_why_and_ends(space: Space, mod: Any, writer: Any, client_of: Any, clock: Any) -> None:
    client_of(mod).post(f"/en/community/kind/members/{writer.pk}/time-out/", {"days": 2, "reason": "Shouting"})
    assert client_of(writer).get("/en/community/kind/").status_code == 200
    with pytest.raises(Refused, match="Shouting"):
        write(writer, space, "Hello")
    topic = make_topic(space=space, author=mod)
    with pytest.raises(Refused, match="Shouting"):
        flows.reply(author=writer, topic=topic, source="Hello", key="r")
    assert "Shouting" in Notice.objects.get(user=writer, kind="moderation").text
    clock.advance(days=2, minutes=1)
    assert write(writer, space, "Sorry")


def test_no_time_out_for_those_who_moderate_and_none_by_a_member(space: Space, mod: Any, writer: Any, client_of: Any) -> None:
    with pytest.raises(Refused):
        flows.set_time_out(by=mod, space=space, user=mod, until=now() + timedelta(days=1), reason="x")
    with pytest.raises(Refused):
        flows.set_time_out(by=writer, space=space, user=mod, until=now() + timedelta(days=1), reason="x")


def test_an_appeal_is_heard_by_another_moderator_and_the_post_stands_again(
    space: Space, mod: Any, writer: Any, client_of: Any
) -> None:
    second = make_user(name="Second")
    flows.join(user=second, space=space, role="moderator")
    topic = write(writer, space, "Good words")
    flows.remove_post(by=mod, post=topic.posts.get(no=1), reason="By mistake")
    removal = Removal.objects.get()
    page = client_of(writer).get("/en/community/kind/removals/").content.decode()
    assert "By mistake" in page
    client_of(writer).post("/en/community/kind/removals/", {"removal": removal.pk, "text": "It was kind"})
    path = f"/en/community/kind/moderation/appeals/{removal.pk}/"
    client_of(mod).post(path, {"do": "keep", "reason": "No"})
    removal.refresh_from_db()
    assert removal.verdict == ""
    assert "It was kind" in client_of(second).get("/en/community/kind/moderation/").content.decode()
    client_of(second).post(path, {"do": "restore", "reason": "You are right"})
    assert client_of(writer).get(topic.path).status_code == 200
    assert "You are right" in Notice.objects.get(user=writer, key=f"appeal:{removal.pk}:decided").text
    with pytest.raises(Refused):
        flows.appeal_removal(by=writer, removal=removal, text="Again")


def test_where_one_alone_moderates_they_hear_the_appeal_themselves(space: Space, mod: Any, writer: Any) -> None:
    topic = write(writer, space, "Good words")
    flows.remove_post(by=mod, post=topic.posts.get(no=1), reason="Hm")
    removal = flows.appeal_removal(by=writer, removal=Removal.objects.get(), text="Please")
    assert flows.decide_appeal(by=mod, removal=removal, restore=False, answer="No").verdict == "stands"


def test_every_act_is_in_the_log_which_nobody_can_change(space: Space, mod: Any, writer: Any, client_of: Any) -> None:
    topic = write(writer, space, "Words")
    flows.set_pinned(by=mod, topic=topic, on=True)
    flows.remove_post(by=mod, post=topic.posts.get(no=1), reason="Because so")
    flows.set_time_out(by=mod, space=space, user=writer, until=now() + timedelta(days=1), reason="Shouting")
    guard(mod, space, hold_first=1)
    page = client_of(mod).get("/en/community/kind/moderation/log/").content.decode()
    for act in ("topic.is_pinned", "post.removed", "member.time_out", "space.guard", "Because so", "Shouting", "Mo"):
        assert act in page, act
    elsewhere = make_space(slug="other")
    flows.join(user=mod, space=elsewhere, role="moderator")
    assert "Because so" not in client_of(mod).get("/en/community/other/moderation/log/").content.decode()
    line = AuditEntry.objects.filter(action="post.removed")
    for change in (lambda: line.update(reason="Else"), line.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_strangers_members_and_moderators_of_other_spaces_have_no_power(
    space: Space, mod: Any, writer: Any, client_of: Any
) -> None:
    other = make_user()
    flows.join(user=other, space=make_space(slug="other"), role="moderator")
    topic = write(writer, space, "Words")
    removal = Removal.objects.create(post=topic.posts.get(no=1), by=mod, reason="x", at=now())
    held = HeldPost.objects.create(space=space, author=writer, source="x", key="h", at=now())
    paths = ["moderation/", "moderation/log/", "moderation/guard/", f"members/{writer.pk}/time-out/"]
    acts = [f"moderation/held/{held.pk}/", f"moderation/appeals/{removal.pk}/", "moderation/time-outs/1/end/"]
    for person in (writer, other, make_user()):
        browser = client_of(person)
        assert {browser.get(f"/community/kind/{path}").status_code for path in paths} == {404}
        assert {browser.post(f"/community/kind/{path}", {"do": "publish", "reason": "x"}).status_code for path in acts} == {404}
    held.refresh_from_db()
    assert held.state == "waiting"
    assert Client().get("/community/kind/moderation/").status_code == 302
    assert client_of(writer).get("/community/moderation/").status_code == 404
    # A moderator of another space decides nothing here by that space's address.
    assert client_of(other).post(f"/community/other/moderation/held/{held.pk}/", {"do": "publish"}).status_code == 404
    assert client_of(mod).post("/en/community/kind/removals/", {"removal": removal.pk, "text": "Mine"}).status_code == 404


def test_what_waits_everywhere_asks_the_same_for_two_spaces_and_twenty(
    mod: Any, space: Space, client_of: Any, django_assert_num_queries: Any
) -> None:
    browser = client_of(mod)
    browser.get("/community/moderation/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for wanted in (2, 20):
        for _number in range(wanted):
            flows.join(user=mod, space=make_space(), role="moderator")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/community/moderation/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_desk_asks_the_same_for_two_cases_and_twenty(space: Space, mod: Any, client_of: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = client_of(mod), []
    for wanted in (2, 20):
        for _number in range(wanted):
            author = make_user()
            topic = make_topic(space=space, author=author)
            flows.report_post(reporter=mod, post=topic.posts.get(no=1), reason="x", kind="spam")
            HeldPost.objects.create(space=space, author=author, source="x", key=f"h{author.pk}", at=now(), topic=topic)
        browser.get("/community/kind/moderation/")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/community/kind/moderation/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_helps_is_counted_by_accepted_answers_and_thanks(space: Space, mod: Any, writer: Any, client_of: Any) -> None:
    topic = make_topic(space=space, author=writer)
    answer = flows.reply(author=mod, topic=topic, source="So", key="a")
    flows.accept_answer(by=writer, topic=topic, no=answer.no)
    flows.react(user=writer, post=answer, on=True)
    page = client_of(writer).get("/en/community/kind/helpers/").content.decode()
    assert "Mo" in page
    assert "1 accepted answers · 1 thanks" in page


def test_muted_posts_are_folded_away_and_blocked_people_cannot_answer_name_or_follow(
    space: Space, mod: Any, writer: Any, client_of: Any
) -> None:
    topic = make_topic(space=space, author=writer)
    flows.mute(user=mod, person=writer)
    assert "A post of somebody you muted" in client_of(mod).get(f"/en{topic.path}").content.decode()
    assert "A post of somebody you muted" not in client_of(writer).get(f"/en{topic.path}").content.decode()
    flows.block(user=mod, person=writer)
    assert flows.blocked_between(writer, mod)
    mine = make_topic(space=space, author=mod)
    with pytest.raises(Refused):
        flows.reply(author=writer, topic=mine, source="Hey", key="r1", answers_no=1)
    flows.follow(user=writer, person=mod)
    assert not mod.followers.exists()
    flows.end_distance(user=mod, person=writer)
    assert not flows.blocked_between(writer, mod)
    assert flows.reply(author=writer, topic=mine, source="Hey", key="r1", answers_no=1).answers_no == 1


def test_who_keeps_distance_is_not_told_of_that_persons_posts(space: Space, mod: Any, writer: Any) -> None:
    topic = make_topic(space=space, author=mod)
    flows.block(user=mod, person=writer)
    deliver_all()
    Notice.objects.all().delete()
    flows.reply(author=writer, topic=topic, source="Hello all", key="r1")
    deliver_all()
    assert not Notice.objects.filter(user=mod).exists()


def test_the_list_of_distance_takes_back(mod: Any, writer: Any, client_of: Any) -> None:
    flows.block(user=mod, person=writer)
    browser = client_of(mod)
    assert "Wen" in browser.get("/en/community/muted/").content.decode()
    assert "Wen" not in client_of(writer).get("/en/community/muted/").content.decode()
    browser.post("/community/muted/", {"person": writer.pk})
    assert not flows.muted_by(mod)


def test_hosts_are_found_in_links_of_every_kind() -> None:
    assert hosts_in("a //one.test/x b [w](http://TWO.test:80) www.three.test, four.test") == {
        "one.test",
        "two.test",
        "three.test",
    }


def test_no_row_is_lost_where_a_held_post_was_written(space: Space, mod: Any, writer: Any) -> None:
    guard(mod, space, hold_first=1)
    with pytest.raises(Held):
        write(writer, space, "Words")
    assert (Post.objects.count(), Mention.objects.count(), HeldPost.objects.count()) == (0, 0, 1)
