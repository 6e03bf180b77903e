"""Drafts: kept while one types, seen on another device, cleared by sending, never lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Draft, Topic
from kit import persons
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic(space=make_space(slug="class-1"), title="How")


def keep(browser: Client, place: str, **values: Any) -> Any:
    return browser.post("/en/community/class-1/draft/", {"place": place, **values})


def test_what_is_typed_is_there_on_another_device_and_sending_clears_it(
    topic: Topic, client_of: Callable[[User], Client]
) -> None:
    phone, desk = client_of(topic.author), client_of(topic.author)
    assert keep(phone, f"topic:{topic.pk}", source="half a thou", round=0).json() == {"round": 1}
    assert keep(phone, f"topic:{topic.pk}", source="half a thought", round=1).json() == {"round": 2}
    page = desk.get(topic.path)
    assert page.context["form"]["source"].value() == "half a thought"
    assert page.context["form"]["round"].value() == 2
    desk.post(f"/community/class-1/{topic.pk}/reply/", {"source": "half a thought, whole", "key": "k"})
    assert desk.get(topic.path).context["form"]["source"].value() is None
    assert Draft.objects.count() == 0


def test_a_call_that_arrives_after_sending_brings_nothing_back(topic: Topic, client_of: Callable[[User], Client]) -> None:
    browser = client_of(topic.author)
    browser.post(f"/community/class-1/{topic.pk}/reply/", {"source": "sent", "key": "k"})
    assert keep(browser, f"topic:{topic.pk}", source="sent", key="k", round=1).json() == {"round": 0}
    assert Draft.objects.count() == 0


def test_two_devices_that_write_without_seeing_each_other_lose_nothing(topic: Topic, client_of: Callable[[User], Client]) -> None:
    phone, desk = client_of(topic.author), client_of(topic.author)
    keep(phone, f"topic:{topic.pk}", source="from the train", round=0)
    keep(desk, f"topic:{topic.pk}", source="at the desk", round=0)
    draft = Draft.objects.get()
    assert (draft.source, draft.other) == ("at the desk", "from the train")
    assert "from the train" in desk.get("/en" + topic.path).content.decode()
    desk.post(f"/community/class-1/{topic.pk}/reply/", {"source": "at the desk", "key": "k"})
    assert Draft.objects.get().source == "from the train"
    back = keep(desk, f"topic:{topic.pk}", do="forget-other", next=f"/en{topic.path}")
    assert back.headers["Location"] == f"/en{topic.path}"
    assert keep(desk, f"topic:{topic.pk}", do="forget-other", next="//evil.example/").status_code == 204
    keep(desk, f"topic:{topic.pk}", source="", round=Draft.objects.get().round)
    assert Draft.objects.count() == 0


def test_each_place_has_its_own_draft_and_each_person(topic: Topic, client_of: Callable[[User], Client]) -> None:
    other = make_user()
    flows.join(user=other, space=topic.space)
    browser, post = client_of(topic.author), topic.posts.get()
    places = (f"space:{topic.space_id}", f"topic:{topic.pk}", f"post:{post.pk}")
    for place in places:
        assert keep(browser, place, source=f"words at {place}", title="T", kind="work").status_code == 200
    new = browser.get("/community/class-1/new/").context["form"]
    assert (new["source"].value(), new["title"].value(), new["kind"].value()) == (f"words at {places[0]}", "T", "work")
    assert browser.get(f"/community/class-1/{topic.pk}/1/edit/").context["form"]["source"].value() == f"words at {places[2]}"
    assert "words at" not in client_of(other).get(topic.path).content.decode()
    assert keep(client_of(other), places[2], source="not mine").status_code == 404


def test_without_script_a_button_keeps_it_and_another_shows_it(topic: Topic, client_of: Callable[[User], Client]) -> None:
    browser, address = client_of(topic.author), f"/en/community/class-1/{topic.pk}/reply/"
    seen = browser.post(address, {"source": "**look**", "do": "preview", "key": "k"})
    assert (seen.status_code, "<strong>look</strong>" in seen.content.decode()) == (200, True)
    assert browser.post(address, {"source": "for later", "do": "draft", "key": "k"}).status_code == 302
    new = {"kind": "work", "title": "T", "source": "*new*", "key": "n"}
    assert "<em>new</em>" in browser.post("/en/community/class-1/new/", {**new, "do": "preview"}).content.decode()
    assert browser.post("/en/community/class-1/new/", {**new, "do": "draft"}).status_code == 302
    edited = browser.post(f"/en/community/class-1/{topic.pk}/1/edit/", {"source": "`e`", "do": "preview", "title": "T"})
    assert "<code>e</code>" in edited.content.decode()
    assert {draft.source for draft in Draft.objects.all()} == {"for later", "*new*"}
    assert topic.posts.count() == 1


def test_the_preview_for_the_script_is_a_piece_of_the_page_and_stores_nothing(
    topic: Topic, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(topic.author)
    answer = browser.post("/community/class-1/preview/", {"place": f"topic:{topic.pk}", "source": "- a\n- b"})
    assert "<li>a</li>" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert browser.post("/community/class-1/preview/", {"place": f"topic:{topic.pk}", "source": "x" * 20_001}).status_code == 400
    assert (Draft.objects.count(), topic.posts.count()) == (0, 1)


def test_who_may_not_write_keeps_nothing_and_endless_words_are_refused(topic: Topic, client_of: Callable[[User], Client]) -> None:
    reader, place = make_user(), f"topic:{topic.pk}"
    flows.join(user=reader, space=topic.space, role="reader")
    assert keep(client_of(reader), place, source="x").status_code == 403
    assert keep(client_of(make_user()), place, source="x").status_code == 404
    browser = client_of(topic.author)
    assert keep(browser, place, source="x" * 60_001).status_code == 400
    for made_up in ("", "topic:", "topic:999999", "space:1x", "post:-1", "topic:²", "draft:1"):
        assert keep(browser, made_up, source="x").status_code == 404
    assert Draft.objects.count() == 0


def test_a_draft_leaves_with_its_person_and_is_in_their_export(topic: Topic) -> None:
    flows.keep_draft(owner=topic.author, place=f"topic:{topic.pk}", words=flows.Words("my secret plan"))
    assert persons.everything_of(topic.author)["community"]["drafts"][0]["source"] == "my secret plan"
    persons.erase_everything(topic.author)
    assert Draft.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_first_calls_at_once_make_one_draft_and_keep_both_texts() -> None:
    topic, start, errors = make_topic(), threading.Barrier(2), []

    def work(words: str) -> None:
        start.wait()
        try:
            flows.keep_draft(owner=topic.author, place=f"topic:{topic.pk}", words=flows.Words(words))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[words]) for words in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    draft = Draft.objects.get()
    assert (errors, {draft.source, draft.other}) == ([], {"one", "two"})
