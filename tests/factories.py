"""Plain makers of rows for tests. Each takes what the test cares about and fills in the rest."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from types import SimpleNamespace
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F
from modelsearch import signal_handlers
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import Profile, User
from community import flows as community_flows
from community.models import Space, Topic

_numbers = count(1)


def make_user(*, email: str = "", name: str = "", **fields: Any) -> User:
    """An account with a verified e-mail address and a handle."""
    number = next(_numbers)
    user = User.objects.create_user(
        email=email or f"person{number}@demo.test", password="courseyard-demo", name=name or f"Person {number}", **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Profile.objects.create(user=user, handle=f"person-{number}")
    return user


def make_sku(*, seller: Any = None, code: str = "", on_hand: int = 10, small: bool = False, **fields: Any) -> Any:
    """A good with stock: a ukulele in its box of 620 mm, or (`small`) a brush set of 280 × 180 × 60 mm."""
    from shop.catalogue.flows import create_sku

    number = next(_numbers)
    size = (
        {"length_mm": 280, "width_mm": 180, "height_mm": 60, "weight_g": 700}
        if small
        else {"length_mm": 620, "width_mm": 230, "height_mm": 110, "weight_g": 1500}
    )
    values = {"name": "Brush set" if small else "Ukulele 21 inch", "value": 12000, "currency": "CNY", **size, **fields}
    return create_sku(code=code or f"KIT-{number}", seller=seller or make_user(), on_hand=on_hand, **values)


def make_offer(
    *,
    seller: Any = None,
    cohort: Any = None,
    sku: Any = None,
    price: int = 59900,
    currency: str = "CNY",
    slug: str = "",
    title: str = "",
    weights: tuple[int, int] = (469, 130),
    live: bool = True,
    **fields: Any,
) -> Any:
    """An offer of a seat in `cohort`, of `sku`, or of both (seat first, `weights` in that order); goods alone without either."""
    from shop.catalogue.flows import Part, create_offer, publish_offer

    number = next(_numbers)
    seller = seller or (cohort.course.teacher if cohort else make_user())
    if cohort is None and sku is None:
        sku = make_sku(seller=seller)
    seat = [Part(cohort=cohort, weight=weights[0])] if cohort else []
    goods = [Part(sku=sku, weight=weights[1])] if sku else []
    fields.setdefault("course", cohort.course if cohort else None)
    offer = create_offer(
        slug=slug or f"offer-{number}",
        title=title or f"Offer {number}",
        seller=seller,
        components=seat + goods,
        price=price,
        currency=currency,
        **fields,
    )
    return publish_offer(offer=offer, actor=seller) if live else offer


def make_course(
    *,
    lessons: int = 3,
    teacher: Any = None,
    slug: str = "",
    title: str = "Ukulele in thirty days",
    publish: bool = True,
    preview_first: bool = True,
    words: str = "The words of lesson",
    homework_on: int = 0,
    indexed: bool = False,
) -> Any:
    """A course with lessons day-1 … day-N (day 1 a free preview), published; each lesson's text is "<words> <n>.".

    `indexed`: it is found in the back office's search and counted as using what it shows.
    """
    with nullcontext() if indexed else _unindexed():
        return _make_course(lessons, teacher, slug, title, publish, preview_first, words, homework_on)


@contextmanager
def _unindexed() -> Iterator[None]:
    """Wagtail keeps its own indices after each of the three writes of a page: a third of what a course costs to make."""
    honest = signal_handlers.insert_or_update_object_task
    signal_handlers.insert_or_update_object_task = SimpleNamespace(enqueue=lambda *_args: None)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        signal_handlers.insert_or_update_object_task = honest


def _make_course(
    lessons: int, teacher: Any, slug: str, title: str, publish: bool, preview_first: bool, words: str, homework_on: int
) -> Any:
    from courses.flows import LessonDraft, add_lessons, create_course

    boss = teacher or User.objects.filter(email="teacher@demo.test").first() or make_user(name="Lin")
    course = create_course(
        teacher=boss, slug=slug or f"course-{next(_numbers)}", title=title, days=max(lessons, 1), tagline="Thirty small evenings"
    )
    drafts = [
        LessonDraft(
            title=f"Lesson {n}",
            is_preview=preview_first and n == 1,
            goal=f"Goal of lesson {n}",
            homework="Record it." if n == homework_on else "",
            body=[{"type": "text", "value": f"<p>{words} {n}.</p>"}],
        )
        for n in range(1, lessons + 1)
    ]
    add_lessons(course=course, lessons=drafts)
    if publish:
        _publish(course)
    return course


def _publish(course: Any) -> None:
    """As courses.flows.publish_course leaves pages that have just been made, in one statement: their rows say what their only
    revision says."""
    from courses.models import CoursePage, LessonPage
    from courses.searching import course_changed
    from kit.clock import now

    ids = [*CoursePage.objects.filter(course=course).values_list("pk", flat=True)]
    ids += LessonPage.objects.filter(lesson__course=course).values_list("pk", flat=True)
    moment = now()
    Page.objects.filter(pk__in=ids).update(
        live=True,
        has_unpublished_changes=False,
        first_published_at=moment,
        last_published_at=moment,
        live_revision=F("latest_revision"),
    )
    course_changed(course.pk)


def make_cohort(*, course: Any = None, seats: int = 20, starts_on: Any = None, **fields: Any) -> Any:
    """A class that begins today (by the kit's clock, in its zone) unless told otherwise."""
    from courses.flows import create_cohort
    from kit.clock import FALLBACK_ZONE, local_date, now

    number = next(_numbers)
    values = {"name": f"Class {number}", "slug": f"class-{number}", **fields}
    day = starts_on or local_date(now(), values.get("time_zone", FALLBACK_ZONE))
    return create_cohort(course=course or make_course(), seats=seats, starts_on=day, **values)


def enrol(user: User, cohort: Any, *, source: str = "staff:1", starts_on: Any = None) -> Any:
    """A live seat."""
    from courses.flows import grant_seat

    return grant_seat(user=user, cohort=cohort, source=source, starts_on=starts_on)


def make_space(*, slug: str = "", name: str = "", **fields: Any) -> Space:
    """A members-only space, or as `fields` say (visibility="public", about="cohort:5")."""
    number = next(_numbers)
    return community_flows.ensure_space(slug=slug or f"space-{number}", name=name or f"Space {number}", **fields)


def make_topic(
    *, space: Space | None = None, author: User | None = None, title: str = "How?", source: str = "Like this?", **fields: Any
) -> Topic:
    """A topic by a member of its space (made a member where they are not)."""
    space, author = space or make_space(), author or make_user()
    community_flows.join(user=author, space=space)
    values = {"kind": "question", "key": f"topic-{next(_numbers)}", **fields}
    return community_flows.open_topic(author=author, space=space, title=title, source=source, **values)


def make_coupon(code: str = "SAVE10", *, percent: int | None = None, actor: Any = None, **terms: Any) -> Any:
    """A coupon of ten percent on everything, or as the terms say (off={"CNY": 5000}, offers=[…], max_uses=1 …)."""
    from shop.catalogue.flows import CouponTerms, create_coupon

    percent = 1000 if percent is None and "off" not in terms else percent
    return create_coupon(terms=CouponTerms(code=code, percent=percent, **terms), actor=actor or make_user())
