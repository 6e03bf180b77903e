"""`make bench ARGS="--community"`: pages of the community among a million posts, eight clients, two workers.

Needs the two sets of `make bench-data`. Boards and topics are asked of the big and the small one in turns.
"""

import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tests.bench.community import fill
from tests.bench.data import CSRF, session_of
from tests.bench.load import Request, fetch
from tests.bench.servers import gunicorn

CLIENTS, EACH, ROUNDS = 8, 25, 5
WARMING = 2 * CLIENTS
WIDEST = 1.3
POST_MS, TOLD_SECONDS = 100, 60
MAILS = 500


@dataclass(frozen=True)
class Page:
    """What is asked again and again, one of `requests` at a time, and the p95 in milliseconds that is wanted."""

    name: str
    requests: Sequence[Request]
    aim: int


def measure() -> int:
    """Prints a line a page; the number of aims that were missed, at most 1."""
    if not fill.exists():
        print("Run `make bench-data` first.")
        return 1
    print(f"load before: {os.getloadavg()[0]:.1f}")
    fill.use_set(fill.FEW)
    few = _pages()[:2]
    fill.use_set()
    pages = _pages()
    with _site(fill.NAME) as big:
        missed = 0
        for page in pages:
            missed += _tell(page.name, _crowd(big, page.requests), page.aim)
        missed += _tell("posting to 10,000 followers", _crowd(big, _posts(), each=10), POST_MS)
        missed += _told()
        with _site(fill.FEW) as small:
            for page, same in zip(pages[:2], few, strict=True):
                missed += _compare(page.name, (big, page.requests), (small, same.requests))
    return 1 if missed else 0


def _site(name: str) -> Any:
    place = settings.DATABASES["default"]
    address = f"postgresql://{place['USER']}@/{name}?host={place['HOST']}"
    return gunicorn("-c", "site/gunicorn.conf.py", more={"DATABASE_URL": address})


def _pages() -> list[Page]:
    """The star's pages: a board, any page of the longest topic, the first unread post, feed, search, suggestions."""
    from accounts.models import User
    from community.models import Topic
    from tests.bench.community.words import queries

    star = User.objects.get(pk=fill.IDS["star"])
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(star)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    topic = Topic.objects.select_related("space").order_by("-last_no", "pk").first()
    assert topic is not None
    dice = random.Random(7)
    last = max(2, topic.last_no // 20)

    def get(path: str, expect: int = 200) -> Request:
        return Request("GET", path, cookies, expect=expect)

    asked = list(queries(dice, 200))
    found = [
        Page("board", [get(f"/community/{topic.space.slug}/")], 60),
        Page("any page of the long topic", [get(f"{topic.path}?page={dice.randint(1, last)}") for _number in range(200)], 60),
        Page("first unread", [get(f"/community/{topic.space.slug}/{topic.pk}/{dice.randint(2, topic.last_no)}/", 302)], 60),
        Page("search", [get(f"/search/?q={quote(text)}") for text in asked], 80),
        Page("suggestions", [get(f"/search/suggest/?q={quote(text[:2])}") for text in asked], 80),
    ]
    try:
        found.append(Page("feed", [get(reverse("community:feed"))], 80))
    except NoReverseMatch:
        print("feed: there is none yet")
    return found


def _posts() -> list[Request]:
    """Replies by members of the long topic's space, none of them ten a minute."""
    from accounts.models import User
    from community.models import Topic

    topic = Topic.objects.select_related("space").order_by("-last_no", "pk")[0]
    people = User.objects.filter(memberships__space=topic.space, memberships__ended_at=None).exclude(pk=fill.IDS["star"])
    sent = []
    for number, person in enumerate(people.order_by("pk")[:100]):
        cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        said = f"csrfmiddlewaretoken={CSRF}&key={time.time_ns()}-{number}&source={quote('謝謝大家，我明天再試一次。')}"
        sent.append(Request("POST", f"/community/{topic.space.slug}/{topic.pk}/reply/", cookies, said, 302))
    return sent


def _told() -> int:
    """One worker tells all who follow the topic of the last post: until everybody's notice is there. Mails follow; how many
    a second is told beside it."""
    from community.models import Post
    from kit import outbox
    from notices.models import Notice

    last = Post.objects.order_by("-pk")[0]
    posts = outbox.OutboxMessage.objects.filter(topic="post.written", done_at=None)
    posts.exclude(key=str(last.pk)).delete()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # no mail server stands here
    undone = outbox.OutboxMessage.objects.filter(done_at=None)
    began = time.perf_counter()
    while due := list(undone.exclude(topic="notice.mail").values_list("pk", flat=True)[:1000]):
        for message in due:
            outbox.deliver(message_id=message)
    seconds = time.perf_counter() - began
    told = Notice.objects.filter(key=f"post:{last.pk}").count()
    print(f"told of one post: {told:,} people in {seconds:.1f} s by one worker (aim {TOLD_SECONDS})")
    mails = list(undone.filter(topic="notice.mail").values_list("pk", flat=True)[:MAILS])
    began = time.perf_counter()
    for message in mails:
        outbox.deliver(message_id=message)
    if mails:
        print(f"mails of it: {len(mails) / (time.perf_counter() - began):.0f} a second by one worker")
    undone.delete()
    return int(seconds > TOLD_SECONDS or told < fill.SIZES["followers"] - 1)


def _compare(name: str, big: tuple[int, Sequence[Request]], small: tuple[int, Sequence[Request]]) -> int:
    """Medians of single requests, in turns."""
    medians: dict[str, list[float]] = {"big": [], "small": []}
    for _round in range(ROUNDS):
        for key, (port, requests) in (("big", big), ("small", small)):
            medians[key].append(statistics.median(_times(port, requests, EACH)))
    high, low = statistics.median(medians["big"]), statistics.median(medians["small"])
    print(f"{name}: median {high:.1f} ms with a million posts, {low:.1f} ms with a thousand: {high / low:.2f} × (aim {WIDEST})")
    return int(high / low > WIDEST)


def _times(port: int, requests: Sequence[Request], count: int, start: int = 0) -> list[float]:
    found = []
    for number in range(count):
        request = requests[(start + number) % len(requests)]
        began = time.perf_counter()
        answer = fetch(port, request.encoded(port))
        found.append((time.perf_counter() - began) * 1000)
        if not answer.startswith(f"HTTP/1.1 {request.expect} ".encode()):
            raise RuntimeError(f"{request.method} {request.path}: {answer[:200]!r}")
    return found


def _crowd(port: int, requests: Sequence[Request], each: int = EACH) -> list[float]:
    """Eight clients at once, after a few requests that warm the workers up. What is posted is posted once."""
    _times(port, requests, WARMING)
    if requests[0].method == "POST":
        requests = requests[WARMING:]
    found: list[float] = []
    failed: list[Exception] = []

    def work(client: int) -> None:
        try:
            found.extend(_times(port, requests, each, start=client * each))
        except Exception as error:  # told below: a thread's own goes nowhere
            failed.append(error)

    _run([lambda client=client: work(client) for client in range(CLIENTS)])  # type: ignore[misc]
    if failed:
        raise failed[0]
    return found


def _run(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _tell(name: str, times: list[float], aim: int) -> int:
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name}: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms (aim {aim}); load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return int(p95 > aim)
