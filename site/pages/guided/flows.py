"""A step's writes. Each calls the rooms' own flows in one transaction; sent again, it changes what it made before."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Space
from courses.flows import create_cohort, create_course, publish_course, set_seats
from courses.flows.cohorts import change_cohort
from courses.flows.describe import add_cover, change_course, open_to_all, write_lesson
from courses.flows.outline import OutlineLine, set_outline
from courses.models import Cohort, Course
from pages.guided.checklist import missing
from pages.guided.draft import Draft
from shop.catalogue.flows import (
    Part,
    change_contents,
    change_sku,
    create_offer,
    create_sku,
    describe_offer,
    end_price,
    publish_offer,
    set_price,
)
from shop.catalogue.models import Offer, Sku
from shop.payouts.flows import start_split
from shop.referrals.flows.programme import ask_own_agreement, change_rules, create_link, create_programme, rename_programme
from shop.referrals.rules import Rules

KEY_SECONDS = 86_400


class NotReady(Exception):
    """Something is missing that publishing needs; the checklist says what."""


@transaction.atomic
def start_course(*, teacher: User, key: str, title: str, tagline: str, slug: str, language: str, cover: Any = None) -> Course:
    """A draft course. `key` is the form's: pressing twice makes one course. Raises StorageFault for the cover."""
    User.objects.select_for_update().get(pk=teacher.pk)
    remembered = f"guided:{teacher.pk}:{key}"
    known = Course.objects.filter(pk=cache.get(remembered), teacher=teacher).first()
    if known is not None:
        return known
    course = create_course(teacher=teacher, slug=slug, title=title, tagline=tagline, language=language, days=1)
    if cover:
        picture = add_cover(course=course, file=cover, title=title, actor=teacher)
        change_course(course=course, title=title, tagline=tagline, slug=slug, cover=picture, actor=teacher)
    cache.set(remembered, course.pk, KEY_SECONDS)
    return course


@transaction.atomic
def describe(*, draft: Draft, title: str, tagline: str, slug: str, cover: Any, actor: Any) -> None:
    """Name, reason, picture and address of the course and of its offer. Without a new cover the old one stays."""
    picture = add_cover(course=draft.course, file=cover, title=title, actor=actor) if cover else draft.page.cover
    change_course(course=draft.course, title=title, tagline=tagline, slug=slug, cover=picture, actor=actor)
    if draft.offer is not None:
        address = slug if draft.offer.state == Offer.State.DRAFT else draft.offer.slug
        if draft.programme is not None:
            rename_programme(programme=draft.programme, name=title)
        describe_offer(offer=draft.offer, title=title, summary=tagline, picture=picture, slug=address)


@transaction.atomic
def save_outline(
    *, draft: Draft, lines: list[OutlineLine], days: int, free: int | None, goal: str, words: str | None, actor: Any
) -> None:
    """Lessons, and the text of the free one (None leaves it alone). Raises OutlineRefused."""
    before = draft.free_lesson or next(iter(draft.lessons), None)
    rows = set_outline(course=draft.course, lines=lines, days=days)
    chosen = next((row for row in rows if row.pk == free), None) or next((row for row in rows if row.is_preview), rows[0])
    open_to_all(lesson=chosen)
    # The text on the form is that of the lesson it was shown for, whichever is free from now on.
    written = next((row for row in rows if before and row.pk == before.pk), None if before else chosen)
    if written is not None:
        write_lesson(lesson=written, goal=goal, words=words or "", actor=actor)


@transaction.atomic
def save_price(
    *,
    draft: Draft,
    amount: int,
    currency: str,
    name: str,
    starts_on: date,
    seats: int,
    time_zone: str,
    start_rule: str,
    actor: Any,
) -> None:
    """Class and offer, made or changed. Raises CohortBegun, OutOfStock (fewer seats than are taken)."""
    # Two presses of one button must not make two classes.
    Course.objects.select_for_update().get(pk=draft.course.pk)
    draft = Draft(draft.course)
    days = max(draft.course.days, 1)
    if draft.cohort is not None:
        values = {"name": name, "starts_on": starts_on, "days": days, "time_zone": time_zone, "start_rule": start_rule}
        change_cohort(cohort=draft.cohort, **values)
        set_seats(cohort=draft.cohort, seats=seats)
    cohort = draft.cohort or create_cohort(
        course=draft.course,
        name=name,
        slug=free_class_slug(draft.course),
        starts_on=starts_on,
        seats=seats,
        days=days,
        time_zone=time_zone,
        start_rule=start_rule,
    )
    if draft.offer is None:
        _create_offer(draft, cohort, amount, currency, actor)
        return
    former = draft.price
    set_price(offer=draft.offer, currency=currency, amount=amount, actor=actor)
    if former is not None and former.currency != currency:
        end_price(offer=draft.offer, currency=former.currency, actor=actor)


