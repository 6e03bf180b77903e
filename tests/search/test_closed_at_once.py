"""After a refund, a removal from the space or a block: everything is closed at once, in every room that shows or sends.

Each place is a line in PLACES: a function that answers what the person gets there, with the secret while it is open. Before
each end the same walk must find the secret in every place: a place that shows nothing would prove nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from community import flows
from community.models import Membership, Post, Topic
from courses.flows import revoke_seat
from kit import outbox
from notices.flows import choose, prepare_digests
from tests.factories import enrol, make_cohort, make_course, make_user
from tests.notices.streams import House

pytestmark = pytest.mark.django_db
SECRET, TITLE = "persimmon", "The harvest"


@dataclass
class Walk:
    """What one person of a class has: a browser, and what stands there to be seen."""

    person: User
    browser: Client
    topic: Topic
    post: Post
    house: House
    clock: Any
    file: int

    def page(self, address: str, **asked: str) -> str:
        """The answer's text, without the marks of a hit; a redirect's target stands for what is behind it."""
        answer = self.browser.get(address, asked)
        return re.sub("</?mark>", "", answer.content.decode()) + answer.headers.get("Location", "")

    @property
    def space(self) -> str:
        return f"/community/{self.topic.space.slug}/"


def deliver() -> None:
    while due := outbox.due_message_ids(1000):
        for message in due:
            outbox.deliver(message_id=message)


def tells(text: str) -> bool:
    """Whether anything of the topic or the lesson stands there. Addresses hold the title in another spelling."""
    return SECRET in text or TITLE in text


def stream(walk: Walk) -> str:
    """What a stream that is opened now says of the topic, and one that stands open of a new post."""
    heard = walk.house.open(walk.person, f"topic:{walk.topic.pk}")
    flows.reply(author=walk.topic.author, topic=walk.topic, source="more", key=f"more {len(walk.house.tasks)}")
    walk.house.run()
    told = f"topic:{walk.topic.pk}" in heard.text
    walk.house.leave(heard)
    return SECRET if told else ""


def mails(walk: Walk) -> str:
    """What a digest of the next morning says of a post written before."""
    mail.outbox.clear()
    walk.clock.advance(days=1)
    prepare_digests()
    deliver()
    return " ".join(str(sent.body) for sent in mail.outbox if walk.person.email in sent.to)


PLACES: dict[str, Callable[[Walk], str]] = {
    "board": lambda walk: walk.page(walk.space),
    "topic": lambda walk: walk.page(walk.topic.path),
    "earlier versions": lambda walk: walk.page(f"{walk.space}{walk.topic.pk}/1/history/"),
    "quote": lambda walk: walk.page(f"{walk.space}{walk.topic.pk}/1/quote/"),
    "newer posts": lambda walk: walk.page(f"{walk.space}{walk.topic.pk}/after/0/"),
    "search": lambda walk: walk.page("/search/", q="posted"),
    "search of the lesson": lambda walk: walk.page("/search/", q="walnut", kind="lesson"),
    "search by space": lambda walk: walk.page("/search/", q="posted", space=walk.topic.space.slug),
    "suggestions": lambda walk: walk.page("/search/suggest/", q="The har"),
    "lesson": lambda walk: walk.page("/courses/uke/day-2/"),
    "inbox": lambda walk: walk.page("/notices/"),
    "attachment": lambda walk: SECRET if "X-Amz-Signature" in walk.page(f"{walk.space}files/{walk.file}/") else "",
    "stream": stream,
}


def refund(walk: Walk) -> None:
    revoke_seat(source="order:1")


def removal(walk: Walk) -> None:
    place = Membership.objects.get(user=walk.person, space=walk.topic.space, ended_at=None)
    boss = make_user()
    flows.join(user=boss, space=walk.topic.space, role="owner")
    flows.remove_member(by=boss, membership=place, reason="x")


# What a removal from the space leaves: the seat in the course is not the space's to take.
LEFT = {"removal": {"lesson", "search of the lesson"}}
ENDS = {"refund": refund, "removal": removal}


@pytest.fixture
def walk(clock: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, client_of: Callable[[User], Client]) -> Iterator[Walk]:
    settings.LIVE_URL = "http://127.0.0.1:9/live/"
    teacher, person = make_user(), make_user(language="en")
    course = make_course(lessons=2, slug="uke", teacher=teacher, words=f"walnut {SECRET}")
    cohort = make_cohort(course=course)
    enrol(person, cohort, source="order:1")
    clock.advance(days=2)
    choose(user=person, group="replies", how="daily")
    space = Membership.objects.get(user=person).space
    flows.join(user=teacher, space=space, role="owner")
    file = flows.keep_file(
        owner=teacher, place=f"space:{space.pk}", file=SimpleUploadedFile("a.txt", SECRET.encode(), "text/plain"), key="f"
    )
    topic = flows.open_topic(
        author=teacher,
        space=space,
        kind="announcement",
        title=TITLE,
        source=f"{SECRET} posted",
        key="k",
        files=[file.pk],
    )
    flows.edit_post(by=teacher, post=topic.posts.get(), source=f"{SECRET} posted again")
    deliver()
    house = House(monkeypatch)
    yield Walk(person, client_of(person), topic, topic.posts.get(), house, clock, file.pk)
    house.close()


@pytest.mark.parametrize("end", ENDS)
def test_whatever_was_open_is_closed_at_once(walk: Walk, end: str) -> None:
    assert [name for name, place in PLACES.items() if not tells(place(walk))] == []
    ENDS[end](walk)
    shown = {name for name, place in PLACES.items() if tells(place(walk))}
    assert shown == LEFT.get(end, set())


@pytest.mark.parametrize("end", [*ENDS, ""])
def test_the_digest_of_what_was_told_before_says_nothing_after_the_end(walk: Walk, end: str) -> None:
    """A walk of its own: who has read a post on its page gets no mail of it. Without an end it does say it."""
    if end:
        ENDS[end](walk)
    assert tells(mails(walk)) is (end == "")
