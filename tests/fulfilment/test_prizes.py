"""Prizes of draws become parcels that the packer sends, and the winner is invited to show what was in the box."""

from datetime import timedelta
from typing import Any

import pytest

from community import flows as community
from community.flows.drawing import draw_what_is_due
from community.flows.draws import DrawFacts, Prize, enter_draw, publish_draw
from kit import outbox
from kit.clock import now
from kit.models import OutboxMessage
from kit.persons import erase_everything, everything_of
from notices.models import Notice
from shop.fulfilment import models
from shop.fulfilment.flows import mark_delivered, ship
from shop.fulfilment.models import Shipment
from stock.models import StockItem
from tests.factories import make_offer, make_sku, make_space, make_user
from tests.shop.till import check_audit

pytestmark = pytest.mark.django_db
HOME = {
    "name": "An",
    "phone": "0912345678",
    "country": "TW",
    "region": "臺北市",
    "city": "大安區",
    "district": "大安區",
    "postal_code": "106",
    "street": "和平東路一段 1 號",
}


@pytest.fixture
def sku(teacher: Any) -> Any:
    return make_sku(seller=teacher, code="UKE-S", on_hand=3)


@pytest.fixture
def space(teacher: Any, student: Any) -> Any:
    space = make_space(slug="class-1")
    community.join(user=teacher, space=space, role="owner")
    community.join(user=student, space=space)
    return space


def delivered(topic: str) -> None:
    for row in OutboxMessage.objects.filter(topic=topic, done_at=None):
        assert outbox.deliver(message_id=row.pk)


def won(space: Any, teacher: Any, winner: Any, clock: Any, prize: Prize) -> models.Prize:
    moment = now().replace(microsecond=0)
    facts = DrawFacts("A box", moment + timedelta(minutes=9), moment + timedelta(days=1), [prize])
    draw = publish_draw(by=teacher, space=space, facts=facts)
    clock.advance(minutes=10)
    enter_draw(user=winner, draw=draw)
    clock.advance(days=2)
    draw_what_is_due()
    clock.advance(minutes=11)
    draw_what_is_due()
    delivered("draw.won")
    return models.Prize.objects.get()


def test_a_prize_from_stock_is_claimed_packed_sent_and_unboxed(
    space: Any, sku: Any, teacher: Any, student: Any, packer: Any, clock: Any, client_of: Any
) -> None:
    offer = make_offer(seller=teacher, sku=sku, title="The same ukulele")
    prize = won(space, teacher, student, clock, Prize("Ukulele", 1, f"sku:{sku.pk}", sku.stock_ref))
    item = StockItem.objects.get(ref=sku.stock_ref)
    assert (item.reserved, item.allocated) == (1, 0)
    assert Notice.objects.get(user=student, key=f"prize:{prize.pk}").url == f"/prizes/{prize.pk}/"
    browser = client_of(student)
    assert "Ukulele" in browser.get(f"/en/prizes/{prize.pk}/").content.decode()
    answer = browser.post(f"/en/prizes/{prize.pk}/", HOME)
    assert answer.status_code == 302, answer.context["form"].errors
    assert browser.post(f"/en/prizes/{prize.pk}/", HOME).status_code == 302
    parcel = Shipment.objects.get()
    assert (parcel.order.total, parcel.order.state, parcel.order.user) == (0, "paid", student)
    assert browser.get(answer.headers["Location"]).status_code == 200
    check_audit()
    assert parcel.number in client_of(packer).get("/admin/shop/parcels/").content.decode()
    ship(shipment=parcel, carrier="sf", tracking="SF-77", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    delivered("shipment.delivered")
    item.refresh_from_db()
    assert (item.on_hand, item.reserved, item.allocated) == (2, 0, 0)
    check_audit()
    invited = Notice.objects.get(user=student, key=f"unboxing:{prize.pk}")
    assert invited.url == f"/community/class-1/new/?kind=work&about=prize:{prize.pk}"
    page = browser.get(f"/en{invited.url}").content.decode()
    assert "The same ukulele" in page
    values = {"kind": "work", "title": "My box", "source": "Look!", "about": f"prize:{prize.pk}", "key": "k"}
    topic = browser.post("/en/community/class-1/new/", values, follow=True).content.decode()
    assert f"/en/shop/{offer.slug}/" in topic


def test_a_described_prize_is_a_parcel_too(space: Any, teacher: Any, student: Any, clock: Any, client_of: Any) -> None:
    prize = won(space, teacher, student, clock, Prize("A signed songbook"))
    assert client_of(student).post(f"/en/prizes/{prize.pk}/", HOME).status_code == 302
    line = Shipment.objects.get().lines.get()
    assert line.component.component.sku.name == "A signed songbook"
    check_audit()


def test_a_prize_is_its_winners_alone_and_made_once(space: Any, teacher: Any, student: Any, clock: Any, client_of: Any) -> None:
    prize = won(space, teacher, student, clock, Prize("Picks"))
    for person in (make_user(), teacher):
        assert client_of(person).get(f"/prizes/{prize.pk}/").status_code == 404
        assert client_of(person).post(f"/prizes/{prize.pk}/", HOME).status_code == 404
    OutboxMessage.objects.filter(topic="draw.won").update(done_at=None)
    delivered("draw.won")
    assert models.Prize.objects.count() == 1
    assert Notice.objects.filter(key=f"prize:{prize.pk}").count() == 1


def test_an_address_that_is_none_sends_nothing(space: Any, teacher: Any, student: Any, clock: Any, client_of: Any) -> None:
    prize = won(space, teacher, student, clock, Prize("Picks"))
    assert client_of(student).post(f"/prizes/{prize.pk}/", HOME | {"street": ""}).status_code == 400
    assert client_of(student).post(f"/prizes/{prize.pk}/", HOME | {"refresh": "yes"}).status_code == 200
    assert not Shipment.objects.exists()


def test_only_ones_own_goods_are_promised(space: Any, sku: Any, teacher: Any, teacher2: Any, owner: Any, client_of: Any) -> None:
    community.join(user=teacher2, space=space, role="owner")
    day = (now() + timedelta(days=5)).date().isoformat()
    form = {"title": "Box", "closes_on": day, "closes_time": "20:00", "prize_1": "Uke", "thing_1": f"sku:{sku.pk}"}
    assert client_of(teacher2).post("/community/class-1/draws/new/", form).status_code == 400
    assert client_of(teacher).post("/community/class-1/draws/new/", form | {"pieces_1": "4"}).status_code == 400
    assert client_of(teacher).post("/community/class-1/draws/new/", form | {"pieces_1": "3"}).status_code == 302
    assert StockItem.objects.get(ref=sku.stock_ref).reserved == 3


def test_the_hold_of_a_prize_whose_winner_left_goes_back(space: Any, sku: Any, teacher: Any, student: Any, clock: Any) -> None:
    prize = won(space, teacher, student, clock, Prize("Ukulele", 1, f"sku:{sku.pk}", sku.stock_ref))
    assert everything_of(student)["prizes"]["prizes"][0]["win__prize"] == "Ukulele"
    erase_everything(student)
    prize.refresh_from_db()
    assert prize.person is None
    assert StockItem.objects.get(ref=sku.stock_ref).reserved == 0
