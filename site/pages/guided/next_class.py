"""Open the next class: everything that the last one had, dates shifted, on sale at once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from community.flows import furnish_space
from community.models import Space
from courses.flows import add_rest_days, announce_session, create_cohort
from courses.models import Cohort, Course
from kit.clock import local_date, now, zone
from pages.guided.flows import free_class_slug
from shop.catalogue.flows import Part, create_offer, publish_offer, sell_without_kit, set_policy, set_price
from shop.catalogue.models import Component, Offer, Price
from shop.payouts.flows import change_split, start_split
from shop.payouts.reads import points_of, shares_in_force
from shop.referrals.flows.programme import ask_own_agreement, create_programme
from shop.referrals.models import Programme
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class NextClass:
    """What is asked on the one screen. `price` in minor units of the former offer's currency, None: as before."""

    name: str
    starts_on: date
    ends_on: date
    seats: int
    time_zone: str
    start_rule: str
    price: int | None = None
    rest_days: tuple[date, ...] = ()


def last_offer(course: Course) -> Offer | None:
    """The newest offer of the course that sells a seat, not counting those that are sold where a kit is not sent."""
    seats = Component.objects.filter(bundle__is_current=True, kind=Component.Kind.SEAT).values("bundle__offer")
    return (
        Offer.objects.filter(course=course, pk__in=seats, with_kit=None).exclude(state=Offer.State.DRAFT).order_by("-pk").first()
    )


def class_of(offer: Offer) -> Cohort:
    """The class in which the offer sells a seat."""
    part = Component.objects.filter(bundle__offer=offer, bundle__is_current=True, kind=Component.Kind.SEAT)
    cohort = part.select_related("cohort")[0].cohort
    assert cohort is not None
    return cohort


@transaction.atomic
def open_next_class(*, course: Course, plan: NextClass, key: str, actor: Any) -> Offer:
    """Class, space, rhythm, live sessions, offer with contents and policy, shares and referral programme; live at once.

    `key` is the form's: pressing twice opens one class. Raises ValueError where no class was sold yet.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    known = Offer.objects.filter(course=course, slug=_slug(course, key)).first()
    if known is not None:
        return known
    former = last_offer(course)
    if former is None:
        raise ValueError("no class was ever for sale")
    cohort = _open_class(class_of(former), plan, actor)
    offer = _copy_offer(former, cohort, _slug(course, key), plan.price, actor)
    if former.without_kit is not None:
        alone = _copy_offer(former.without_kit, cohort, f"{_slug(course, key)}-alone", None, actor)
        sell_without_kit(offer=offer, instead=alone, actor=actor)
    _copy_programme(former, offer, actor)
    return offer


def _slug(course: Course, key: str) -> str:
    return f"{course.slug[:40].strip('-')}-{key[:8]}"


def _open_class(former: Cohort, plan: NextClass, actor: Any) -> Cohort:
    shift = plan.starts_on - former.starts_on
    cohort = create_cohort(
        course=former.course,
        name=plan.name,
        slug=free_class_slug(former.course),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        seats=plan.seats,
        time_zone=plan.time_zone,
        start_rule=plan.start_rule,
        enrol_until=former.enrol_until + shift if former.enrol_until else None,
        may_pause=former.may_pause,
    )
    spaces = {space.about: space for space in Space.objects.filter(about__in=[former.seat_ref, cohort.seat_ref])}
    if former.seat_ref in spaces:
        space, like = spaces[cohort.seat_ref], spaces[former.seat_ref]
        furnish_space(space=space, like=like, by=former.course.teacher, first_on=plan.starts_on)
    for day in plan.rest_days:
        if day > local_date(now(), cohort.time_zone):
            add_rest_days(cohort=cohort, first=day, last=day, name="", actor=actor, told=False)
    for session in former.live_sessions.filter(cancelled_at=None):
        local = session.starts_at.astimezone(zone(former.time_zone)).replace(tzinfo=None) + shift
        announce_session(
            cohort=cohort,
            title=session.title,
            starts_at=_at(local, cohort.time_zone),
            minutes=session.minutes,
            join_url=session.join_url,
            actor=actor,
            told=False,
        )
    return cohort


def _at(local: datetime, zone_name: str) -> datetime:
    """The same hour by the clock on the wall, whatever daylight saving has done in between."""
    return local.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def _copy_offer(former: Offer, cohort: Cohort, slug: str, price: int | None, actor: Any) -> Offer:
    rows = Component.objects.filter(bundle__offer=former, bundle__is_current=True).select_related("sku").order_by("pk")
    parts = [
        Part(cohort=cohort if row.cohort_id else None, sku=row.sku, quantity=row.quantity, weight=row.weight) for row in rows
    ]
    prices = list(Price.objects.filter(offer=former, valid_to=None).order_by("pk"))
    if not prices:
        raise ValueError("the former offer has no price")
    first, *others = prices
    offer = create_offer(
        slug=slug,
        title=_title(former, cohort),
        seller=former.seller,
        components=parts,
        price=price or first.amount,
        currency=first.currency,
        course=former.course,
        summary=former.summary,
        picture=former.picture,
        refund_days=former.refund_days,
        return_days=former.return_days,
        actor=actor,
    )
    set_price(offer=offer, currency=first.currency, amount=price or first.amount, actor=actor, tax_inclusive=first.tax_inclusive)
    for other in others if price is None or price == first.amount else ():
        # Another price in one currency says nothing about the others: they are set by hand.
        set_price(offer=offer, currency=other.currency, amount=other.amount, actor=actor, tax_inclusive=other.tax_inclusive)
    set_policy(offer=offer, policy=former.refund_policy, actor=actor)
    split = shares_in_force([former.pk]).get(former.pk)
    if split is not None:
        change_split(offer=offer, shares=points_of(split), actor=actor)
    elif former.course is not None:
        start_split(offer=offer, teacher=former.course.teacher, actor=actor)
    return publish_offer(offer=offer, actor=actor)


def _title(former: Offer, cohort: Cohort) -> str:
    """The course's title, with the class's name: two classes stand beside each other in the shop."""
    base = former.title.split(" · ")[0]
    return f"{base} · {cohort.name}"[:120]


def _copy_programme(former: Offer, offer: Offer, actor: Any) -> None:
    programme = Programme.objects.filter(offer=former).first()
    version = programme.versions.order_by("-number").first() if programme else None
    if programme is None or version is None:
        return
    made = create_programme(name=offer.title, rules=Rules.from_json(version.rules), offer=offer, actor=actor)
    ask_own_agreement(programme=made, asked=programme.own_agreement, actor=actor)


def suggested(offer: Offer, seats: int) -> dict[str, Any]:
    """What the screen shows first: the day after the last class, at its weekday; as long; as many seats; the same rule."""
    cohort = class_of(offer)
    length = cohort.ends_on - cohort.starts_on
    soonest = max(cohort.ends_on, local_date(now(), cohort.time_zone)) + timedelta(days=1)
    starts_on = soonest + timedelta(days=(cohort.starts_on - soonest).days % 7)
    return {
        "name": _next_name(cohort.name),
        "starts_on": starts_on,
        "ends_on": starts_on + length,
        "seats": seats,
        "time_zone": cohort.time_zone,
        "start_rule": cohort.start_rule,
    }


def _next_name(name: str) -> str:
    """`Class 1` → `Class 2`; a name without a number gets one."""
    head, tail = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    return f"{head}{int(tail) + 1}" if tail else f"{name} 2"
