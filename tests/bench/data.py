"""What the measured pages show: a course of 30 lessons, a class of 20, a board of 50 topics, a full basket."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from accounts.models import User
from accounts.roles import INSTRUCTOR, ensure_roles, give_role
from community.flows import reply
from community.models import Space
from courses.models import Lesson, Media
from kit.clock import now
from pages.flows import ensure_site
from shop.catalogue.models import Offer
from shop.orders.flows import add_to_basket, open_basket
from shop.referrals.flows import create_link, create_programme, join_programme
from shop.referrals.rules import Rules
from tests.bench.load import Request
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku, make_topic, make_user

CSRF = "b" * 32
PARAGRAPH = "右手拇指從第四弦往下刷到第一弦，手腕放鬆，讓每一根弦都發出一樣大的聲音。" * 3


@dataclass(frozen=True)
class Page:
    name: str
    request: Request
    aim: float | None


def build() -> list[Page]:
    """Fill an empty database and say what to measure."""
    ensure_site()
    ensure_roles()
    teacher, student = make_user(name="林老師"), make_user(name="小安")
    give_role(user=teacher, role=INSTRUCTOR)
    course = make_course(lessons=30, teacher=teacher, slug="ukulele", title="從零基礎到自由彈唱", words=PARAGRAPH)
    cohort = make_cohort(course=course, seats=100)
    offer = make_offer(cohort=cohort, sku=make_sku(seller=teacher), slug="ukulele", title="烏克麗麗三十天")
    others = [make_course(lessons=5, teacher=teacher) for _number in range(8)]
    for other in others:
        make_offer(cohort=make_cohort(course=other))
    for mate in [student, *(make_user() for _number in range(20))]:
        enrol(mate, cohort)
    _talk(cohort, student)
    programme = create_programme(name="Students bring students", rules=Rules())
    join_programme(user=student, programme=programme)
    create_link(owner=student, target="/courses/ukulele/", code="bench")
    add_to_basket(basket=open_basket(user=student, token=None), offer=offer)
    return _pages(course, offer, student)


def _talk(cohort: Any, student: User) -> None:
    settings.POSTS_PER_MINUTE = 10_000
    space = Space.objects.get(about=f"cohort:{cohort.pk}")
    lesson = Lesson.objects.filter(course=cohort.course).order_by("position")[0]
    for number in range(50):
        about = f"lesson:{lesson.pk}" if number % 10 == 0 else ""
        topic = make_topic(space=space, author=student, title=f"第 {number} 個問題", source=PARAGRAPH, about=about)
        for answer in range(20 if number == 49 else 2):
            reply(author=student, topic=topic, source=PARAGRAPH, key=f"answer-{number}-{answer}")


def _pages(course: Any, offer: Offer, student: User) -> list[Page]:
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(student)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    space = Space.objects.get(about=f"cohort:{course.cohorts.get().pk}")
    topic = space.topics.order_by("-last_no")[0]
    add = Request("POST", reverse("orders:add"), cookies, f"csrfmiddlewaretoken={CSRF}&offer={offer.pk}&quantity=1", 302)

    media = Media.objects.create(
        course=course, kind="audio", title="錄音", key="bench.m4a", content_type="audio/mp4", size=1, created_at=now()
    )
    said = f"csrfmiddlewaretoken={CSRF}&media={media.pk}&seconds=134&at={int(now().timestamp() * 1000)}"
    beacon = Request("POST", "/courses/ukulele/day-1/stopped/", cookies, said, 204)

    def member(path: str) -> Request:
        return Request("GET", path, cookies)

    return [
        Page("landing page, visitor", Request("GET", "/courses/ukulele/"), 0.25),
        Page("catalogue, visitor", Request("GET", "/courses/"), 0.20),
        Page("lesson, student", member("/courses/ukulele/day-1/"), 0.04),
        Page("board of 50 topics, member", member(f"/community/{space.slug}/"), 0.04),
        Page("topic of 21 posts, member", member(topic.path), 0.04),
        Page("basket, member", member("/basket/"), 0.04),
        Page("checkout, member", member("/checkout/"), 0.04),
        Page("adding to the basket, member", add, 0.05),
        Page("referral link, visitor", Request("GET", "/r/bench/", expect=302), 0.13),
        Page("home, visitor", Request("GET", "/"), None),
        Page("learn, student", member("/learn/"), None),
        Page("progress beacon, student", beacon, None),
        Page("promote, referrer", member("/promote/"), None),
    ]


def session_of(user: User) -> str:
    """The key of a session in which the person is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)
