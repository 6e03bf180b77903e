"""What a space forbids: offers and referral links, however they are written, on our own hosts and no others."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.errors import Refused
from community.flows.space_rules import forbidden_in
from community.models import Membership, Space
from tests.factories import make_space, make_topic

pytestmark = pytest.mark.django_db
SPELLINGS = [
    "/{k}/demo/",
    "see https://testserver/{k}/demo/",
    "http://127.0.0.1:8000/en/{k}/demo/",
    "http://localhost/zh-hans/{k}/demo",
    "[x](/zh-hant/{k}/demo/)",
    "來看/{k}/demo/",
    "推薦：/{k}/demo/",
    "[x](//testserver/{k}/demo)",
    "[x](https://user@testserver/{k}/demo/)",
    "[x](../../{k}/demo/)",
    "[x][1]\n\n[1]: /en/{k}/demo/ 'a'",
    "<https://testserver/{k}/demo/>",
    "testserver/{k}/demo",
    "TESTSERVER//{K}//demo",
    "[a](<\\\\testserver\\{k}\\demo>)",
    "&#47;{k}&#47;demo&#47;",
    "ｔｅｓｔｓｅｒｖｅｒ／{k}／ｄｅｍｏ",
    "/\u200b{k}/demo/",
    "https://testserver./{k}/demo/",
    "https://testserver/a/../{k}/demo/",
    "https://testserver/%2e/{k}/demo/",
    "`/{k}/demo/`",
    "https://testserver/**{k}**/demo",
]
FINE = [
    "https://reddit.com/r/python",
    "reddit.com/r/python",
    "and/r/or",
    "https://x.test/shop/thing/",
    "/rest/ /shopping/ /r/ /shop/",
    "https://nottestserver/r/demo/",
    "https://testserver.evil.test/r/demo/",
    "他說 r/demo",
]


def forbidding(*, offers: bool, referrals: bool) -> Space:
    space = make_space(slug="quiet")
    Space.objects.filter(pk=space.pk).update(offers_allowed=not offers, referrals_allowed=not referrals)
    space.refresh_from_db()
    return space


@pytest.mark.parametrize("text", [*SPELLINGS, "https://testserver/%72/demo/", "https://testserver/%2572/demo/"])
def test_a_referral_link_is_known_in_every_spelling(text: str) -> None:
    space = forbidding(offers=False, referrals=True)
    written = text.format(k="r", K="R")
    assert forbidden_in(space, written)
    assert forbidden_in(space, "先說一句,\n\n" + written + "\n\n再一句")


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_link_to_an_offer_is_known_in_every_spelling(text: str) -> None:
    assert forbidden_in(forbidding(offers=True, referrals=False), text.format(k="shop", K="SHOP"))


@pytest.mark.parametrize("text", FINE)
def test_other_peoples_addresses_and_other_words_are_fine(text: str) -> None:
    assert forbidden_in(forbidding(offers=True, referrals=True), text) is None


def test_each_is_forbidden_by_its_own_switch_and_nothing_by_none() -> None:
    space = forbidding(offers=False, referrals=True)
    assert forbidden_in(space, "/shop/ukulele/", "offer:1") is None
    space.offers_allowed, space.referrals_allowed = False, True
    assert forbidden_in(space, "/r/demo/") is None
    assert forbidden_in(space, "", "offer:1")
    space.offers_allowed = True
    assert forbidden_in(space, "/r/demo/ /shop/ukulele/", "offer:1") is None


def test_no_flow_writes_what_the_space_forbids_not_even_for_who_runs_it() -> None:
    topic = make_topic(space=forbidding(offers=True, referrals=True))
    flows.join(user=topic.author, space=topic.space, role="owner")
    bad = "look: https://testserver/r/demo/"
    values = {"author": topic.author, "space": topic.space, "kind": "deal", "key": "n"}
    for act in (
        lambda: flows.reply(author=topic.author, topic=topic, source=bad, key="x"),
        lambda: flows.edit_post(by=topic.author, post=topic.posts.get(), source=bad),
        lambda: flows.open_topic(**values, title="t", source=bad),
        lambda: flows.open_topic(**values, title="/shop/ukulele/", source="x"),
        lambda: flows.open_topic(**values, title="t", source="x", offer="offer:1"),
    ):
        with pytest.raises(Refused):
            act()
    assert topic.posts.get().edited_at is None


def test_the_editor_says_so_while_one_types(client_of: Callable[[User], Client]) -> None:
    topic = make_topic(space=forbidding(offers=True, referrals=True))
    browser = client_of(topic.author)
    for address in ("/community/quiet/new/", topic.path, f"/community/quiet/{topic.pk}/1/edit/"):
        assert 'data-hx-post="/community/quiet/hint/"' in browser.get(address).content.decode()
    said = browser.post("/en/community/quiet/hint/", {"source": "so /r/demo/"}).content.decode()
    assert "referral" in said
    assert browser.post("/community/quiet/hint/", {"source": "so be it"}).content.decode().strip() == ""
    Space.objects.update(offers_allowed=True, referrals_allowed=True)
    assert "hint/" not in browser.get("/community/quiet/new/").content.decode()


def test_who_may_not_read_gets_no_hint(client_of: Callable[[User], Client], visitor: User) -> None:
    forbidding(offers=True, referrals=True)
    assert client_of(visitor).post("/community/quiet/hint/", {"source": "/r/demo/"}).status_code == 404
    assert not Membership.objects.exists()
