"""People are found by their public page, and by nothing else."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from accounts.flows import erase_account, update_profile
from accounts.models import User
from kit import outbox
from search.models import SearchEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def shown(client: Client, text: str) -> list[str]:
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)
    page = client.get("/en/search/", {"q": text, "kind": "person"}).content.decode()
    titles = re.findall(r'<h2 class="hit-title"><a[^>]*>(.*?)</a></h2>', page)
    return [html.unescape(re.sub("<[^>]+>", "", title)) for title in titles]


def say(user: User, **changes: Any) -> None:
    facts = {"name": "陳雅君", "language": "", "time_zone": "Asia/Taipei", "handle": "yachun", "bio": "Teaches ukulele"}
    update_profile(user=user, **{**facts, "is_public": True, **changes})


@pytest.mark.parametrize("asked", ["陳雅君", "陈雅君", "雅君", "yachun", "teaches ukulele"])
def test_a_person_with_a_public_page_is_found_by_name_handle_and_words(client: Client, asked: str) -> None:
    say(make_user())
    assert shown(client, asked) == ["陳雅君"]


def test_a_page_that_is_closed_again_is_found_no_more_even_before_the_index_knows(client: Client) -> None:
    user = make_user()
    say(user)
    assert shown(client, "yachun") == ["陳雅君"]
    user.profile.is_public = False
    user.profile.save()
    assert SearchEntry.objects.filter(kind="person").exists()
    assert shown(client, "yachun") == []
    say(user, is_public=False)
    assert shown(client, "yachun") == []
    assert not SearchEntry.objects.filter(kind="person").exists()


def test_who_never_opened_their_page_is_not_found(client: Client) -> None:
    say(make_user(), is_public=False)
    assert shown(client, "雅君") == []


def test_a_new_name_is_found_and_the_old_one_not(client: Client) -> None:
    user = make_user()
    say(user)
    say(user, name="林文傑")
    assert (shown(client, "林文傑"), shown(client, "雅君")) == (["林文傑"], [])


def test_an_erased_person_leaves_the_index(client: Client) -> None:
    user = make_user()
    say(user)
    assert shown(client, "雅君") == ["陳雅君"]
    erase_account(user=user)
    assert shown(client, "雅君") == []
    assert not SearchEntry.objects.filter(kind="person").exists()
