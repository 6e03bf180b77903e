"""Finding posts: in both Chinese scripts, by words and phrases, and only what is open to the person now."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from community import flows
from kit import outbox
from search.flows import rebuild_index, refresh_frequencies
from search.models import SearchEntry
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    """What the worker does after commit."""
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def found(client: Client, text: str, **wishes: str) -> list[str]:
    """Titles of the results."""
    page = client.get("/en/search/", {"q": text, **wishes}).content.decode()
    titles = re.findall(r'<h2 class="hit-title"><a[^>]*>(.*?)</a></h2>', page)
    return [html.unescape(re.sub("<[^>]+>", "", title)) for title in titles]


@pytest.fixture
def town(db: None) -> None:
    space = make_space(slug="town", visibility="public")
    texts = {
        "換和弦的練習": "每天學習五分鐘,把指頭放鬆。",
        "Strumming": "Use a ｍｅｔｒｏｎｏｍｅ at 60 BPM, 慢慢來。",
        "咖啡": "濾杯與水溫",
    }
    for title, source in texts.items():
        make_topic(space=space, title=title, source=source)
    deliver()


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("學習", "換和弦的練習"),
        ("学习", "換和弦的練習"),
        ("换和弦", "換和弦的練習"),
        ("換和弦的練習", "換和弦的練習"),
        ("鬆", "換和弦的練習"),
        ("松", "換和弦的練習"),
        ("metronome", "Strumming"),
        ("METRO", "Strumming"),
        ("慢慢 metronome", "Strumming"),
        ("60", "Strumming"),
        ("滤杯", "咖啡"),
        ("咖", "咖啡"),
        ("啡", "咖啡"),
    ],
)
def test_words_are_found_in_either_script_width_and_case(town: None, client: Client, asked: str, title: str) -> None:
    assert found(client, asked) == [title]


@pytest.mark.parametrize("asked", ["", "   ", "習學", "鋼琴", "!!!", "'", "&|!():*<->", "\\", "' | 'x", "\x00"])
def test_what_is_not_there_is_not_found_and_no_query_breaks(town: None, client: Client, asked: str) -> None:
    assert found(client, asked) == []


def test_where_no_post_holds_all_words_those_with_some_are_shown(town: None, client: Client) -> None:
    assert set(found(client, "咖啡 metronome")) == {"咖啡", "Strumming"}


def test_a_question_in_a_whole_sentence_finds_by_its_rarest_words(town: None, client: Client) -> None:
    refresh_frequencies()
    assert found(client, "請問一下我應該怎麼練習才能把和弦換得順又快一點呢")[0] == "換和弦的練習"
    assert found(client, "請問水的溫度應該多少濾杯才好")[0] == "咖啡"


def test_hits_are_marked_in_the_script_they_were_written_in(town: None, client: Client) -> None:
    text = client.get("/search/", {"q": "学习"}).content.decode()
    assert "<mark>學習</mark>" in text


def test_a_post_of_a_class_is_found_by_its_members_only_and_by_nobody_after_the_refund(
    client: Client, client_of: Callable[[User], Client]
) -> None:
    space, member, stranger = make_space(), make_user(), make_user()
    flows.join(user=member, space=space, source="enrolment:1")
    make_topic(space=space, title="Secret chord", source="barre on the fifth fret")
    deliver()
    assert found(client_of(member), "barre") == ["Secret chord"]
    flows.leave(source="enrolment:1")
    for browser in (client, client_of(stranger), client_of(member)):
        assert found(browser, "barre") == []
        assert "fifth fret" not in browser.get("/search/", {"q": "barre"}).content.decode()


def test_an_edited_post_is_found_by_its_new_words_and_a_removed_one_not_at_all(client: Client) -> None:
    topic, boss = make_topic(space=make_space(visibility="public"), title="T", source="apricot"), make_user()
    flows.join(user=boss, space=topic.space, role="owner")
    flows.edit_post(by=topic.author, post=topic.posts.get(), source="blackberry")
    deliver()
    assert (found(client, "apricot"), found(client, "blackberry")) == ([], ["T"])
    flows.remove_post(by=boss, post=topic.posts.get(), reason="x")
    deliver()
    assert found(client, "blackberry") == []
    assert not SearchEntry.objects.exists()


def test_a_removed_post_is_not_shown_even_before_the_index_knows(client: Client) -> None:
    topic, boss = make_topic(space=make_space(visibility="public"), title="T", source="apricot"), make_user()
    flows.join(user=boss, space=topic.space, role="owner")
    deliver()
    flows.remove_post(by=boss, post=topic.posts.get(), reason="x")
    assert SearchEntry.objects.exists()
    assert found(client, "apricot") == []


def test_a_topic_moved_to_another_space_is_found_there_only(client_of: Callable[[User], Client]) -> None:
    topic, boss, target, reader = make_topic(title="T", source="apricot"), make_user(), make_space(), make_user()
    for space in (topic.space, target):
        flows.join(user=boss, space=space, role="owner")
    flows.join(user=reader, space=topic.space)
    deliver()
    browser = client_of(reader)
    assert found(browser, "apricot") == ["T"]
    flows.move_topic(by=boss, topic=topic, space=target)
    assert found(browser, "apricot") == []
    deliver()
    assert found(browser, "apricot") == []


def test_a_reply_is_found_and_leads_to_its_number(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"), title="T", source="a question")
    flows.reply(author=topic.author, topic=topic, source="apricot", key="k")
    deliver()
    assert f'href="{topic.path}2/"' in client.get("/search/", {"q": "apricot"}).content.decode()


def test_results_filter_by_kind_and_come_in_pages(client: Client) -> None:
    space = make_space(visibility="public")
    topic = make_topic(space=space, title="T", source="apricot 0")
    people = [make_user() for _ in range(3)]
    for number in range(1, 25):
        person = people[number % 3]
        flows.join(user=person, space=space)
        flows.reply(author=person, topic=topic, source=f"apricot {number}", key=f"k{number}")
    deliver()
    assert len(found(client, "apricot")) == 20
    assert len(found(client, "apricot", page="2")) == 5
    assert found(client, "apricot", kind="lesson") == []
    assert len(found(client, "apricot", kind="post")) == 20
    for page in ("0", "-1", "x", "99", "²"):
        assert client.get("/search/", {"q": "apricot", "page": page}).status_code == 200


def test_payloads_in_query_and_results_stay_text(client: Client) -> None:
    make_topic(
        space=make_space(visibility="public"), title="<script>alert(1)</script>", source="<img src=x onerror=alert(1)> apricot"
    )
    deliver()
    for asked in ("<script>alert(1)</script>", "apricot", '"><svg onload=alert(1)>'):
        page = client.get("/search/", {"q": asked}).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page


def test_the_index_can_be_built_anew(town: None, client: Client) -> None:
    SearchEntry.objects.all().delete()
    assert found(client, "學習") == []
    rebuild_index()
    assert found(client, "學習") == ["換和弦的練習"]


def test_pages_of_results_are_never_kept_by_a_cache(client: Client) -> None:
    assert "no-store" in client.get("/search/?q=x").headers["Cache-Control"]


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_number_of_queries_does_not_grow(
    rows: int, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    spaces = [make_space() for _ in range(3)]
    member = make_user()
    for space in spaces:
        flows.join(user=member, space=space)
        make_topic(space=space, title="T", source="apricot")
    deliver()
    entry = SearchEntry.objects.first()
    assert entry is not None
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(
                kind="post", ref=entry.ref, part=f"p{n}", title="T", text="apricot", url="/", audience=entry.audience, tokens=""
            )
            for n in range(rows)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_searchentry SET tokens = '''apricot'':1'::tsvector")
    browser = client_of(member)
    browser.get("/search/?q=apricot")
    with django_assert_max_num_queries(11):
        browser.get("/search/?q=apricot")
