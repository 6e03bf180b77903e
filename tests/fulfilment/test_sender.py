"""Who sends and where a return goes: on slips, labels, the order's page and in the mail about a return."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.fulfilment.flows import create_shipments, mark_delivered, request_return, ship
from shop.fulfilment.models import Return
from shop.invoices.flows import set_seller
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.orders.reads import pieces_of
from tests.fulfilment.conftest import Maker
from tests.fulfilment.test_packer_pages import ACT, _text

pytestmark = pytest.mark.django_db
WAIT = "we write to you with the address"


@pytest.fixture
def seller(owner: Any) -> None:
    set_seller(actor=owner, name="木琴書院", address="臺北市大安區\n和平東路 2 號", phone="02-2345-6789")


@pytest.fixture
def delivered(paid_order: Maker, packer: Any) -> Order:
    order = paid_order(email="guest@demo.test")
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    return order


def _asked(order: Order) -> tuple[str, str, Return]:
    """The buyer's page and mail after asking, and the return."""
    ret = request_return(order=order, component=pieces_of(order)[0])
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    page = Client().get(order_path(order), headers={"Accept-Language": "en"}).content.decode()
    (letter,) = [message for message in mail.outbox if ret.number in message.subject and "guest@demo.test" in message.to]
    return page, str(letter.body), ret


def test_who_returns_reads_the_address_and_the_number_on_the_page_and_in_a_mail(delivered: Order, seller: None) -> None:
    page, letter, ret = _asked(delivered)
    for words in ("木琴書院", "臺北市大安區", "和平東路 2 號", "02-2345-6789", ret.number):
        assert words in page, words
        assert words in letter, words
    assert WAIT not in page + letter


def test_without_an_address_the_buyer_waits_for_our_letter_and_staff_is_told(
    delivered: Order, owner: Any, packer: Any, student: Any
) -> None:
    page, letter, ret = _asked(delivered)
    assert WAIT in page
    assert WAIT in letter
    told = Notice.objects.filter(key__startswith=f"return:{ret.pk}")
    assert {notice.user_id for notice in told} == {owner.pk, packer.pk}


def test_staff_is_not_asked_for_an_address_that_stands_there(delivered: Order, seller: None, owner: Any) -> None:
    _page, _letter, ret = _asked(delivered)
    assert not Notice.objects.filter(key__startswith=f"return:{ret.pk}").exists()


def test_the_packer_finds_a_return_by_the_number_on_its_box(delivered: Order, seller: None, packer: Any, client_of: Any) -> None:
    _page, _letter, ret = _asked(delivered)
    assert ret.number in client_of(packer).get("/admin/shop/returns/").content.decode()


def test_slip_and_label_name_the_seller_as_sender(paid_order: Maker, packer: Any, client_of: Any, seller: None) -> None:
    parcel = create_shipments(order=paid_order())[0]
    sheet = _text(client_of(packer).post(ACT, {"action": "slips", "parcel": parcel.pk}))[1]
    for words in ("木琴書院", "臺北市大安區", "和平東路 2 號", "02-2345-6789"):
        assert sheet.count(words) == 2, words


def test_until_the_owner_has_said_who_sells_the_site_s_name_is_the_sender(paid_order: Maker, packer: Any, client_of: Any) -> None:
    parcel = create_shipments(order=paid_order())[0]
    sheet = _text(client_of(packer).post(ACT, {"action": "slips", "parcel": parcel.pk}))[1]
    assert sheet.count(settings.WAGTAIL_SITE_NAME) == 2
    assert settings.SITE_URL.split("//")[-1] not in sheet


def test_the_owner_writes_the_phone_down(owner: Any, client_of: Any, delivered: Order) -> None:
    client_of(owner).post("/admin/shop/invoices/seller/", {"name": "Yard", "address": "1 Lane", "phone": "0800-1"})
    assert "0800-1" in _asked(delivered)[0]
