"""/admin/shop/parcels/, /admin/shop/returns/, /admin/shop/stock/."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kit.models import AuditEntry
from shop.fulfilment.flows import (
    create_shipments,
    mark_delivered,
    print_parcels,
    request_return,
    ship,
    stop_shipments,
)
from shop.fulfilment.models import Return, Shipment
from shop.orders.models import Order
from shop.orders.reads import pieces_of
from stock.models import StockItem
from tests.factories import make_cohort, make_offer, make_sku
from tests.fulfilment.conftest import STORE, Maker

pytestmark = pytest.mark.django_db
LIST, ACT = "/admin/shop/parcels/", "/admin/shop/parcels/act/"


def _text(response: Any) -> list[str]:
    # pypdf leaves NULs between characters of this font.
    return [page.extract_text().replace("\x00", "") for page in PdfReader(io.BytesIO(response.content)).pages]


@pytest.fixture
def parcel(paid_order: Maker) -> Shipment:
    return create_shipments(order=paid_order())[0]


@pytest.mark.parametrize("address", [LIST, "/admin/shop/parcels/CY-S-NOBODY/", "/admin/shop/returns/", "/admin/shop/stock/"])
@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_do_not_enter(address: str, who: str, request: pytest.FixtureRequest, client_of: Any, client: Client) -> None:
    response = client_of(request.getfixturevalue(who)).get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(("/admin/", "/accounts/login/"))
    assert client.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_others_move_no_parcel_and_count_no_stock(
    who: str, request: pytest.FixtureRequest, parcel: Shipment, client_of: Any
) -> None:
    browser = client_of(request.getfixturevalue(who))
    sku = parcel.lines.get().component.component.sku
    ret = Return.objects.create(
        order=parcel.order, component=parcel.lines.get().component, quantity=1, requested_at=parcel.created_at
    )
    for address, data in [
        (ACT, {"action": "shipped", "parcel": parcel.pk}),
        (f"/admin/shop/stock/{sku.code}/", {"action": "count", "pieces": 99, "reason": "x"}),
        (f"/admin/shop/returns/{ret.pk}/", {"action": "inspect", "pieces": 1, "seen": 0, "verdict": "whole"}),
        (f"/admin/shop/returns/{ret.pk}/", {"action": "end"}),
    ]:
        assert browser.post(address, data).status_code == 302
    parcel.refresh_from_db()
    ret.refresh_from_db()
    assert (parcel.state, ret.state) == ("to_pack", "requested")
    assert StockItem.objects.get(ref=sku.stock_ref).on_hand == 10


def test_whose_class_starts_soonest_is_packed_first(paid_order: Maker, packer: Any, client_of: Any) -> None:
    from datetime import timedelta

    from kit.clock import FALLBACK_ZONE, local_date, now

    today = local_date(now(), FALLBACK_ZONE)
    later = create_shipments(
        order=paid_order(offers=[make_offer(cohort=make_cohort(starts_on=today + timedelta(days=30)), sku=make_sku())])
    )[0]
    never = create_shipments(order=paid_order())[0]
    soon = create_shipments(order=paid_order(offers=[make_offer(cohort=make_cohort(starts_on=today), sku=make_sku())]))[0]
    page = client_of(packer).get(LIST).content.decode()
    numbers = [soon.number, later.number, never.number]
    assert sorted(numbers, key=page.index) == numbers


def test_the_packer_sees_no_money(parcel: Shipment, packer: Any, client_of: Any) -> None:
    browser = client_of(packer)
    for address in (LIST, f"{LIST}{parcel.number}/"):
        page = browser.get(address).content.decode()
        assert parcel.number in page
        assert not re.search(r"(?<![\w-])599(?!\d)", page)
        assert "¥" not in page


def test_all_chosen_slips_come_in_one_file_and_count_as_printed(paid_order: Maker, packer: Any, client_of: Any) -> None:
    home = create_shipments(
        order=paid_order(offers=[make_offer(sku=make_sku(name="烏克麗麗 21 吋", contents="琴、備用弦、調音器"))])
    )[0]
    store = create_shipments(order=paid_order(offers=[make_offer(sku=make_sku(small=True))], delivery=STORE))[0]
    response = client_of(packer).post(ACT, {"action": "slips", "parcel": [home.pk, store.pk]})
    assert response["Content-Type"] == "application/pdf"
    picks, first, second = _text(response)
    assert "Main shelf: 1" in picks
    for part in (home.number, home.order.number, "陳小晨", "大安區", "烏克麗麗 21 吋", "備用弦"):
        assert part in first
    for part in (store.number, "和平門市", "123456"):
        assert part in second
    assert not Shipment.objects.filter(printed_at=None).exists()


def test_parcels_with_a_tracking_number_typed_are_sent_together(paid_order: Maker, packer: Any, client_of: Any) -> None:
    rows = [create_shipments(order=paid_order())[0] for _one in range(3)]
    data = {
        "action": "shipped",
        f"tracking-{rows[0].pk}": "900-1",
        f"carrier-{rows[0].pk}": "tcat",
        f"carrier-{rows[1].pk}": "own",
        "parcel": rows[1].pk,
    }
    client_of(packer).post(ACT, data)
    states = list(Shipment.objects.order_by("pk").values_list("state", "carrier", "tracking"))
    assert states == [("shipped", "tcat", "900-1"), ("shipped", "own", ""), ("to_pack", "", "")]


def test_what_cannot_leave_is_named_and_the_rest_leaves(paid_order: Maker, packer: Any, client_of: Any) -> None:
    good, bad = (create_shipments(order=paid_order())[0] for _one in range(2))
    Order.objects.filter(pk=bad.order_id).update(state="review")
    data = {"action": "shipped", "parcel": [good.pk, bad.pk], f"carrier-{good.pk}": "hand", f"carrier-{bad.pk}": "hand"}
    page = client_of(packer).post(ACT, data, follow=True).content.decode()
    assert bad.number in page
    assert set(Shipment.objects.values_list("number", "state")) == {
        (good.number, "shipped"),
        (bad.number, "to_pack"),
    }


def test_a_parcel_stopped_after_printing_is_shown_in_red_until_its_slip_is_gone(
    parcel: Shipment, packer: Any, client_of: Any
) -> None:
    print_parcels(shipments=[parcel], actor=packer)
    stop_shipments(order=parcel.order)
    browser = client_of(packer)
    assert "yard-alarm" in browser.get(LIST).content.decode()
    page = browser.post(ACT, {"action": "shipped", "parcel": parcel.pk}, follow=True, headers={"accept-language": "en"})
    text = page.content.decode()
    assert f"{parcel.number} is not to be packed any more" in text, "ticked on a page that was read before"
    assert "at least one parcel" not in text
    browser.post(ACT, {"action": "slip_back", "parcel": parcel.pk})
    assert "yard-alarm" not in browser.get(LIST).content.decode()
    parcel.refresh_from_db()
    assert parcel.state == "stopped"


def test_a_return_is_received_onto_the_shelf(parcel: Shipment, packer: Any, client_of: Any) -> None:
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    ret = request_return(order=parcel.order, component=pieces_of(parcel.order)[0], quantity=1, reason="<b>Too small</b>")
    browser = client_of(packer)
    page = browser.get("/admin/shop/returns/").content.decode()
    assert "&lt;b&gt;Too small" in page
    browser.post(f"/admin/shop/returns/{ret.pk}/", {"action": "inspect", "pieces": 1, "seen": 0, "verdict": "whole"})
    ret.refresh_from_db()
    assert (ret.state, ret.came, ret.inspections.get().restocked) == ("received", 1, True)


def test_stock_changes_leave_a_line_in_the_trail(packer: Any, client_of: Any) -> None:
    sku, browser = make_sku(on_hand=3), client_of(packer)
    browser.post(f"/admin/shop/stock/{sku.code}/", {"action": "receive", "pieces": 4, "reason": "From the factory"})
    browser.post(f"/admin/shop/stock/{sku.code}/", {"action": "count", "pieces": 6, "reason": "One broke"})
    lines = (
        AuditEntry.objects.filter(target=sku.stock_ref)
        .order_by("pk")
        .values_list("action", "before", "after", "reason", "actor_id")
    )
    assert list(lines)[-2:] == [
        ("stock.received", 3, 7, "From the factory", packer.pk),
        ("stock.counted", 7, 6, "One broke", packer.pk),
    ]


@pytest.mark.parametrize(
    "data", [{"pieces": 0, "reason": "none left"}, {"pieces": -1, "reason": "x"}, {"pieces": 5, "reason": ""}]
)
def test_a_count_below_what_is_promised_or_without_reason_changes_nothing(
    data: dict[str, Any], parcel: Shipment, packer: Any, client_of: Any
) -> None:
    sku = parcel.lines.get().component.component.sku
    client_of(packer).post(f"/admin/shop/stock/{sku.code}/", {"action": "count", **data})
    assert StockItem.objects.get(ref=sku.stock_ref).on_hand == 10


def test_the_list_asks_the_same_for_ten_parcels_and_for_a_thousand(paid_order: Maker, packer: Any, client_of: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, first = client_of(packer), create_shipments(order=paid_order(quantity=1))[0]
    line = first.lines.get()
    counts = []
    for wanted in (10, 1000):
        have = Shipment.objects.count()
        rows = Shipment.objects.bulk_create(
            Shipment(order=first.order, number=f"CY-S-{n:06}", created_at=first.created_at) for n in range(have, wanted)
        )
        line.__class__.objects.bulk_create(line.__class__(shipment=row, component=line.component, quantity=1) for row in rows)
        browser.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_the_menu_of_a_packer_leads_to_parcels_and_no_money(packer: Any, client_of: Any) -> None:
    page = client_of(packer).get(reverse("wagtailadmin_home")).content.decode()
    assert LIST in page
    assert "/admin/shop/orders/" not in page
    assert "/admin/shop/payouts/" not in page
