"""As one types: at most eight titles, and none of what is closed to this person now."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from kit import outbox
from search.models import SearchEntry
from tests.factories import make_course, make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def suggested(client: Client, text: str) -> list[str]:
    page = client.get("/en/search/suggest/", {"q": text}).content.decode()
    titles = re.findall(r'<span class="suggestion-title">(.*?)</span>', page)
    return [html.unescape(re.sub("<[^>]+>", "", title)) for title in titles]


@pytest.mark.parametrize("typed", ["換", "換和", "换和弦", "strum", "STR", "ｓｔｒｕｍ"])
def test_titles_are_suggested_while_the_word_is_still_being_typed(client: Client, typed: str) -> None:
    space = make_space(visibility="public")
    title = "換和弦" if typed[0] in "換换" else "Strumming"
    make_topic(space=space, title=title, source="about something")
    make_topic(space=space, title="Something else", source=f"{title} stands in its text only")
    deliver()
    assert suggested(client, typed) == [title]


@pytest.mark.parametrize("typed", ["", " ", "'", "&|!", "\\", "\x00", "<script>", "a" * 300])
def test_nothing_is_suggested_for_nothing_and_no_text_breaks_it(client: Client, typed: str) -> None:
    assert suggested(client, typed) == []


def test_no_more_than_eight(client: Client) -> None:
    space, author = make_space(visibility="public"), make_user()
    flows.join(user=author, space=space)
    for number in range(10):
        flows.open_topic(
            author=author, space=space, kind="question", title=f"Apricot {number}", source="x", key=f"k{number}", is_paced=False
        )
    deliver()
    assert len(suggested(client, "apricot")) == 8


def test_titles_of_a_closed_space_are_suggested_to_its_members_alone_and_to_nobody_after_the_refund(
    client: Client, client_of: Callable[[User], Client]
) -> None:
    space, member = make_space(), make_user()
    flows.join(user=member, space=space, source="enrolment:1")
    make_topic(space=space, title="Secret chord", source="x")
    deliver()
    assert suggested(client_of(member), "secret") == ["Secret chord"]
    assert suggested(client, "secret") == suggested(client_of(make_user()), "secret") == []
    flows.leave(source="enrolment:1")
    assert suggested(client_of(member), "secret") == []


def test_an_index_that_calls_a_closed_space_public_still_suggests_nothing(client: Client) -> None:
    make_topic(space=make_space(), title="Secret chord", source="x")
    deliver()
    SearchEntry.objects.update(audience="public")
    assert suggested(client, "secret") == []


def test_a_draft_course_is_not_suggested(client: Client) -> None:
    make_course(lessons=1, title="Walnut", publish=False)
    deliver()
    assert suggested(client, "walnut") == []


def test_a_suggestion_leads_to_the_thing_and_its_title_stays_text(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"), title="<b>Apricot</b>", source="x")
    deliver()
    page = client.get("/en/search/suggest/", {"q": "apricot"}).content.decode()
    assert f'href="/en{topic.path}' in page
    assert "<b>Apricot" not in page


def test_suggestions_are_light_and_never_kept(
    client_of: Callable[[User], Client], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    member = make_user()
    for _number in range(3):
        make_topic(space=make_space(), author=member, title="Apricot", source="x")
    deliver()
    browser = client_of(member)
    with django_assert_max_num_queries(7):
        answer = browser.get("/search/suggest/?q=apricot")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<html" not in answer.content.decode()
    assert browser.post("/search/suggest/").status_code == 405
