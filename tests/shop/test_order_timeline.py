"""The history on /orders/<number>/, in the reader's language and zone; and the owner's, with who did it."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import User
from kit import audit
from kit.clock import zone
from shop.checkout.flows import cancel_order, confirm_transfer, kit_only, redeem_gift, refund_order, send_due_gifts
from shop.fulfilment.flows import end_return, inspect_return, mark_arrived, mark_delivered, print_parcels, request_return, ship
from shop.fulfilment.models import Shipment
from shop.orders import links
from shop.orders.delivery import DeliveryData
from shop.orders.gifts import GiftData
from shop.orders.models import Order, OrderComponent
from tests.invoices.test_issue_papers import HOME, refund
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
STORE = DeliveryData(
    method="store", name="王小明", phone="0912345678", country="TW", chain="711", store_code="123456", store_name="和平門市"
)


def history(client: Client, order: Order, language: str = "en") -> list[str]:
    """Titles and texts of the moments, top to bottom."""
    page = client.get(f"/{language}{links.order_path(order)}").content.decode()
    timeline = page[page.index('<ol class="timeline"') : page.index("</ol>", page.index('<ol class="timeline"'))]
    found = re.findall(r'<p class="(?:moment-title|small)">(.*?)</p>', timeline, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in found]


def in_order(found: list[str], *wanted: str) -> bool:
    rest = iter(found)
    return all(any(text == title for text in rest) for title in wanted)


@pytest.fixture
def piece() -> Callable[[Order], OrderComponent]:
    return lambda order: OrderComponent.objects.get(line__order=order, kind="stock")


def test_a_parcel_s_way_from_the_order_to_its_return_is_one_history(
    till: Till, bundle: Any, student: User, packer: User, client: Client, clock: Any, piece: Any
) -> None:
    order = till.bought(bundle, user=student, delivery=STORE)
    parcel = Shipment.objects.get()
    for step in (
        lambda: print_parcels(shipments=[parcel], actor=packer),
        lambda: ship(shipment=parcel, carrier="711", tracking="A100", actor=packer),
        lambda: mark_arrived(shipment=parcel, actor=packer),
        lambda: mark_delivered(shipment=parcel, actor=packer),
    ):
        clock.advance(hours=1)
        step()
    back = request_return(order=order, component=piece(order))
    clock.advance(hours=1)
    inspect_return(ret=back, pieces=1, restock=True, seen=0, actor=packer)
    found = history(client, order)
    titles = ("Order placed", "Payment received", "Being packed", "Parcel sent", "Parcel waits at the store")
    assert in_order(found, *titles, "Parcel picked up", "Return asked for", "Return arrived with us"), found
    assert any("A1" in text for text in found)
    assert "Invoice issued" in found


def test_a_refund_says_how_much_for_what_and_why(till: Till, bundle: Any, student: User, client: Client) -> None:
    order = till.bought(bundle, user=student)
    refund(till, order, kit_only(order), reason="The neck is cracked")
    found = history(client, order)
    assert "¥130 refunded" in found
    assert any(text.startswith("Ukulele 21 inch: The neck is cracked. It goes back") for text in found), found
    assert "Credit note issued" in found


def test_a_refund_under_way_and_one_that_failed_are_told_apart(till: Till, bundle: Any, student: User, client: Client) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.next_refund("pending")
    made = refund(till, order)
    assert "¥599 on its way back to you" in history(client, order)
    made.refresh_from_db()
    till.stand_in.finish_refund(made.provider_id, "failed")
    till.deliver()
    till.deliver()
    found = history(client, order)
    assert "A refund of ¥599 did not arrive" in found
    assert "¥599 on its way back to you" not in found


@pytest.mark.parametrize(
    ("won", "end"), [(True, "Your bank has decided: the payment stands"), (False, "Your bank has given the money back")]
)
def test_a_dispute_is_told_in_the_buyer_s_words(
    till: Till, bundle: Any, student: User, client: Client, won: bool, end: str
) -> None:
    order = till.bought(bundle, user=student)
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    assert "Your bank asks about ¥599 of this payment" in history(client, order)
    assert not any(text.startswith(end) for text in history(client, order))
    till.stand_in.close_dispute(dispute["id"], won=won)
    till.deliver()
    assert any(text.startswith(end) for text in history(client, order))


def test_a_gift_s_way_is_told(till: Till, bundle: Any, student: User, visitor: User, client: Client) -> None:
    data = GiftData("Mei", "mei@demo.test", "", date(2020, 1, 1))
    order = till.bought(bundle, user=student, gift=data)
    send_due_gifts()
    redeem_gift(code=order.gift.code, user=visitor, delivery=HOME)
    assert in_order(history(client, order), "The gift was announced to Mei", "The gift was taken")


def test_what_only_the_trail_knows_is_told_too(
    till: Till, bundle: Any, student: User, packer: User, client: Client, piece: Any
) -> None:
    order = till.bought(bundle, user=student, delivery=HOME)
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    end_return(ret=request_return(order=order, component=piece(order)), reason="Played for a month", actor=packer)
    for action in ("delivery.changed", "order.accepted", "commission.secret"):
        audit.record(actor=packer, action=action, target=order.holder, after={"parcel": parcel.number})
    found = history(client, order)
    assert in_order(found, "Return not accepted", "Played for a month", "Delivery address changed")
    assert "Payment checked and accepted" in found
    assert not any("secret" in text or packer.name in text for text in found)


def test_a_cancelled_order_says_so(till: Till, bundle: Any, student: User, client: Client) -> None:
    order = till.place(bundle, user=student)
    cancel_order(order=order, actor=student)
    assert in_order(history(client, order), "Order placed", "Cancelled")


def test_times_are_the_reader_s_own(till: Till, bundle: Any, student: User, client_of: Callable[[User], Client]) -> None:
    order = till.bought(bundle, user=student)
    for name in ("America/Los_Angeles", "Asia/Taipei"):
        student.time_zone = name
        student.save()
        page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
        with translation.override("en"):
            assert date_format(timezone.localtime(order.placed_at, zone(name)), "DATETIME_FORMAT") in page


@pytest.mark.parametrize(("language", "words"), [("zh-hant", "已下單"), ("zh-hans", "已下单")])
def test_the_history_speaks_the_reader_s_language(
    till: Till, bundle: Any, student: User, client: Client, language: str, words: str
) -> None:
    order = till.bought(bundle, user=student)
    refund(till, order)
    found = history(client, order, language)
    assert words in found
    assert not [
        text
        for text in found
        if re.search(
            r"[a-z]{4,}", text.replace("Ukulele", "").replace("inch", "").replace("asked for it", "").replace("Class", "")
        )
    ], found


def test_the_owner_reads_who_did_it_and_the_buyer_does_not(
    till: Till, bundle: Any, student: User, packer: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    order = till.bought(bundle, user=student, delivery=HOME)
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    refund_order(order=order, components=kit_only(order), actor=owner, reason="cracked")
    till.deliver()
    page = client_of(owner).get(f"/en/admin/shop/orders/{order.number}/").content.decode()
    moments = page[page.index("What happened") : page.index("</section>", page.index("What happened"))]
    assert re.search(rf"Parcel sent</strong>.*?· {packer.name}</span>", moments)
    assert re.search(rf"¥130 refunded</strong>.*?· {owner.name}</span>", moments)
    trail = page[page.index(">Trail<") :]
    assert re.search(rf"{packer.name} · shipment.shipped", trail)
    assert packer.name not in client_of(student).get(f"/en/orders/{order.number}/").content.decode()


def test_a_transfer_names_who_confirmed_it(
    till: Till, bundle: Any, student: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    order = till.place(bundle, user=student)
    confirm_transfer(reference=order.number, amount=order.total, statement="S1", actor=owner)
    page = client_of(owner).get(f"/en/admin/shop/orders/{order.number}/").content.decode()
    assert re.search(rf"Payment received</strong>.*?· {owner.name}</span>", page)
