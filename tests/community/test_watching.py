"""Following a space or a topic, and the page of all that one follows."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.flows import erase_account
from accounts.models import Profile, User
from community import flows
from community.errors import Refused
from community.flows.privacy import export_person
from community.models import Follow, Topic, Watch
from kit import outbox
from kit.clock import now
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def deliver() -> None:
    for message in outbox.due_message_ids(5000):
        outbox.deliver(message_id=message)


def told(user: Any) -> int:
    deliver()
    return Notice.objects.filter(user=user, kind__in=["community.post", "community.announcement"]).count()


def test_who_follows_a_topic_is_told_of_each_new_post_until_they_stop(client_of: Any) -> None:
    topic, fan = make_topic(), make_user()
    flows.join(user=fan, space=topic.space)
    browser = client_of(fan)
    address = f"/en/community/{topic.space.slug}/{topic.pk}/follow/"
    browser.post(address, {"watch": "yes"})
    browser.post(address, {"watch": "yes"})
    assert 'value="no"' in browser.get(topic.path).content.decode(), "the button now stops it"
    flows.reply(author=topic.author, topic=topic, source="news", key="a")
    assert told(fan) == 1
    browser.post(address, {"watch": "no"})
    flows.reply(author=topic.author, topic=topic, source="more", key="b")
    assert told(fan) == 1
    assert not Watch.objects.exists()


def test_who_follows_a_space_is_told_of_new_topics_and_not_of_replies(client_of: Any) -> None:
    first, fan = make_topic(), make_user()
    flows.join(user=fan, space=first.space)
    client_of(fan).post(f"/en/community/{first.space.slug}/follow/", {"watch": "yes"})
    made = make_topic(space=first.space, author=first.author)
    assert told(fan) == 1
    flows.reply(author=first.author, topic=made, source="and", key="a")
    assert told(fan) == 1


def test_a_public_space_is_followed_without_a_place_in_it(client_of: Any) -> None:
    space, fan = make_space(visibility="public"), make_user()
    browser = client_of(fan)
    browser.post(f"/en/community/{space.slug}/follow/", {"watch": "yes"})
    make_topic(space=space, kind="experience")
    assert told(fan) == 1
    author = make_user()
    flows.join(user=author, space=space, role="owner")
    make_topic(space=space, kind="announcement", author=author)
    assert told(fan) == 2


def test_who_lost_their_place_is_told_nothing_and_sees_nothing_of_it_in_their_list(client_of: Any) -> None:
    topic, fan = make_topic(title="Secret tuning"), make_user()
    flows.join(user=fan, space=topic.space, source="enrolment:3")
    flows.watch(user=fan, topic=topic)
    flows.watch(user=fan, space=topic.space)
    browser = client_of(fan)
    assert "Secret tuning" in browser.get("/en/following/?show=topic").content.decode()
    assert topic.space.name in browser.get("/en/following/?show=space").content.decode()
    flows.leave(source="enrolment:3")
    flows.reply(author=topic.author, topic=topic, source="news", key="a")
    make_topic(space=topic.space, author=topic.author)
    assert told(fan) == 0
    assert "Secret tuning" not in browser.get("/en/following/?show=topic").content.decode()
    assert topic.space.name not in browser.get("/en/following/?show=space").content.decode()


def test_strangers_find_nothing_to_follow(client_of: Any) -> None:
    topic = make_topic()
    stranger = client_of(make_user())
    for address in (f"/en/community/{topic.space.slug}/follow/", f"/en/community/{topic.space.slug}/{topic.pk}/follow/"):
        assert stranger.post(address, {"watch": "yes"}).status_code == 404
        assert stranger.get(address).status_code == 405
        assert "/accounts/login/" in Client().post(address, {"watch": "yes"})["Location"]
    assert "/accounts/login/" in Client().get("/en/following/")["Location"]
    with pytest.raises(Refused):
        flows.watch(user=make_user(), topic=topic)
    assert not Watch.objects.exists()


def test_a_watch_is_of_one_thing_and_there_once(student: User) -> None:
    topic: Topic = make_topic()
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(user=student, since=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(user=student, space=topic.space, topic=topic, since=now())
    Watch.objects.create(user=student, topic=topic, since=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(user=student, topic=topic, since=now())


def test_the_list_names_people_and_lets_go_of_them(student: User, teacher: User, client_of: Any) -> None:
    Profile.objects.filter(user=teacher).update(handle="lin", is_public=True)
    flows.follow(user=student, person=teacher)
    browser = client_of(student)
    assert "Lin" in browser.get("/en/following/").content.decode()
    answer = browser.post("/en/people/lin/follow/", {"follow": "no", "back": "1"})
    assert answer["Location"] == "/en/following/"
    assert not Follow.objects.exists()
    assert "Lin" not in browser.get("/en/following/").content.decode()


@pytest.mark.parametrize("number", [10, 1000])
def test_the_list_takes_as_many_queries_for_a_thousand(
    number: int, student: User, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    people = User.objects.bulk_create([User(email=f"p{n}@demo.test", name=f"P{n}") for n in range(number)])
    Profile.objects.bulk_create([Profile(user=one, handle=f"p-{one.pk}", is_public=True) for one in people])
    Follow.objects.bulk_create([Follow(user=student, person=one, since=now()) for one in people])
    browser = client_of(student)
    browser.get("/following/")
    with django_assert_max_num_queries(4):
        page = browser.get("/following/")
    assert len(page.context["page"].rows) == min(number, 50)
    if number > 50:
        older = browser.get("/following/" + page.context["older"])
        assert not {row.pk for row in older.context["page"].rows} & {row.pk for row in page.context["page"].rows}


def test_who_leaves_takes_their_list_along(student: User) -> None:
    topic = make_topic()
    flows.join(user=student, space=topic.space)
    flows.watch(user=student, topic=topic)
    assert export_person(student)["follows_places"][0]["topic__title"] == topic.title
    erase_account(user=student)
    assert not Watch.objects.exists()
