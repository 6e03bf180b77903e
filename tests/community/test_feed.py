"""The feed: what those one follows bring and like, newest first, and nothing that one may not see."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, RequestFactory

from accounts.flows import add_work, erase_account, remove_work
from accounts.models import Profile, User
from community import flows
from community.flows.feed import refresh_feed
from community.models import FeedItem, Follow, Membership, Post, Space, Topic
from community.reads.feed import INTERESTS, feed_page
from courses.flows import create_course, publish_course
from kit import feeds, outbox
from kit.clock import now
from shop.catalogue.flows import close_offer
from tests.factories import make_offer, make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc"
    b"\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def deliver() -> None:
    while due := outbox.due_message_ids(5000):
        for message in due:
            outbox.deliver(message_id=message)


def titles(user: User, **wishes: Any) -> list[str]:
    deliver()
    request = RequestFactory().get("/")
    request.user = user
    return [entry.card.title for entry in feed_page(request, **wishes).entries]


@pytest.fixture
def space(student: User) -> Space:
    space = make_space()
    flows.join(user=student, space=space, source="enrolment:3")
    return space


@pytest.fixture
def friend(student: User) -> User:
    friend = make_user(name="Mei")
    Profile.objects.filter(user=friend).update(handle="mei", is_public=True)
    flows.follow(user=student, person=friend)
    return friend


def test_topics_of_those_one_follows_come_newest_first_and_nobody_elses(space: Space, student: User, friend: User) -> None:
    make_topic(space=space, author=friend, title="First")
    make_topic(space=space, title="Of a stranger")
    make_topic(space=space, author=friend, title="Second")
    assert titles(student) == ["Second", "First"]
    assert titles(friend) == []
    flows.unfollow(user=student, person=friend)
    assert titles(student) == []


def test_a_followed_space_brings_the_topics_of_everybody_but_oneself(space: Space, student: User, friend: User) -> None:
    flows.watch(user=student, space=space)
    make_topic(space=space, title="Of a stranger")
    make_topic(space=space, author=student, title="My own")
    make_topic(space=space, author=friend, title="Of both")
    assert titles(student) == ["Of both", "Of a stranger"], "each once"


def test_courses_offers_and_works_come_when_they_are_published_and_go_with_them(student: User, friend: User) -> None:
    course = create_course(teacher=friend, slug="next", title="Fingerstyle")
    assert titles(student) == []
    publish_course(course=course, actor=friend)
    offer = make_offer(seller=friend, title="Strings")
    work = add_work(user=friend, title="My first song", upload=SimpleUploadedFile("a.png", PIXEL))
    assert titles(student) == ["My first song", "Strings", "Fingerstyle"]
    assert titles(student, show="offer") == ["Strings"]
    close_offer(offer=offer, actor=friend)
    remove_work(work=work)
    assert titles(student) == ["Fingerstyle"]
    Profile.objects.filter(user=friend).update(is_public=False)
    assert titles(student) == ["Fingerstyle"]


def test_a_work_is_not_shown_once_its_makers_page_is_closed(student: User, friend: User) -> None:
    add_work(user=friend, title="My first song", upload=SimpleUploadedFile("a.png", PIXEL))
    Profile.objects.filter(user=friend).update(is_public=False)
    assert titles(student) == []


def test_who_lost_the_seat_sees_nothing_more_of_the_space(space: Space, student: User, friend: User) -> None:
    make_topic(space=space, author=friend, title="Secret tuning")
    flows.watch(user=student, space=space)
    assert titles(student) == ["Secret tuning"]
    flows.leave(source="enrolment:3")
    assert titles(student) == []
    assert FeedItem.objects.filter(actor=friend).exists(), "the row is there: who may see it is asked at the moment"


def test_the_card_is_asked_again_even_where_the_row_says_that_everybody_may_know(student: User, friend: User) -> None:
    topic = make_topic(author=friend, title="Of another space")
    deliver()
    FeedItem.objects.update(space=None)
    assert titles(student) == []
    flows.join(user=student, space=topic.space)
    assert titles(student) == ["Of another space"]


def test_a_removed_topic_leaves_the_feed(space: Space, student: User, friend: User, owner: User) -> None:
    topic = make_topic(space=space, author=friend, title="Gone soon")
    assert titles(student) == ["Gone soon"]
    flows.remove_post(by=owner, post=topic.posts.get(no=1), reason="spam")
    assert titles(student) == []
    assert not FeedItem.objects.exists()


def test_a_moved_topic_is_for_those_of_its_new_space(space: Space, student: User, friend: User, owner: User) -> None:
    topic = make_topic(space=space, author=friend)
    deliver()
    flows.move_topic(by=owner, topic=topic, space=make_space())
    deliver()
    assert titles(student) == []


def test_an_audience_that_feeds_do_not_know_is_shown_to_nobody(
    student: User, friend: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = feeds.Item(ref="odd:1", actor=friend.pk, at=now(), audience="course:3")
    source = feeds.Source("odd", shown="odd", label="Odd", items=lambda _ids: [item], all_ids=list)
    monkeypatch.setitem(feeds._sources, "odd", source)
    refresh_feed({"ref": "odd:1"})
    assert not FeedItem.objects.exists()


def test_interests_are_a_filter_that_one_chooses(space: Space, student: User) -> None:
    stranger = make_user()
    Space.objects.filter(pk=space.pk).update(interests=["烏克麗麗", "書法"])
    space.refresh_from_db()
    for title, source in (("Of strings", "我的乌克丽丽"), ("Of brushes", "學書法")):
        make_topic(space=space, author=stranger, title=title, source=source)
    words = ["烏克麗麗", "UKULELE"]
    assert titles(student, show=INTERESTS, interests=words) == ["Of strings"]
    assert titles(student, interests=words) == [], "unasked they bring nothing"
    flows.leave(source="enrolment:3")
    assert titles(student, show=INTERESTS, interests=words) == []


def crowd_of(number: int, student: User, space: Space) -> list[User]:
    """Followed people, each with a topic in the space and one in another; all at four moments only."""
    moment = now()
    people = User.objects.bulk_create([User(email=f"p{n}@demo.test", name=f"P{n}") for n in range(number)])
    Profile.objects.bulk_create([Profile(user=one, handle=f"p-{one.pk}", is_public=True) for one in people])
    Follow.objects.bulk_create([Follow(user=student, person=one, since=moment) for one in people])
    elsewhere, rows = make_space(), []
    for place in (space, elsewhere):
        topics = Topic.objects.bulk_create(
            [
                Topic(space=place, author=one, title=f"T{n}", created_at=moment, last_post_at=moment)
                for n, one in enumerate(people)
            ]
        )
        rows += [
            FeedItem(
                actor_id=topic.author_id,
                kind="topic",
                ref=f"topic:{topic.pk}",
                space=place,
                at=moment - timedelta(minutes=n % 4),
            )
            for n, topic in enumerate(topics)
        ]
    FeedItem.objects.bulk_create(rows)
    return people


def test_pages_follow_each_other_without_loss_or_double(space: Space, student: User, client_of: Any) -> None:
    crowd_of(70, student, space)
    mine = FeedItem.objects.filter(space=space).order_by("-at", "-pk")
    expected = list(mine.values_list("ref", flat=True))
    browser, address, seen = client_of(student), "/en/feed/", []
    while address:
        page = browser.get(address).context
        seen += [entry.ref for entry in page["page"].entries]
        address = f"/en/feed/{page['older']}" if page["older"] else ""
    assert seen == expected
    assert len(seen) == 70


@pytest.mark.parametrize("number", [10, 1000])
def test_the_feed_takes_as_many_queries_for_a_thousand(
    number: int, space: Space, student: User, teacher: User, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    people = crowd_of(number, student, space)
    flows.follow(user=student, person=teacher)
    publish_course(course=create_course(teacher=teacher, slug="next", title="Fingerstyle"), actor=teacher)
    make_offer(seller=teacher, title="Strings")
    add_work(user=teacher, title="Song", upload=SimpleUploadedFile("a.png", PIXEL))
    Profile.objects.filter(user=teacher).update(is_public=True)
    Membership.objects.bulk_create([Membership(space=make_space(), user=student, joined_at=now()) for _n in range(20)])
    deliver()
    browser = client_of(student)
    browser.get("/feed/")  # renditions of pictures that were never shown are made by the first
    with django_assert_max_num_queries(12):
        page = browser.get("/feed/")
    kinds = {entry.card.title for entry in page.context["page"].entries}
    assert {"Fingerstyle", "Strings", "Song"} <= kinds
    assert len(page.context["page"].entries) == min(number + 3, 20)
    assert people[0].pk


def test_the_feed_is_behind_a_sign_in_and_kept_by_no_cache(student: User, client_of: Any) -> None:
    assert Client().get("/en/feed/")["Location"].startswith("/en/accounts/login/")
    answer = client_of(student).get("/en/feed/?show=made-up&before=nonsense-1")
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert client_of(student).get(f"/en/feed/?before=1e999-{'9' * 40}").status_code == 200


def test_reading_everything_again_makes_the_same_rows(space: Space, student: User, friend: User) -> None:
    topic = make_topic(space=space, author=friend, title="First")
    deliver()
    before = list(FeedItem.objects.values("ref", "actor", "at", "space"))
    FeedItem.objects.all().delete()
    call_command("rebuild_feed", verbosity=0)
    assert list(FeedItem.objects.values("ref", "actor", "at", "space")) == before
    assert Post.objects.get(topic=topic).no == 1


def test_who_leaves_leaves_the_feeds_of_others(space: Space, student: User, friend: User) -> None:
    make_topic(space=space, author=friend, title="First")
    deliver()
    erase_account(user=friend)
    assert not FeedItem.objects.exists()
