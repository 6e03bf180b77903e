"""Open the next class: one screen copies offer, class, space, rhythm and programme, shifted; it sells at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from community.flows import join, set_pinned
from community.models import Membership, Space, Topic
from courses.flows import add_to_team, announce_session
from courses.models import Cohort, Enrolment, LiveSession, RestDay
from kit.clock import zone
from shop.catalogue.models import Offer, Price
from shop.catalogue.reads import wares
from shop.referrals.flows import create_programme
from shop.referrals.models import Programme
from shop.referrals.rules import Rules
from stock.models import StockItem
from tests.factories import make_cohort, make_course, make_offer, make_sku, make_topic, make_user
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
FIRST = date(2031, 3, 1)


@pytest.fixture
def till(stand_in: Any) -> Till:
    return Till(stand_in)


@pytest.fixture
def offer(teacher: Any) -> Any:
    course = make_course(lessons=3, slug="ukulele", title="Ukulele")
    cohort = make_cohort(
        course=course, seats=12, starts_on=FIRST, name="Class 1", slug="ukulele-class-1", days=30, time_zone="Europe/London"
    )
    return make_offer(cohort=cohort, sku=make_sku(seller=teacher), slug="ukulele", title="Ukulele with kit", refund_days=9)


def values(**changes: Any) -> dict[str, Any]:
    first = {
        "name": "Class 2", "starts_on": "2031-04-05", "ends_on": "2031-05-04", "seats": "8", "price": "",
        "key": "abcdef0123456789", "start_rule": "date", "time_zone": "Europe/London", "rest_days": "2031-04-10\n2031-04-11",
    }  # fmt: skip
    return {**first, **changes}


def address(offer: Any) -> str:
    return f"/admin/new-course/{offer.course_id}/next-class/"


def made() -> Offer:
    return Offer.objects.order_by("-pk")[0]


def test_one_screen_opens_a_class_that_sells_at_once(till: Till, offer: Any, teacher: Any, student: Any, client_of: Any) -> None:
    answer = client_of(teacher).post(address(offer), values())
    assert answer.status_code == 302
    new, cohort = made(), Cohort.objects.get(name="Class 2")
    assert (cohort.starts_on, cohort.ends_on, cohort.slug) == (date(2031, 4, 5), date(2031, 5, 4), "ukulele-class-2")
    assert StockItem.objects.get(ref=cohort.seat_ref).on_hand == 8
    assert (new.state, new.title, new.refund_days) == ("live", "Ukulele with kit · Class 2", 9)
    [ware] = wares([new])
    assert (ware.state, ware.free) == ("live", 8)
    assert [(part.kind, part.cohort_id, part.sku_id, part.weight) for part in ware.parts] == [
        ("seat", cohort.pk, None, 469),
        ("stock", None, offer.bundles.get().components.get(kind="stock").sku_id, 130),
    ]
    till.bought(new, user=student)
    assert Enrolment.objects.get(user=student).cohort == cohort


def test_the_rhythm_shifts_and_rest_days_are_asked_not_copied(offer: Any, teacher: Any, client_of: Any) -> None:
    former = Cohort.objects.get(slug="ukulele-class-1")
    RestDay.objects.create(cohort=former, day=FIRST + timedelta(days=3), added_at=offer.course.created_at)
    winter = FIRST + timedelta(days=2)  # London is at +00:00 then, and at +01:00 on 7 April
    from datetime import datetime

    announce_session(
        cohort=former,
        title="Meet",
        starts_at=datetime(2031, winter.month, winter.day, 19, 30, tzinfo=zone("Europe/London")),
        minutes=45,
        join_url="https://meet.example.org/a",
        actor=teacher,
        told=False,
    )
    client_of(teacher).post(address(offer), values())
    cohort = Cohort.objects.get(name="Class 2")
    assert list(cohort.rest_days.values_list("day", flat=True)) == [date(2031, 4, 10), date(2031, 4, 11)]
    session = LiveSession.objects.get(cohort=cohort)
    local = session.starts_at.astimezone(zone("Europe/London"))
    assert (local.date(), local.hour, local.minute, session.minutes) == (date(2031, 4, 7), 19, 30, 45)


def test_the_space_has_the_rules_helpers_and_pinned_topics_of_the_last(offer: Any, teacher: Any, client_of: Any) -> None:
    space = Space.objects.get(about=Cohort.objects.get(slug="ukulele-class-1").seat_ref)
    Space.objects.filter(pk=space.pk).update(rules="Be kind.", offers_allowed=False)
    helper, member = make_user(), make_user()
    join(user=helper, space=space, role="moderator")
    join(user=member, space=space)
    pinned = make_topic(space=space, author=teacher, title="Read me first", source="Hello **you**")
    make_topic(space=space, author=member, title="How do I tune?")
    set_pinned(by=teacher, topic=pinned, on=True)
    client_of(teacher).post(address(offer), values())
    new = Space.objects.get(about=Cohort.objects.get(name="Class 2").seat_ref)
    assert (new.rules, new.offers_allowed) == ("Be kind.", False)
    assert list(Topic.objects.filter(space=new).values_list("title", "is_pinned")) == [("Read me first", True)]
    assert "<strong>you</strong>" in Topic.objects.get(space=new).posts.get().html
    assert dict(Membership.objects.filter(space=new).values_list("user", "role")) == {teacher.pk: "owner", helper.pk: "moderator"}


def test_the_programme_and_the_price_come_along_or_change(offer: Any, teacher: Any, client_of: Any) -> None:
    create_programme(name="Ukulele", rules=Rules(rates={"seat": 3000, "stock": 500}), offer=offer)
    client_of(teacher).post(address(offer), values(price="699"))
    new = made()
    assert Price.objects.get(offer=new, valid_to=None).amount == 69900
    assert Price.objects.get(offer=offer, valid_to=None).amount == 59900
    programme = Programme.objects.get(offer=new)
    assert Rules.from_json(programme.versions.get().rules).rates == {"seat": 3000, "stock": 500}


def test_pressing_twice_opens_one_class(offer: Any, teacher: Any, client_of: Any) -> None:
    for _press in range(2):
        client_of(teacher).post(address(offer), values())
    assert Cohort.objects.filter(course=offer.course).count() == 2
    client_of(teacher).post(address(offer), values(key="fedcba9876543210", name="Class 3"))
    assert Cohort.objects.filter(course=offer.course).count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "2020-01-01"},
        {"ends_on": "2031-01-01"},
        {"seats": "0"},
        {"price": "free"},
        {"time_zone": "Moon/Base"},
        {"rest_days": "tomorrow"},
        {"key": "../../x"},
    ],
)
def test_what_makes_no_sense_opens_nothing(offer: Any, teacher: Any, client_of: Any, wrong: dict[str, str]) -> None:
    assert client_of(teacher).post(address(offer), values(**wrong)).status_code == 200
    assert Cohort.objects.count() == 1


def test_the_screen_suggests_the_weekday_length_and_seats_of_the_last(offer: Any, teacher: Any, client_of: Any) -> None:
    form = client_of(teacher).get(address(offer)).context["form"]
    first = form.initial
    assert (first["name"], first["seats"], first["time_zone"]) == ("Class 2", 12, "Europe/London")
    assert first["starts_on"] > date(2031, 3, 30)
    assert first["starts_on"].weekday() == FIRST.weekday()
    assert (first["ends_on"] - first["starts_on"]).days == 29


def test_strangers_and_roles_without_the_right_open_nothing(offer: Any, teacher2: Any, student: Any, client_of: Any) -> None:
    author = make_user()
    add_to_team(course=offer.course, user=author, role="author")
    for person in (teacher2, author):
        assert client_of(person).post(address(offer), values()).status_code == 404
    assert client_of(student).post(address(offer), values()).status_code in {302, 403}
    assert Client().post(address(offer), values()).status_code == 302
    assert Cohort.objects.count() == 1


def test_only_who_sets_prices_changes_the_price(offer: Any, client_of: Any) -> None:
    for role, price in (("teacher", 59900), ("seller", 12300)):
        person = make_user()
        add_to_team(course=offer.course, user=person, role=role)
        key = f"{role}{'0' * 10}"
        assert client_of(person).post(address(offer), values(price="123", key=key, name=f"By {role}")).status_code == 302
        assert Price.objects.get(offer=made(), valid_to=None).amount == price
