"""Leaving for good, and taking one's words along."""

import pytest
from django.test import Client

from community import access, flows
from kit import persons
from notices.flows import Words, notify
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def test_an_export_holds_the_posts_and_notices_of_the_person_only() -> None:
    topic, other = make_topic(source="my words"), make_user()
    flows.join(user=other, space=topic.space)
    flows.reply(author=other, topic=topic, source="not mine", key="k")
    notify(user=topic.author, kind="x", key="a", words=Words("told"))
    data = persons.everything_of(topic.author)
    assert [post["source"] for post in data["community"]["posts"]] == ["my words"]
    assert [notice["title"] for notice in data["notices"]["notices"]] == ["told"]


def test_after_leaving_the_words_stay_without_a_name_and_the_places_are_empty(client: Client) -> None:
    topic = make_topic(space=make_space(visibility="public"), author=make_user(name="Wang Daming"), source="my words")
    notify(user=topic.author, kind="x", key="a", words=Words("told"))
    persons.erase_everything(topic.author)
    page = client.get(topic.path).content.decode()
    assert "my words" in page
    assert "Wang Daming" not in page
    assert not access.may_write(topic.author, topic.space)
    assert not Notice.objects.exists()
