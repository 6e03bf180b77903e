"""After a refund, a removal or a block the same words are gone at once from every place in which they stood a moment before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, TestCase

from accounts.models import User
from community import flows
from community.models import Attachment, Membership, Post, Space, Topic
from courses.models import Cohort
from kit import outbox
from kit.clock import now
from kit.models import OutboxMessage
from notices.flows import choose, prepare_digests
from notices.live import feed, publish, values_of
from notices.models import LiveEvent
from shop.checkout.flows import refund_order
from shop.orders.models import Order
from tests.factories import make_user
from tests.notices.streams import session_of
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# A word that nothing else on the site says.
WORD = "xylophonquokka"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Scene:
    """A reader with a bought seat, and what somebody wrote in the class's space: a topic, a reply, a file."""

    reader: User
    author: User
    order: Order
    space: Space
    topic: Topic
    post: Post
    file: Attachment
    browser: Client
    mails: list[Any]

    def page(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code < 500, path
        return answer.content.decode() if answer.status_code == 200 else ""


def told(scene: Scene) -> None:
    """Deliver what waits, as a worker would, but for the mails about the class, which wait a minute."""
    rows = OutboxMessage.objects.filter(done_at=None).exclude(topic__in=["notice.mail", "notice.digest"])
    while due := list(rows.values_list("pk", flat=True)):
        for pk in due:
            outbox.deliver(message_id=pk)


@pytest.fixture
def scene(till: Till, bundle: Any, client_of: Any, settings: Any, mailoutbox: list[Any]) -> Scene:
    settings.LIVE_URL = "http://127.0.0.1:9/live/"
    reader, author = make_user(name="Reader"), make_user(name="Author")
    with TestCase.captureOnCommitCallbacks(execute=True):
        order = till.bought(bundle, user=reader)
    till.deliver()
    cohort = Cohort.objects.get(course=bundle.course)
    space = Space.objects.get(about=cohort.seat_ref)
    flows.join(user=author, space=space)
    flows.follow(user=reader, person=author)
    lesson = cohort.course.lessons.first()
    topic = flows.open_topic(
        author=author, space=space, kind="question", title=f"{WORD} strings", source="How?", key="t", about=f"lesson:{lesson.pk}"
    )
    flows.reply(author=reader, topic=topic, source="I wonder, too", key="r")
    file = flows.keep_file(owner=author, place=f"topic:{topic.pk}", file=SimpleUploadedFile(f"{WORD}.pdf", PDF), key="f")
    post = flows.reply(author=author, topic=topic, source=f"Because of the {WORD}", key="p", files=[file.pk])
    found = Scene(reader, author, order, space, topic, post, file, client_of(reader), mailoutbox)
    told(found)
    call_command("rebuild_index", verbosity=0)
    call_command("rebuild_feed", verbosity=0)
    return found


def _mail_now(scene: Scene) -> bool:
    """Whether the mail about the post would go out now. What is sent is taken back: the walk looks twice."""
    return _sends(scene, "notice.mail")


def _digest_now(scene: Scene) -> bool:
    choose(user=scene.reader, group="replies", how="daily")
    scene.reader.notices.update(rhythm="daily", created_at=now() - timedelta(days=2))
    prepare_digests()
    return _sends(scene, "notice.digest")


def _sends(scene: Scene, topic: str) -> bool:
    before = len(scene.mails)
    for message in OutboxMessage.objects.filter(topic=topic, done_at=None):
        outbox.deliver(message_id=message.pk)
    sent = [mail for mail in scene.mails[before:] if mail.to == [scene.reader.email]]
    return any(WORD in f"{mail.subject} {mail.body}" for mail in sent)


def _unread_again(scene: Scene) -> None:
    """Whoever opens the topic has read its notice, and of a read one no mail tells: the mails would be silent anyway."""
    scene.reader.notices.update(read_at=None)


def _streamed(scene: Scene) -> bool:
    """Whether an event of the space would reach the reader's open stream."""
    publish(kind="change", values={f"topic:{scene.topic.pk}": 99}, people=[], gate=f"space:{scene.space.pk}")
    feed.number_new()
    event = LiveEvent.objects.order_by("-seq")[0]
    session = session_of(scene.reader)
    verdict = feed.judge(events=[event], sessions=[session], people={event.seq: {scene.reader.pk}})
    return scene.reader.pk in verdict.allowed[event.seq]


def _opens_file(scene: Scene) -> bool:
    return scene.browser.get(f"/en/community/{scene.space.slug}/files/{scene.file.pk}/").status_code == 302


def _unfolded(scene: Scene, path: str) -> str:
    """A page without what is folded away on it."""
    page = scene.page(path)
    while "<details" in page:
        before, _open, rest = page.partition("<details")
        page = before + rest.partition("</details>")[2]
    return page


BOARD = "/en/community/{space.slug}/"
TOPIC = BOARD + "{topic.pk}-{topic.slug}/"
PLACES: dict[str, Callable[[Scene], bool]] = {
    "board": lambda scene: WORD in scene.page(BOARD.format(**vars(scene))),
    "topic": lambda scene: f"of the {WORD}" in _unfolded(scene, TOPIC.format(**vars(scene))),
    "post": lambda scene: scene.browser.get((TOPIC + "{post.no}/").format(**vars(scene))).status_code == 302,
    "new posts": lambda scene: f"of the {WORD}" in _unfolded(scene, (BOARD + "{topic.pk}/after/2/").format(**vars(scene))),
    "quote": lambda scene: WORD in scene.page((BOARD + "{topic.pk}/{post.no}/quote/").format(**vars(scene))),
    "history": lambda scene: (
        scene.browser.get((BOARD + "{topic.pk}/{post.no}/history/").format(**vars(scene))).status_code == 200
    ),
    "file": _opens_file,
    "search": lambda scene: f"<mark>{WORD}" in scene.page(f"/en/search/?q={WORD}"),
    "suggestions": lambda scene: "suggestion-title" in scene.page(f"/en/search/suggest/?q={WORD}"),
    "feed": lambda scene: WORD in scene.page("/en/feed/"),
    "inbox": lambda scene: WORD in scene.page("/en/notices/"),
    "lesson": lambda scene: WORD in scene.page(f"/en/courses/{scene.order.lines.get().offer.course.slug}/day-1/"),
    "values for a poll": lambda scene: bool(values_of([f"topic:{scene.topic.pk}"], scene.reader)),
    "stream": _streamed,
}
MAILS = {"mail": _mail_now, "digest": _digest_now}


def refund(scene: Scene, till: Till) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(order=scene.order, components="everything", reason="wants it back", actor=None)
    till.deliver()


def remove_from_space(scene: Scene, till: Till) -> None:
    teacher = scene.order.lines.get().offer.course.teacher
    place = Membership.objects.get(user=scene.reader, space=scene.space, ended_at=None)
    flows.remove_member(by=teacher, membership=place, reason="quarrels")


def remove_topic(scene: Scene, till: Till) -> None:
    teacher = scene.order.lines.get().offer.course.teacher
    for post in (scene.post, scene.topic.posts.get(no=1)):
        flows.remove_post(by=teacher, post=post, reason="off topic")


def block(scene: Scene, till: Till) -> None:
    flows.block(user=scene.reader, person=scene.author)


def mute(scene: Scene, till: Till) -> None:
    flows.mute(user=scene.reader, person=scene.author)


# A person's own block closes what is brought to them; the space that both share stays one that both read, and their posts
# are folded away there.
SHARED = {"board", "post", "quote", "history", "file", "lesson", "values for a poll", "stream"}
STAYS_OPEN: dict[Callable[[Scene, Till], None], set[str]] = {
    refund: set(),
    remove_from_space: set(),
    remove_topic: {"stream"},
    block: SHARED,
    mute: SHARED,
}


@pytest.mark.parametrize("cause", STAYS_OPEN)
def test_what_stood_in_every_place_is_gone_from_each(scene: Scene, till: Till, cause: Callable[[Scene, Till], None]) -> None:
    assert [name for name, is_there in PLACES.items() if not is_there(scene)] == [], "must be seen before it can be gone"
    _unread_again(scene)
    cause(scene, till)
    told(scene)
    still = {name for name, is_there in {**PLACES, **MAILS}.items() if is_there(scene)}
    assert still == STAYS_OPEN[cause]


@pytest.mark.parametrize("name", MAILS)
def test_control_the_mails_would_have_said_it_after_the_same_walk(scene: Scene, name: str) -> None:
    assert all(is_there(scene) for is_there in PLACES.values())
    _unread_again(scene)
    assert MAILS[name](scene)
