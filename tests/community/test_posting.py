"""Asking and replying through HTTP: with and without JavaScript, twice, too fast, too long, and with payloads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Post, Topic
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "`</code><script>alert(1)</script>`",
    "![x](javascript:alert(1))",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<iframe src=//evil.example></iframe>",
    "[x](https://a.example \"onmouseover='alert(1)'\")",
    "<style>*{display:none}</style>",
    "\u202ereversed\u202c",
    "{{ 1234*5678 }}{% debug %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></mtext><script>alert(1)</script></math>",
]
FORBIDDEN = (
    "<script>alert",
    "onerror=alert(1)>",
    'href="javascript',
    'href="jAvA',
    'href="data:',
    "<svg/onload",
    "<iframe",
    "<style>*",
    "\u202e",
    "<math",
)


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic(title="How")


def reply_address(topic: Topic) -> str:
    return f"/community/{topic.space.slug}/{topic.pk}/reply/"


def test_a_question_is_asked_and_answered_without_javascript(client_of: Callable[[User], Client]) -> None:
    space, user = make_space(slug="class-1"), make_user()
    flows.join(user=user, space=space)
    browser = client_of(user)
    form = browser.get("/community/class-1/new/?kind=work")
    assert form.context["form"]["kind"].value() == "work"
    answer = browser.post(
        "/community/class-1/new/", {"kind": "question", "title": "小指 按不住", "source": "為什麼?", "key": "k"}
    )
    topic = Topic.objects.get()
    assert (
        answer.headers["Location"]
        == topic.path
        == f"/community/class-1/{topic.pk}-小指-按不住/".replace("小指-按不住", "%E5%B0%8F%E6%8C%87-%E6%8C%89%E4%B8%8D%E4%BD%8F")
    )
    answer = browser.post(reply_address(topic), {"source": "再試一次", "key": "k2"})
    assert answer.headers["Location"] == f"{topic.path}#post-2"
    assert "再試一次" in browser.get(topic.path).content.decode()


def test_htmx_gets_the_new_post_and_an_empty_form_with_a_new_key(topic: Topic, client_of: Callable[[User], Client]) -> None:
    answer = client_of(topic.author).post(reply_address(topic), {"source": "hello", "key": "k"}, headers={"HX-Request": "true"})
    counts = answer.content.decode().partition('id="topic-counts" data-hx-swap-oob="true"')[2]
    assert counts.split("</p>")[0].partition(">")[2].split()[0] == "1"
    text = answer.content.decode()
    assert 'id="post-2"' in text
    assert "data-hx-swap-oob" in text
    assert 'value="k"' not in text
    assert "<html" not in text


@pytest.mark.parametrize("header", ["", "my-own-key"])
def test_sending_twice_writes_once(topic: Topic, client_of: Callable[[User], Client], header: str) -> None:
    browser = client_of(topic.author)
    for _ in range(2):
        values = {"source": "hello"} if header else {"source": "hello", "key": "same"}
        browser.post(reply_address(topic), values, headers={"Idempotency-Key": header} if header else {})
    assert Post.objects.filter(topic=topic, source="hello").count() == 1


def test_an_eleventh_post_gets_429_with_retry_after_and_keeps_what_was_typed(
    topic: Topic, client_of: Callable[[User], Client], clock: Any
) -> None:
    browser = client_of(topic.author)
    for number in range(9):
        assert browser.post(reply_address(topic), {"source": "quick", "key": f"k{number}"}).status_code == 302
    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.post(reply_address(topic), {"source": "my long thoughts", "key": "last"}, headers=headers)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert (
        "my long thoughts" in browser.post(reply_address(topic), {"source": "my long thoughts", "key": "last"}).content.decode()
    )
    opened = browser.post(f"/community/{topic.space.slug}/new/", {"kind": "question", "title": "t", "source": "s"})
    assert (opened.status_code, "Retry-After" in opened.headers) == (429, True)
    clock.advance(seconds=61)
    assert browser.post(reply_address(topic), {"source": "my long thoughts", "key": "last"}).status_code == 302


@pytest.mark.parametrize("source", ["", "   ", "x" * 20_001])
def test_nothing_empty_or_endless_is_stored(topic: Topic, client_of: Callable[[User], Client], source: str) -> None:
    assert client_of(topic.author).post(reply_address(topic), {"source": source}).status_code == 400
    assert Post.objects.count() == 1


def test_ten_megabytes_are_refused_at_the_door(topic: Topic, client_of: Callable[[User], Client]) -> None:
    assert client_of(topic.author).post(reply_address(topic), {"source": "x" * 10_000_000}).status_code in (400, 413)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_runs_through_title_body_or_report(client_of: Callable[[User], Client], payload: str) -> None:
    space, boss = make_space(), make_user(name=payload[:80])
    flows.join(user=boss, space=space, role="owner")
    browser, address = client_of(boss), f"/community/{space.slug}/"
    browser.post(address + "new/", {"kind": "question", "title": payload, "source": payload, "key": "a"})
    topic = Topic.objects.get()
    other = make_user(name=payload[:80])
    flows.join(user=other, space=space)
    flows.report_post(reporter=other, post=topic.posts.get(), reason=payload)
    for page in (
        address,
        topic.path,
        address + "reports/",
        f"{address}{topic.pk}/1/edit/",
        f"{address}{topic.pk}/1/remove/",
        "/notices/",
    ):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert not [word for word in FORBIDDEN if word in answer.content.decode()], page
        assert "7006652" not in answer.content.decode()


def test_nobody_sets_author_number_pin_or_time_through_the_form(topic: Topic, client_of: Callable[[User], Client]) -> None:
    other, browser = make_user(), client_of(topic.author)
    values = {
        "kind": "question",
        "title": "mine",
        "source": "s",
        "key": "k",
        "author": other.pk,
        "is_pinned": "on",
        "no": 9,
        "created_at": "2020-01-01",
        "accepted_no": 1,
        "offer": "offer:1",
        "space": 1,
    }
    browser.post(f"/community/{topic.space.slug}/new/", values)
    made = Topic.objects.get(title="mine")
    assert (made.author_id, made.is_pinned, made.last_no, made.offer, made.accepted_no) == (topic.author_id, False, 1, "", None)


def test_a_member_cannot_announce_and_the_form_does_not_offer_it(topic: Topic, client_of: Callable[[User], Client]) -> None:
    browser, address = client_of(topic.author), f"/community/{topic.space.slug}/new/"
    assert "announcement" not in browser.get(address).content.decode()
    assert browser.post(address, {"kind": "announcement", "title": "t", "source": "s"}).status_code == 400


def test_posting_needs_the_csrf_token(topic: Topic) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(topic.author, backend="accounts.backends.AccountBackend")
    assert browser.post(reply_address(topic), {"source": "x"}).status_code == 403


def test_the_limit_is_a_setting(topic: Topic, settings: Any, client_of: Callable[[User], Client]) -> None:
    settings.POSTS_PER_MINUTE = 1
    assert client_of(topic.author).post(reply_address(topic), {"source": "x"}).status_code == 429


def test_thanks_are_given_once_and_taken_back_and_never_to_oneself(topic: Topic, client_of: Callable[[User], Client]) -> None:
    reader, address = make_user(), f"/community/{topic.space.slug}/{topic.pk}/1/thank/"
    flows.join(user=reader, space=topic.space)
    browser, post = client_of(reader), topic.posts.get()
    for _ in range(2):
        assert browser.post(address).status_code == 302
    assert post.reactions.count() == 1
    piece = browser.post("/en" + address, {}, headers={"HX-Request": "true"}).content.decode()
    assert ('<span class="num">1</span>' in piece, piece.count('aria-pressed="true"')) == (True, 1)
    browser.post(address, {"on": "no"})
    assert post.reactions.count() == 0
    assert client_of(topic.author).post(address).status_code == 403


def test_the_asker_or_who_helps_accepts_an_answer_and_others_do_not(topic: Topic, client_of: Callable[[User], Client]) -> None:
    helper, member = make_user(), make_user()
    flows.join(user=helper, space=topic.space, role="helper")
    flows.join(user=member, space=topic.space)
    flows.reply(author=member, topic=topic, source="this way", key="k")
    address = f"/community/{topic.space.slug}/{topic.pk}/2/accept/"
    assert client_of(member).post(address).status_code == 403
    for person in (topic.author, helper):
        assert client_of(person).post(address).status_code == 302
        topic.refresh_from_db()
        assert topic.accepted_no == 2
        client_of(person).post(address, {"on": "no"})
        topic.refresh_from_db()
        assert topic.accepted_no is None
    assert client_of(helper).post(f"/community/{topic.space.slug}/{topic.pk}/1/accept/").status_code == 403


def test_settings_hold_the_default_limit() -> None:
    assert settings.POSTS_PER_MINUTE == 10
