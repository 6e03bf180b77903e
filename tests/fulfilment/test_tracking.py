"""Carrier and tracking number: asked for when a parcel leaves, corrected afterwards, shown to its buyer."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.fulfilment.flows import CannotShip, correct_tracking, create_shipments, mark_delivered, ship
from shop.fulfilment.models import Shipment
from shop.orders.links import order_path
from tests.fulfilment.conftest import Maker

pytestmark = pytest.mark.django_db
ACT = "/admin/shop/parcels/act/"


@pytest.fixture
def parcel(paid_order: Maker, student: Any) -> Shipment:
    return create_shipments(order=paid_order(user=student))[0]


def _send(browser: Client, parcel: Shipment, carrier: str, tracking: str, action: str = "shipped") -> str:
    data = {
        "action": action,
        "parcel": parcel.pk,
        "number": parcel.number,
        f"carrier-{parcel.pk}": carrier,
        f"tracking-{parcel.pk}": tracking,
    }
    page = browser.post(ACT, data, follow=True).content.decode()
    parcel.refresh_from_db()
    return page


@pytest.mark.parametrize(("carrier", "tracking"), [("", ""), ("", "900"), ("pigeon", "900"), ("tcat", ""), ("tcat", "  ")])
def test_a_parcel_is_not_marked_sent_without_carrier_and_number(
    parcel: Shipment, packer: Any, client_of: Any, carrier: str, tracking: str
) -> None:
    page = _send(client_of(packer), parcel, carrier, tracking)
    assert parcel.state == "to_pack"
    assert ("choose who carries it" in page) or ("type the tracking number" in page)


@pytest.mark.parametrize("carrier", ["own", "hand"])
def test_own_delivery_and_hand_over_go_without_a_number_by_their_names(
    parcel: Shipment, packer: Any, client_of: Any, carrier: str
) -> None:
    _send(client_of(packer), parcel, carrier, "")
    assert (parcel.state, parcel.carrier) == ("shipped", carrier)
    assert parcel.carrier_name in Client(headers={"accept-language": "en"}).get(order_path(parcel.order)).content.decode()


def test_carrier_and_number_are_corrected_by_the_packer_and_shown_to_the_buyer(
    parcel: Shipment, packer: Any, student: Any, client_of: Any
) -> None:
    ship(shipment=parcel, carrier="tcat", tracking="900-1", actor=packer)
    browser = client_of(packer)
    assert "Correct carrier and number" in browser.get(f"/admin/shop/parcels/{parcel.number}/").content.decode()
    _send(browser, parcel, "sf", "SF-2", action="tracking")
    assert (parcel.state, parcel.carrier, parcel.tracking) == ("shipped", "sf", "SF-2")
    line = AuditEntry.objects.get(action="shipment.tracking")
    assert (line.actor_id, line.target) == (packer.pk, parcel.order.holder)
    assert (line.before["tracking"], line.after["tracking"]) == ("900-1", "SF-2")
    page = client_of(student).get(f"/orders/{parcel.order.number}/").content.decode()
    assert "SF-2" in page
    assert "900-1" not in page


def test_the_buyer_of_a_parcel_on_its_way_is_told_of_each_correction_once(parcel: Shipment, packer: Any, student: Any) -> None:
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    for tracking in ("9002", "9002", "9003"):
        correct_tracking(shipment=parcel, carrier="tcat", tracking=tracking, actor=packer)
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    told = [message for message in mail.outbox if "how to follow it has changed" in message.subject]
    assert len(told) == 2
    assert "T-Cat (Takkyubin) 9003" in told[-1].body
    assert Notice.objects.filter(user=student, key__contains="corrected").count() == 2


def test_a_number_of_a_delivered_parcel_is_corrected_in_silence(parcel: Shipment, packer: Any) -> None:
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    assert correct_tracking(shipment=parcel, carrier="hct", tracking="9002", actor=packer).tracking == "9002"
    assert not Notice.objects.filter(key__contains="corrected").exists()


def test_what_was_not_sent_has_no_number_to_correct_and_none_is_taken_away(parcel: Shipment, packer: Any) -> None:
    with pytest.raises(CannotShip, match="not been sent"):
        correct_tracking(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    with pytest.raises(CannotShip, match="tracking number"):
        correct_tracking(shipment=parcel, carrier="tcat", tracking="", actor=packer)


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_others_correct_nothing(parcel: Shipment, packer: Any, client_of: Any, who: str, request: pytest.FixtureRequest) -> None:
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    _send(client_of(request.getfixturevalue(who)), parcel, "tcat", "9002", action="tracking")
    assert parcel.tracking == "9001"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("９００１２３４５６", "900123456"),
        (" sf1234567890 ", "SF1234567890"),
        ("RR473124829TW", "RR473124829TW"),
        ("900-123-456", "900-123-456"),
    ],
)
def test_a_tracking_number_is_kept_as_carriers_write_it(typed: str, kept: str, parcel: Shipment, packer: Any) -> None:
    assert ship(shipment=parcel, carrier="post_tw", tracking=typed, actor=packer).tracking == kept


@pytest.mark.parametrize("typed", ["12", "abc", "RR473124828TW", "CC473124829TW1!", "<b>9000</b>", "900/12", "x" * 60, "----"])
def test_what_is_no_tracking_number_is_refused_and_nothing_leaves(typed: str, parcel: Shipment, packer: Any) -> None:
    with pytest.raises(CannotShip, match="no tracking number"):
        ship(shipment=parcel, carrier="post_tw", tracking=typed, actor=packer)
    parcel.refresh_from_db()
    assert (parcel.state, parcel.tracking) == (Shipment.State.TO_PACK, "")
