"""Classes and what is for sale: kits with their stock, cohorts with their seats, offers that change class with the seasons."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from courses.flows import create_cohort
from courses.models import Cohort, Course
from launch.demo.content import KitContent
from launch.demo.courses import COURSES
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import picture
from shop.catalogue.flows import Part, change_contents, create_offer, create_sku, publish_offer, sell_without_kit
from shop.catalogue.models import Component, Offer, Sku
from shop.payouts.flows import change_split
from shop.payouts.rules import WHOLE

DATE, DELIVERY = map(str, (Cohort.StartRule.DATE, Cohort.StartRule.DELIVERY))


@dataclass(frozen=True)
class ClassPlan:
    """A class: made `made` days ago, beginning `starts` days ago (negative: to come), lasting `days`."""

    course: str
    slug: str
    name: str
    made: int
    starts: int
    days: int
    seats: int
    rule: str = DATE


CLASSES = (
    ClassPlan("ukulele", "ukulele-first", "烏克麗麗第一期", 80, 57, 30, 12, DELIVERY),
    ClassPlan("ukulele", "ukulele-class-1", "烏克麗麗第一班", 40, 13, 36, 24, DELIVERY),
    # What is sold today: it has begun, and everybody's day 1 is the day the ukulele arrives.
    ClassPlan("ukulele", "ukulele-class-2", "烏克麗麗第二班（隨到隨開課）", 6, 0, 60, 24, DELIVERY),
    ClassPlan("ukulele", "ukulele-class-3", "烏克麗麗第三班（自備琴）", 80, -9, 30, 16),
    ClassPlan("ukulele", "ukulele-weekend", "烏克麗麗週末小班", 80, -14, 45, 2, DELIVERY),
    ClassPlan("coffee", "coffee-class-1", "手沖第一班", 80, 8, 16, 8),
    ClassPlan("coffee", "coffee-class-2", "手沖第二班", 7, -6, 14, 12),
    ClassPlan("coffee", "coffee-evening", "手沖打烊後小班", 80, -11, 14, 2),
    ClassPlan("calligraphy", "calligraphy-class-1", "毛筆第一班", 80, 8, 16, 10),
    ClassPlan("calligraphy", "calligraphy-class-2", "毛筆第二班", 7, -4, 14, 12),
    ClassPlan("calligraphy", "calligraphy-family", "毛筆親子小班", 80, -16, 14, 2),
)


@dataclass(frozen=True)
class OfferPlan:
    """An offer: `sells` lists from when on (days ago) it sells which class; '' is none. `share`: the kit's part of the price."""

    slug: str
    title: str
    summary: str
    course: str
    price: int
    share: int
    sells: tuple[tuple[int, str], ...]
    sku: str = ""


# The shop shows the newest first, a course its oldest that can be bought.
OFFERS = (
    OfferPlan(
        "ukulele-strings",
        "備用弦一組（GCEA）",
        "和課程附的那組一樣。換過一次弦，琴就真的是你的了。",
        "",
        3900,
        3900,
        ((81, ""),),
        "UKE-STRINGS",
    ),
    OfferPlan(
        "calligraphy-family",
        "毛筆親子小班",
        "一個大人、一個孩子，一張桌子。",
        "calligraphy",
        49900,
        9800,
        ((80, "calligraphy-family"),),
        "BRUSH-SET-07",
    ),
    OfferPlan(
        "coffee-evening",
        "打烊後小班",
        "每週三晚上，兩個人的吧台。",
        "coffee",
        69900,
        14800,
        ((80, "coffee-evening"),),
        "DRIP-V01-SET",
    ),
    OfferPlan(
        "ukulele-weekend",
        "烏克麗麗週末小班",
        "只收兩位，每週六上午和老師視訊半小時。",
        "ukulele",
        89900,
        13000,
        ((80, "ukulele-weekend"),),
        "UKE-53-KOA",
    ),
    OfferPlan(
        "calligraphy",
        "七日毛筆，文房小盒到超商",
        "七天的課，加上筆、墨、硯、紙和氈墊；小盒可以到便利商店取貨。",
        "calligraphy",
        29900,
        9800,
        ((80, "calligraphy-class-1"), (6, "calligraphy-class-2")),
        "BRUSH-SET-07",
    ),
    OfferPlan(
        "coffee",
        "七日手沖，器材寄到家",
        "七天的課，加上濾杯、分享壺、濾紙和一包練習豆。",
        "coffee",
        39900,
        14800,
        ((80, "coffee-class-1"), (6, "coffee-class-2")),
        "DRIP-V01-SET",
    ),
    OfferPlan(
        "ukulele",
        "三十天烏克麗麗，琴寄到家",
        "課程三十天、一班同學、老師講評，加上一把 53 公分烏克麗麗和琴袋、調音器、備用弦。",
        "ukulele",
        59900,
        13000,
        ((80, "ukulele-first"), (40, "ukulele-class-1"), (5, "ukulele-class-2")),
        "UKE-53-KOA",
    ),
    OfferPlan(
        "ukulele-seat",
        "三十天烏克麗麗（自備琴）",
        "家裡已經有琴的人：同樣的課、同樣的講評，不寄箱子。",
        "ukulele",
        46900,
        0,
        ((80, "ukulele-class-3"),),
    ),
)
WITHOUT_KIT = {"ukulele": "ukulele-seat"}
TEACHERS_SHARE = 7000
STOCK = {"UKE-53-KOA": 40, "DRIP-V01-SET": 30, "BRUSH-SET-07": 30}


