"""From a report to a decision: by those who moderate that very space, with a line in the trail."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.errors import Refused
from community.models import Report, Topic
from kit.models import AuditEntry
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(db: None) -> Topic:
    topic = make_topic(space=make_space(slug="class-1"), title="How")
    flows.reply(author=topic.author, topic=topic, source="buy my coins", key="spam")
    return topic


@pytest.fixture
def boss(topic: Topic) -> User:
    user = make_user()
    flows.join(user=user, space=topic.space, role="moderator")
    return user


def test_a_report_reaches_the_moderator_who_removes_the_post_and_tells_why(
    topic: Topic, boss: User, client_of: Callable[[User], Client]
) -> None:
    member, address = make_user(), f"/community/class-1/{topic.pk}/2/"
    flows.join(user=member, space=topic.space)
    assert client_of(member).post(address + "report/", {"reason": "it is spam"}).status_code == 302
    assert Notice.objects.filter(user=boss, kind="community.report").count() == 1
    queue = client_of(boss).get("/community/class-1/reports/").content.decode()
    assert "it is spam" in queue
    assert "buy my coins" in queue
    assert client_of(boss).post(address + "remove/", {"reason": "no advertising"}).status_code == 302
    assert "buy my coins" not in client_of(boss).get("/community/class-1/reports/").content.decode()
    assert "buy my coins" not in client_of(member).get(topic.path).content.decode()
    report, entry = Report.objects.get(), AuditEntry.objects.get(action="post.removed")
    assert (report.state, report.decided_by_id) == ("removed", boss.pk)
    assert (entry.actor_id, entry.reason, entry.before, entry.after) == (boss.pk, "no advertising", "shown", "removed")
    told = Notice.objects.get(user=topic.author, kind="community.removed")
    assert told.text == "no advertising"


def test_one_person_reports_a_post_once(topic: Topic, boss: User) -> None:
    member, post = make_user(), topic.posts.get(no=2)
    flows.join(user=member, space=topic.space)
    for reason in ("spam", "spam again"):
        flows.report_post(reporter=member, post=post, reason=reason)
    assert Report.objects.get().reason == "spam"
    assert Notice.objects.filter(kind="community.report").count() == 1


def test_a_post_that_may_stay_leaves_the_queue(topic: Topic, boss: User, client_of: Callable[[User], Client]) -> None:
    flows.report_post(reporter=boss, post=topic.posts.get(no=2), reason="hm")
    assert client_of(boss).post(f"/community/class-1/{topic.pk}/2/keep/").status_code == 302
    assert Report.objects.get().state == "kept"
    assert topic.posts.get(no=2).removed_at is None
    assert AuditEntry.objects.filter(action="post.kept", actor_id=boss.pk).count() == 1


def test_a_moderator_of_another_space_has_no_power_here(topic: Topic) -> None:
    other = make_user()
    flows.join(user=other, space=make_space(), role="owner")
    flows.join(user=other, space=topic.space)
    post = topic.posts.get(no=2)
    refused = [
        lambda: flows.remove_post(by=other, post=post, reason="x"),
        lambda: flows.keep_post(by=other, post=post),
        lambda: flows.set_pinned(by=other, topic=topic, on=True),
        lambda: flows.set_locked(by=other, topic=topic, on=True),
        lambda: flows.move_topic(by=other, topic=topic, space=make_space()),
    ]
    for act in refused:
        with pytest.raises(Refused):
            act()
    assert not AuditEntry.objects.filter(actor_id=other.pk).exists()


def test_without_its_first_post_the_topic_is_gone_from_board_and_address(
    topic: Topic, boss: User, client_of: Callable[[User], Client]
) -> None:
    flows.remove_post(by=boss, post=topic.posts.get(no=1), reason="x")
    browser = client_of(boss)
    assert browser.get(topic.path).status_code == 404
    assert topic.title not in browser.get("/community/class-1/").content.decode()


def test_removing_the_accepted_answer_takes_the_mark_away(topic: Topic, boss: User) -> None:
    flows.accept_answer(by=topic.author, topic=topic, no=2)
    flows.remove_post(by=boss, post=topic.posts.get(no=2), reason="wrong")
    topic.refresh_from_db()
    assert topic.accepted_no is None


def test_pinning_and_closing_leave_lines_and_a_repeat_leaves_none(
    topic: Topic, boss: User, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(boss)
    for wish in ("pin", "pin", "lock", "unlock", "unpin"):
        assert browser.post(f"/community/class-1/{topic.pk}/state/", {"do": wish}).status_code == 302
    actions = AuditEntry.objects.filter(actor_id=boss.pk).order_by("pk").values_list("action", "after")
    assert list(actions) == [
        ("topic.is_pinned", True),
        ("topic.is_locked", True),
        ("topic.is_locked", False),
        ("topic.is_pinned", False),
    ]


def test_a_topic_moves_between_spaces_that_one_person_moderates(
    topic: Topic, boss: User, client_of: Callable[[User], Client]
) -> None:
    target = make_space(slug="class-2")
    browser, address = client_of(boss), f"/community/class-1/{topic.pk}/state/"
    assert browser.post(address, {"do": "move", "space": "class-2"}).status_code == 404
    flows.join(user=boss, space=target, role="owner")
    answer = browser.post(address, {"do": "move", "space": "class-2"})
    topic.refresh_from_db()
    assert topic.space_id == target.pk
    assert answer.headers["Location"] == topic.path
    assert browser.get(f"/community/class-1/{topic.pk}-how/").status_code == 404
