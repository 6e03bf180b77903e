"""The inbox shows what is one's own and still open to one; mails follow while that is so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from community import flows as community
from kit import outbox
from kit.clock import now
from notices.flows import Words, mark_read, notify, notify_many, settle, withdraw
from notices.models import Notice
from tests.factories import make_space, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def test_nobody_opens_or_sees_the_notice_of_another(client_of: Callable[[User], Client], client: Client) -> None:
    mine, other = make_user(), make_user()
    notify(user=mine, kind="order.paid", key="a", words=Words("For my eyes"), url="/orders/")
    notice = Notice.objects.get()
    assert "For my eyes" in client_of(mine).get("/notices/").content.decode()
    assert "For my eyes" not in client_of(other).get("/notices/").content.decode()
    assert client_of(other).get(f"/notices/{notice.pk}/").status_code == 404
    assert client_of(other).get(f"/notices/{notice.pk + 999}/").status_code == 404
    assert client.get("/notices/").headers["Location"].startswith("/accounts/login/")


def test_opening_a_notice_leads_to_its_page_and_marks_it_read(client_of: Callable[[User], Client]) -> None:
    user = make_user()
    notify(user=user, kind="order.paid", key="a", words=Words("Paid"), url="/orders/")
    browser, notice = client_of(user), Notice.objects.get()
    assert browser.get(f"/en/notices/{notice.pk}/").headers["Location"] == "/en/orders/"
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_notice_never_leads_off_our_host(client_of: Callable[[User], Client], url: str) -> None:
    user = make_user()
    notify(user=user, kind="x", key="a", words=Words("t"), url=url)
    assert client_of(user).get(f"/notices/{Notice.objects.get().pk}/").headers["Location"] == "/notices/"


def test_what_one_lost_access_to_is_neither_shown_nor_opened_nor_mailed(client_of: Callable[[User], Client]) -> None:
    user, space = make_user(), make_space()
    community.join(user=user, space=space, source="enrolment:1")
    notify(user=user, kind="community.post", key="a", words=Words("Class secret"), url="/", gate=f"space:{space.pk}")
    browser = client_of(user)
    assert "Class secret" in browser.get("/notices/").content.decode()
    community.leave(source="enrolment:1")
    assert "Class secret" not in browser.get("/notices/").content.decode()
    assert browser.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404
    deliver()
    assert mail.outbox == []


def test_a_gate_nobody_registered_is_closed(client_of: Callable[[User], Client]) -> None:
    user = make_user()
    notify(user=user, kind="x", key="a", words=Words("Unknown"), gate="riddles:1")
    assert "Unknown" not in client_of(user).get("/notices/").content.decode()
    deliver()
    assert mail.outbox == []


def test_a_notice_is_told_once_by_inbox_and_mail_in_the_language_of_the_person() -> None:
    user = make_user(language="en", name="Ann")
    for _ in range(2):
        notify(user=user, kind="x", key="a", words=Words("Parcel\r\nBcc: all@demo.test", "<b>1 & 2</b>"), url="/orders/")
    deliver()
    deliver()
    (message,) = mail.outbox
    assert message.subject == "Parcel Bcc: all@demo.test"
    assert message.to == [user.email]
    assert "<b>1 & 2</b>" in message.body
    assert "/orders/" in message.body
    page = str(message.alternatives[0][0])
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in page
    assert '<html lang="en">' in page


def test_a_delayed_mail_waits_and_reading_or_withdrawing_cancels_it(clock: Any) -> None:
    reader, silent, late = make_user(), make_user(), make_user()
    for user in (reader, silent):
        notify(user=user, kind="x", key="a", words=Words("t"), delay=timedelta(seconds=60))
    notify(user=late, kind="x", key="b", words=Words("t"), delay=timedelta(seconds=60))
    deliver()
    assert mail.outbox == []
    settle(user=reader, keys=["a"])
    withdraw(keys=["b"])
    clock.advance(seconds=61)
    deliver()
    assert [message.to for message in mail.outbox] == [[silent.email]]


ANSWER = Words("Your answer was accepted: %(title)s", "%(body)s", {"title": "100% <b>uke</b>", "body": "%(title)s"})


def test_many_are_told_once_each_in_their_languages() -> None:
    people = [make_user(language=language) for language in ("en", "zh-hant", "en")]
    for _ in range(2):
        notify_many(users=people, kind="x", key="a", words=ANSWER)
    deliver()
    subjects = sorted(message.subject for message in mail.outbox)
    assert subjects[:2] == ["Your answer was accepted: 100% <b>uke</b>"] * 2
    assert subjects[2].startswith("您的解答")


def test_a_notice_is_said_in_the_language_that_is_read_now(client_of: Callable[[User], Client]) -> None:
    user = make_user(language="zh-hant")
    notify(user=user, kind="x", key="a", words=ANSWER, delay=timedelta(seconds=-1))
    browser = client_of(user)
    assert "您的解答" in browser.get("/notices/").content.decode()
    page = browser.get("/en/notices/").content.decode()
    assert "Your answer was accepted: 100% &lt;b&gt;uke&lt;/b&gt;" in page
    assert "%(title)s" in page  # what a person wrote is never filled in
    User.objects.filter(pk=user.pk).update(language="en")
    deliver()
    assert mail.outbox[0].subject == "Your answer was accepted: 100% <b>uke</b>"


def test_what_was_written_before_words_were_kept_is_shown_as_it_is(client_of: Callable[[User], Client]) -> None:
    user = make_user()
    Notice.objects.create(user=user, kind="x", key="a", title="老通知 50%", body="", created_at=now())
    assert "老通知 50%" in client_of(user).get("/en/notices/").content.decode()


def test_a_notice_made_under_a_language_prefix_opens_in_the_readers_language(client_of: Callable[[User], Client]) -> None:
    user = make_user()
    notify(user=user, kind="x", key="a", words=ANSWER, url="/en/learn/")
    older = Notice.objects.create(user=user, kind="x", key="b", title="t", url="/zh-hans/learn/", created_at=now())
    browser = client_of(user)
    assert browser.get(f"/notices/{Notice.objects.get(key='a').pk}/").headers["Location"] == "/learn/"
    assert browser.get(f"/zh-hant/notices/{older.pk}/").headers["Location"] == "/zh-hant/learn/"


def test_all_can_be_marked_read_at_once_but_not_by_get(client_of: Callable[[User], Client]) -> None:
    user, other = make_user(), make_user()
    for person in (user, other):
        notify(user=person, kind="x", key="a", words=Words("t"))
    assert client_of(user).get("/notices/read/").status_code == 405
    assert client_of(user).post("/notices/read/").status_code == 302
    assert Notice.objects.filter(read_at=None).values_list("user", flat=True).get() == other.pk


def test_the_inbox_comes_in_pages_without_gap_or_double(client_of: Callable[[User], Client]) -> None:
    user, moment = make_user(), now()
    Notice.objects.bulk_create(
        [Notice(user=user, kind="x", key=str(n), title=f"title-{n:03}", created_at=moment) for n in range(65)]
    )
    browser, address, seen = client_of(user), "/notices/", []
    while address:
        page = browser.get(address)
        seen += [notice.title for notice in page.context["notices"]]
        address = "/notices/" + page.context["older"] if page.context["older"] else ""
    assert seen == [f"title-{n:03}" for n in reversed(range(65))]


@pytest.mark.parametrize("before", ["x", "²", "9" * 18, "0", "-1"])
def test_a_made_up_cursor_does_no_harm(client_of: Callable[[User], Client], before: str) -> None:
    assert client_of(make_user()).get("/notices/", {"before": before}).status_code == 200


def test_the_cursor_of_another_person_gives_nothing_away(client_of: Callable[[User], Client]) -> None:
    other, user = make_user(), make_user()
    notify(user=other, kind="x", key="a", words=Words("t"))
    assert client_of(user).get("/notices/", {"before": Notice.objects.get().pk}).context["notices"] == []


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_number_of_queries_does_not_grow(
    rows: int, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    user, spaces, moment = make_user(), [make_space() for _ in range(10)], now()
    for space in spaces:
        community.join(user=user, space=space)
    Notice.objects.bulk_create(
        [
            Notice(user=user, kind="x", key=str(n), title="t", gate=f"space:{spaces[n % 10].pk}", created_at=moment)
            for n in range(rows)
        ]
    )
    browser = client_of(user)
    with django_assert_max_num_queries(8):
        assert len(browser.get("/notices/").context["notices"]) == min(rows, 30)


def test_marking_read_touches_nobody_else() -> None:
    user, other = make_user(), make_user()
    for person in (user, other):
        notify(user=person, kind="x", key="a", words=Words("t"))
    mark_read(user=user)
    assert Notice.objects.filter(user=other, read_at=None).count() == 1
