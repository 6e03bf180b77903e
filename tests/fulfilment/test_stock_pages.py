"""/admin/shop/stock/: goods are received, counted, moved, written off and ordered ahead, each with a line in the trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry
from notices.models import Notice
from shop.catalogue.models import Sku
from shop.catalogue.reads import wares
from shop.fulfilment.flows import Hand, create_shipments, ship
from shop.fulfilment.flows.stocktaking import add_shelf
from stock.models import Movement, Place, Placed, StockItem
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import Maker
from tests.fulfilment.test_parcels import _deliver_outbox

pytestmark = pytest.mark.django_db
STOCK = "/admin/shop/stock/"


@pytest.fixture
def sku(teacher: Any) -> Sku:
    return make_sku(code="UKE", name="Ukulele", on_hand=10, seller=teacher)


@pytest.fixture
def loft(sku: Sku, packer: Any) -> Place:
    return add_shelf(name="Loft", by=Hand(packer))


def _write(browser: Client, action: str, pieces: int, **fields: Any) -> str:
    data = {"action": action, "pieces": pieces, "reason": "Because", **fields}
    return str(browser.post(f"{STOCK}UKE/", data, follow=True).content.decode())


def _lying() -> dict[str, int]:
    return {str(row.place): row.pieces for row in Placed.objects.filter(pieces__gt=0).select_related("place")}


def _last_line() -> tuple[Any, ...]:
    line = AuditEntry.objects.order_by("-pk")[0]
    return line.action, line.target, line.before, line.after, line.reason, line.actor_id


@pytest.mark.parametrize(
    ("action", "pieces", "before", "after", "kind"),
    [
        ("receive", 4, 10, 14, "received"),
        ("count", 7, 10, 7, "counted"),
        ("count", 0, 10, 0, "counted"),
        ("write_off", 3, 10, 7, "written_off"),
    ],
)
def test_each_change_is_one_line_of_who_when_from_and_to(
    action: str, pieces: int, before: int, after: int, kind: str, sku: Sku, packer: Any, client_of: Any
) -> None:
    lines = AuditEntry.objects.count()
    assert "Ukulele is written down." in _write(client_of(packer), action, pieces)
    assert AuditEntry.objects.count() == lines + 1
    assert _last_line() == (f"stock.{kind}", sku.stock_ref, before, after, "Because", packer.pk)
    moved = Movement.objects.order_by("-pk")[0]
    assert (moved.kind, moved.change, moved.on_hand, moved.actor_id) == (kind, after - before, after, packer.pk)


def test_goods_lie_in_places_and_change_them(sku: Sku, loft: Place, packer: Any, client_of: Any) -> None:
    browser, main = client_of(packer), Place.objects.get(code="main")
    _write(browser, "move", 4, place=main.pk, to=loft.pk)
    assert _lying() == {"Main shelf": 6, "Loft": 4}
    assert _last_line()[2:4] == ({"place": "main", "pieces": 4}, {"place": loft.code, "pieces": 4})
    _write(browser, "receive", 2, place=loft.pk)
    _write(browser, "count", 5, place=loft.pk)
    _write(browser, "write_off", 1, place=loft.pk)
    assert _lying() == {"Main shelf": 6, "Loft": 4}
    page = browser.get(f"{STOCK}UKE/").content.decode()
    for text in ("Loft", "Packer", "Because", "written off", "-1"):
        assert text in page


def test_what_is_not_there_is_neither_moved_nor_written_off(sku: Sku, loft: Place, packer: Any, client_of: Any) -> None:
    browser, main = client_of(packer), Place.objects.get(code="main")
    assert "Only 0 lie there." in _write(browser, "move", 1, place=loft.pk, to=main.pk)
    assert "Only 0 lie there." in _write(browser, "write_off", 1, place=loft.pk)
    assert "from where to where" in _write(browser, "move", 1, place=main.pk, to=main.pk)
    assert "nothing to write down" in _write(browser, "write_off", 0, place=main.pk)
    assert "this field is required" in _write(browser, "write_off", 1, place=main.pk, reason="").lower()
    assert _lying() == {"Main shelf": 10}


def test_what_is_promised_is_not_written_off(sku: Sku, paid_order: Maker, packer: Any, client_of: Any) -> None:
    paid_order(offers=[make_offer(sku=sku)], quantity=3)
    page = _write(client_of(packer), "write_off", 8)
    assert "are promised to buyers" in page
    assert StockItem.objects.get(ref=sku.stock_ref).on_hand == 10


def test_ordered_goods_are_sold_ahead_and_packed_when_they_are_here(
    sku: Sku, paid_order: Maker, packer: Any, client_of: Any
) -> None:
    browser, main, day = client_of(packer), Place.objects.get(code="main"), local_date(now(), FALLBACK_ZONE) + timedelta(days=9)
    _write(browser, "count", 0)
    assert "when they are expected" in _write(browser, "expect", 5)
    _write(browser, "expect", 5, day=day.isoformat())
    offer = make_offer(sku=sku)
    assert wares([offer])[0].free == 5
    (parcel,) = create_shipments(order=paid_order(offers=[offer]))
    page = browser.get(STOCK).content.decode()
    assert 'data-label="In the house">0<' in page
    assert 'data-label="On its way here">5<' in page
    assert "not here: 1 × Ukulele" in browser.get("/admin/shop/parcels/").content.decode()
    coming = Place.objects.get(expected_on=day)
    assert "Choose a place in the house" in _write(browser, "count", 5, place=coming.pk)
    _write(browser, "move", 5, place=coming.pk, to=main.pk)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    assert _lying() == {"Main shelf": 4}


def test_running_low_is_told_once_a_crossing(sku: Sku, paid_order: Maker, packer: Any, owner: Any, client_of: Any) -> None:
    browser, offer = client_of(packer), make_offer(sku=sku)
    browser.post(f"{STOCK}UKE/low/", {"low_at": 8})
    assert _last_line()[:4] == ("stock.low_at", sku.stock_ref, None, 8)
    paid_order(offers=[offer])
    _deliver_outbox()
    assert not Notice.objects.filter(kind="stock").exists()
    for _sold in range(2):
        paid_order(offers=[offer])
        _deliver_outbox()
    told = Notice.objects.filter(kind="stock")
    assert sorted(notice.user.email for notice in told) == ["owner@demo.test", "teacher@demo.test"]
    assert {notice.title % notice.params for notice in told} == {"Ukulele runs low: 8 left"}
    assert told[0].url == f"{STOCK}UKE/"
    assert "runs low" in browser.get(STOCK).content.decode()
    assert "goods that run low" in client_of(owner).get("/admin/").content.decode()
    _write(browser, "receive", 5)
    assert "runs low" not in browser.get(STOCK).content.decode()
    _write(browser, "write_off", 5)
    _deliver_outbox()
    assert Notice.objects.filter(kind="stock").count() == 4


def test_nobody_is_told_where_no_threshold_is_set(sku: Sku, packer: Any, owner: Any, client_of: Any) -> None:
    browser = client_of(packer)
    browser.post(f"{STOCK}UKE/low/", {"low_at": 20})
    _deliver_outbox()
    browser.post(f"{STOCK}UKE/low/", {"low_at": ""})
    _write(browser, "write_off", 10)
    _deliver_outbox()
    assert Notice.objects.filter(kind="stock").count() == 2
    assert StockItem.objects.get(ref=sku.stock_ref).is_low is False


@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_neither_see_nor_change_the_shelf(who: str, request: pytest.FixtureRequest, sku: Sku, client_of: Any) -> None:
    browser = client_of(request.getfixturevalue(who))
    data = {"action": "write_off", "pieces": 1, "reason": "x", "low_at": 3, "name": "Mine"}
    for address in (f"{STOCK}UKE/", f"{STOCK}UKE/low/", f"{STOCK}shelves/add/"):
        assert browser.post(address, data).status_code == 302
        assert Client().post(address, data)["Location"].startswith("/accounts/login/")
    assert browser.get(f"{STOCK}UKE/").status_code == 302
    item = StockItem.objects.get(ref=sku.stock_ref)
    assert (item.on_hand, item.low_at, Place.objects.count()) == (10, None, 1)


def test_the_shelf_asks_the_same_for_two_goods_and_for_twenty(packer: Any, client_of: Any) -> None:
    browser, counts = client_of(packer), []
    for wanted in (2, 20):
        while Sku.objects.count() < wanted:
            make_sku()
        browser.get(STOCK)
        with CaptureQueriesContext(connection) as queries:
            browser.get(STOCK)
        counts.append(len(queries))
    assert counts[0] == counts[1]
