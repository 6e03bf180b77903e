"""A course from the guided flow is bought through a referral link, and the numbers of step 5 are those that are paid."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config.settings.parts import percent
from courses.models import Enrolment
from shop.fulfilment.models import Shipment
from shop.orders.models import Order
from shop.payments.reads import charge_of
from shop.payouts.flows import change_split
from shop.payouts.models import Earning, Split
from shop.payouts.reads import points_of
from shop.payouts.rules import Fee, divide, pool
from shop.referrals.flows import create_link, create_programme, join_programme, record_click
from shop.referrals.models import Commission, Programme
from shop.referrals.rules import Rules
from tests.pages.guided_walk import KIT, WORDS, Walk, price_values
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BUYER = {
    "country": "TW", "name": "王小明", "phone": "0912345678", "region": "台北市", "city": "大安區", "street": "和平東路一段 1 號",
    "email": "student@demo.test", "agree": "on",
}  # fmt: skip


def share(referrer: User, code: str) -> None:
    """The former student has joined the programme and made a link."""
    join_programme(user=referrer, programme=Programme.objects.get())
    create_link(owner=referrer, target="/courses/ukulele-for-the-shy/", code=code)


def test_a_visitor_buys_through_a_referrers_link(
    teacher: User, student: User, referrer: User, client_of: SignIn, stand_in: StandIn
) -> None:
    walk, till = Walk(client_of(teacher)), Till(stand_in)
    course = walk.until_check(rates=("30", "5"))
    walk.send("check")
    share(referrer, "mei")
    buyer = client_of(student)
    assert buyer.get("/r/mei/", follow=True).redirect_chain[-1][0].endswith("/courses/ukulele-for-the-shy/")
    buyer.post(reverse("orders:add"), {"offer": "ukulele-for-the-shy"})
    page = buyer.get("/en/checkout/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen_total)" value="([^"]+)"', page))
    assert buyer.post("/en/checkout/", {**BUYER, **hidden}).status_code == 303
    order = Order.objects.get()
    till.stand_in.pay(str(order.payments.get().session_id))
    till.deliver()
    seat = Enrolment.objects.get(user=student)
    assert seat.cohort.course == course
    assert Shipment.objects.get().order == order
    assert sorted(Commission.objects.values_list("payee__email", "amount")) == [(referrer.email, 650), (referrer.email, 14070)]
    assert buyer.get("/learn/").status_code == 200


@pytest.mark.parametrize(
    ("price", "currency", "value", "part", "rates", "tax"),
    [
        ("599", "CNY", "130", "", ("30", "5"), 0),
        ("599.99", "CNY", "130", "33.33", ("33.33", "7.77"), 0),
        ("100.01", "USD", "50", "", ("12.5", "0"), 500),
        ("5", "EUR", "4.99", "0.01", ("99.99", "99.99"), 1900),
        ("3333", "JPY", "1000", "1111", ("30", "5"), 1000),
        ("12300", "ISK", "5000", "", ("17.3", "2.9"), 2400),
        ("599", "CNY", "100", "0", ("100", "100"), 0),
    ],
)
def test_the_numbers_shown_are_the_numbers_paid(
    price: str, currency: str, value: str, part: str, rates: tuple[str, str], tax: int, *,
    teacher: User, student: User, referrer: User, client_of: SignIn, stand_in: StandIn, settings: Any,
) -> None:  # fmt: skip
    settings.SHOP_TAX_BASIS_POINTS = tax
    walk, till = Walk(client_of(teacher)), Till(stand_in)
    walk.until_check()
    walk.send("price", price_values(price=price, currency=currency))
    walk.send("kit", {**KIT, "value": value, "part": part})
    shown = walk.client.get(walk.at("numbers"), {"seat": rates[0], "stock": rates[1]}).context["split"]
    walk.send("sharing", {"seat": rates[0], "stock": rates[1]})
    assert walk.client.get(walk.at("sharing")).context["split"] == shown
    walk.send("check")
    share(referrer, "mei")
    visitor = uuid.uuid4()
    record_click(code="mei", visitor=visitor, address="192.0.2.1", user=AnonymousUser())
    order = till.bought(Programme.objects.get().offer, user=student, visitor=visitor)
    paid = {line.component.kind: line.amount for line in Commission.objects.select_related("component")}
    assert {row.kind: row.commission for row in shown.parts if row.commission} == paid
    parts = {row.kind: row.net for line in order.lines.all() for row in line.components.all()}
    assert {row.kind: row.net for row in shown.parts} == parts
    assert (shown.price, shown.tax, shown.referrer) == (order.total, order.tax, sum(paid.values()))
    assert shown.keep == order.total - order.tax - sum(paid.values())
    assert shown.teacher + shown.yard == shown.keep
    fee = charge_of(order)
    assert fee is not None
    lines = [(row.net, row.net + row.tax, paid.get(row.kind, 0)) for line in order.lines.all() for row in line.components.all()]
    pools = [pool(net=net, gross=gross, commission=own, fee=Fee(fee.fee, fee.amount)) for net, gross, own in lines]
    assert sum(Earning.objects.filter(payee=teacher).values_list("amount", flat=True)) == sum(
        divide(amount, [7000, 3000])[0] for amount in pools
    )
    assert shown.teacher == sum(divide(net - own, [7000, 3000])[0] for net, _gross, own in lines)


def test_recalculate_works_without_javascript_and_saves_nothing(teacher: User, client_of: SignIn) -> None:
    walk = Walk(client_of(teacher))
    walk.until_check()
    page = walk.send("sharing", {"seat": "10", "stock": "0", "recalculate": "yes"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "¥46.90" in text
    assert "¥386.47" in text
    assert "¥165.63" in text
    assert Programme.objects.get().versions.get().rules["rates"] == {"seat": 3000, "stock": 500}


def test_an_instructors_course_is_published_with_their_share_and_the_owners_word_stays(
    teacher: User, owner: User, client_of: SignIn, settings: Any
) -> None:
    settings.INSTRUCTOR_SHARE_PERCENT = 60
    walk = Walk(client_of(teacher))
    walk.until_check()
    page = walk.client.get(walk.at("sharing")).content.decode()
    assert "The yard" in page
    assert not Split.objects.exists()
    walk.send("check")
    assert points_of(Split.objects.get()) == {teacher.pk: 6000, None: 4000}
    assert "60" in client_of(owner).get("/admin/shop/shares/").content.decode()
    offer = Programme.objects.get().offer
    assert offer is not None
    change_split(offer=offer, shares={None: 10_000}, actor=owner)
    walk.send("outline", {**WORDS, "goal": "Hold it well"})
    walk.send("check")
    assert [split.number for split in Split.objects.order_by("number")] == [1, 2]
    assert "¥0" in walk.client.get(walk.at("sharing")).content.decode()


def test_the_owner_keeps_what_their_own_course_brings_in(owner: User, client_of: SignIn) -> None:
    walk = Walk(client_of(owner))
    walk.until_check()
    page = walk.client.get(walk.at("sharing")).content.decode()
    assert "The yard" not in page.partition("guided-sale")[2].partition("</dl>")[0]
    assert "the share of the referrer is yours" in page
    walk.send("check")
    assert not Split.objects.exists()


@pytest.mark.parametrize("text", ["101", "-1"])
def test_a_share_above_the_whole_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        percent(text)


def test_a_course_with_the_rules_proposed_pays_whoever_agreed_to_the_schools(
    teacher: User, student: User, referrer: User, client_of: SignIn, stand_in: StandIn
) -> None:
    """The guided flow says so beside "agree separately": its rules start from the general programme's, its words included."""
    school = create_programme(
        name="The school", rules=Rules(rates={"seat": 2000, "stock": 100}, window_days=14, disclosure="I earn by this link.")
    )
    join_programme(user=referrer, programme=school)
    walk = Walk(client_of(teacher))
    walk.begin()
    walk.send("outline", WORDS)
    walk.send("price", price_values())
    walk.send("kit", KIT)
    proposed = walk.client.get(walk.at("sharing")).context["form"].initial
    walk.send("sharing", {"seat": proposed["seat"], "stock": proposed["stock"]})
    walk.send("check")
    create_link(owner=referrer, target="/courses/ukulele-for-the-shy/", code="mei")
    visitor = uuid.uuid4()
    record_click(code="mei", visitor=visitor, address="192.0.2.1", user=AnonymousUser())
    Till(stand_in).bought(Programme.objects.exclude(offer=None).get().offer, user=student, visitor=visitor)
    assert sorted(Commission.objects.values_list("payee__email", "amount")) == [(referrer.email, 130), (referrer.email, 9380)]