def _create_offer(draft: Draft, cohort: Cohort, amount: int, currency: str, actor: Any) -> None:
    create_offer(
        slug=draft.course.slug,
        title=draft.page.title,
        summary=draft.page.tagline,
        picture=draft.page.cover,
        course=draft.course,
        seller=draft.course.teacher,
        components=[Part(cohort=cohort)],
        price=amount,
        currency=currency,
        actor=actor,
    )


def free_class_slug(course: Course) -> str:
    """`ukulele-class-1`, or the next number that neither a class nor a space has."""
    number = 1
    while True:
        slug = f"{course.slug}-class-{number}"
        if not Cohort.objects.filter(slug=slug).exists() and not Space.objects.filter(slug=slug).exists():
            return slug
        number += 1


@transaction.atomic
def save_kit(*, draft: Draft, part: int, on_hand: int, **goods: Any) -> None:
    """The kit in the box and its `part` of the price (minor units). `goods`: fields of create_sku. Raises OutOfStock."""
    offer = _lock_offer(draft)
    sku = draft.former_kit
    if sku is not None:
        change_sku(sku=sku, on_hand=on_hand, **goods)
    else:
        sku = create_sku(code=_free_code(draft.course), seller=draft.course.teacher, on_hand=on_hand, **goods)
    price = draft.price.amount if draft.price else 0
    _put(offer, draft, [Part(cohort=draft.cohort, weight=price - part), Part(sku=sku, weight=part)])


@transaction.atomic
def leave_kit_out(*, draft: Draft) -> None:
    """The course alone; the goods and their count stay for another time."""
    _put(_lock_offer(draft), draft, [Part(cohort=draft.cohort)])


def _lock_offer(draft: Draft) -> Offer:
    if draft.offer is None:
        raise ValueError("the kit comes after the price")
    return Offer.objects.select_for_update(of=("self",)).get(pk=draft.offer.pk)


def _put(offer: Offer, draft: Draft, parts: list[Part]) -> None:
    """A new version of the contents, unless they are the same."""
    now_in = [(row.cohort_id, row.sku_id, row.weight) for row in draft.parts]
    if len(parts) == len(now_in) == 1 or now_in == [(p.cohort and p.cohort.pk, p.sku and p.sku.pk, p.weight) for p in parts]:
        return
    change_contents(offer=offer, components=parts)


def _free_code(course: Course) -> str:
    base = f"{course.slug[:32].strip('-')}-kit".upper()
    code, number = base, 2
    while Sku.objects.filter(code=code).exists():
        code, number = f"{base}-{number}", number + 1
    return code


@transaction.atomic
def save_sharing(*, draft: Draft, rules: Rules, own_agreement: bool, actor: Any) -> None:
    """The programme of the offer, made or given new rules; the same rules change nothing."""
    offer = _lock_offer(draft)
    draft = Draft(draft.course)
    programme = draft.programme
    if programme is None:
        programme = create_programme(name=offer.title, rules=rules, offer=offer, actor=actor)
    elif draft.rules != rules:
        change_rules(programme=programme, rules=rules, actor=actor)
    ask_own_agreement(programme=programme, asked=own_agreement, actor=actor)


@transaction.atomic
def publish(*, draft: Draft, actor: Any) -> None:
    """Course, lessons and offer go up together, or what was saved since; the teacher has a share from the first sale on.

    Raises NotReady.
    """
    if missing(draft) or draft.offer is None:
        raise NotReady
    publish_course(course=draft.course, actor=actor)
    start_split(offer=draft.offer, teacher=draft.course.teacher, actor=actor)
    publish_offer(offer=draft.offer, actor=actor)
    if draft.link is None:
        # The teacher's own short link: it counts visits, and earns nothing.
        target = reverse("courses:landing", args=[draft.course.slug])
        create_link(owner=draft.course.teacher, target=target, label=_("My link"))