def steps(calendar: Calendar) -> list[Step]:
    made = [Step(calendar.moment(plan.made, "13:00"), partial(ensure_class, calendar, plan)) for plan in CLASSES]
    for plan in OFFERS:
        for ago, cohort in plan.sells:
            # The strings are on the shelf before the lesson that names them is written.
            moment = calendar.moment(ago, "08:59" if not cohort else "14:00")
            made.append(Step(moment, partial(ensure_offer, plan, cohort)))
    return made


def ensure_class(calendar: Calendar, plan: ClassPlan) -> Cohort:
    known = Cohort.objects.filter(slug=plan.slug).first()
    return known or create_cohort(
        course=Course.objects.get(slug=plan.course),
        name=plan.name,
        slug=plan.slug,
        starts_on=calendar.day(plan.starts),
        seats=plan.seats,
        days=plan.days,
        start_rule=plan.rule,
    )


def _sell_abroad(instead: Offer) -> None:
    """Where its kit is not sent, a course is sold without it."""
    for offer in Offer.objects.filter(slug__in=[slug for slug, other in WITHOUT_KIT.items() if other == instead.slug]):
        sell_without_kit(offer=offer, instead=instead, actor=instead.seller)


@transaction.atomic
def ensure_offer(plan: OfferPlan, cohort_slug: str) -> Offer:
    """The offer, selling this class from now on, unless it has sold it before."""
    parts = _parts(plan, cohort_slug)
    offer = Offer.objects.filter(slug=plan.slug).first()
    if offer is None:
        course = Course.objects.filter(slug=plan.course).first()
        seller = course.teacher if course else user_of("yuan")
        offer = create_offer(
            slug=plan.slug,
            title=plan.title,
            seller=seller,
            components=parts,
            price=plan.price,
            currency="CNY",
            course=course,
            summary=plan.summary,
            picture=_picture(plan),
        )
        publish_offer(offer=offer, actor=seller)
        if course:
            change_split(offer=offer, shares={seller.pk: TEACHERS_SHARE, None: WHOLE - TEACHERS_SHARE}, actor=user_of("shuyuan"))
        if plan.slug in WITHOUT_KIT.values():
            _sell_abroad(offer)
    elif cohort_slug and not Component.objects.filter(bundle__offer=offer, cohort__slug=cohort_slug).exists():
        change_contents(offer=offer, components=parts)
    return offer


def _parts(plan: OfferPlan, cohort_slug: str) -> list[Part]:
    seat = [Part(cohort=Cohort.objects.get(slug=cohort_slug), weight=plan.price - plan.share)] if cohort_slug else []
    return seat + ([Part(sku=_sku(plan.sku), weight=plan.share)] if plan.sku else [])


def _picture(plan: OfferPlan) -> object:
    content = next((course for course in COURSES if course.slug == plan.course), COURSES[0])
    if not plan.course:
        return picture("pictures/ukulele-kit.webp", plan.title)
    course = Course.objects.get(slug=plan.course)
    return picture(content.cover if plan.slug != plan.course else content.kit.picture, plan.title, course)


def _sku(code: str) -> Sku:
    known = Sku.objects.filter(code=code).first()
    if known is not None:
        return known
    if code == "UKE-STRINGS":
        return create_sku(
            code=code,
            name="備用弦一組（GCEA）",
            seller=user_of("yuan"),
            length_mm=160,
            width_mm=120,
            height_mm=15,
            weight_g=60,
            value=2000,
            currency="CNY",
            on_hand=60,
            contents="G、C、E、A 尼龍弦各一條",
        )
    content = next(course for course in COURSES if course.kit.sku == code)
    return _kit(content.kit, Course.objects.get(slug=content.slug))


def _kit(kit: KitContent, course: Course) -> Sku:
    length, width, height = kit.size_mm
    return create_sku(
        code=kit.sku,
        name=kit.name,
        seller=course.teacher,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        weight_g=kit.weight_g,
        value=kit.value_minor,
        currency="CNY",
        on_hand=STOCK[kit.sku],
        contents="\n".join(kit.contents),
        picture=picture(kit.picture, kit.name, course),
    )
