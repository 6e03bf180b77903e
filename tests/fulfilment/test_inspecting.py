"""What comes back is inspected piece by piece: inspect_return, end_return, /admin/shop/returns/."""

from typing import Any

import pytest
from django.core import mail

from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from shop.fulfilment.flows import (
    CannotReturn,
    create_shipments,
    end_return,
    inspect_return,
    mark_delivered,
    request_return,
    ship,
)
from shop.fulfilment.flows.returns import returnable_pieces
from shop.fulfilment.models import Inspection, Return
from shop.orders.models import Order, OrderComponent
from shop.orders.reads import pieces_of
from stock import flows as stock
from stock.models import Movement, Placed, StockItem
from tests.fulfilment.conftest import Maker
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db
RETURNS = "/admin/shop/returns/"


@pytest.fixture
def piece(paid_order: Maker, packer: Any) -> OrderComponent:
    """Three ukuleles, delivered."""
    order = paid_order(quantity=3)
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    return pieces_of(order)[0]


@pytest.fixture
def ret(piece: OrderComponent) -> Return:
    return request_return(order=piece.line.order, component=piece, quantity=3, reason="Too loud")


def _counts(piece: OrderComponent) -> tuple[int, int]:
    """(returned, in the house)"""
    piece.refresh_from_db()
    return piece.returned, StockItem.objects.get(ref=piece.ref).on_hand


def test_each_piece_has_a_verdict_of_its_own(ret: Return, piece: OrderComponent, packer: Any) -> None:
    inspect_return(ret=ret, pieces=1, restock=True, seen=0, actor=packer)
    assert _counts(piece) == (1, 8)
    inspect_return(ret=ret, pieces=1, restock=False, seen=1, reason="Neck broken", actor=packer)
    assert _counts(piece) == (2, 8)
    ret.refresh_from_db()
    assert (ret.state, ret.came, ret.left) == ("requested", 2, 1)
    inspect_return(ret=ret, pieces=1, restock=True, seen=2, actor=packer)
    ret.refresh_from_db()
    assert (ret.state, ret.received_at is not None) == ("received", True)
    assert _counts(piece) == (3, 9)
    verdicts = Inspection.objects.order_by("pk").values_list("pieces", "restocked", "reason", "inspected_by")
    assert list(verdicts) == [(1, True, "", packer.pk), (1, False, "Neck broken", packer.pk), (1, True, "", packer.pk)]
    line = AuditEntry.objects.filter(action="return.inspected").order_by("pk")[1]
    assert (line.actor_id, line.before, line.reason) == (packer.pk, {"came": 1}, "Neck broken")
    assert line.after == {"what": piece.ref, "pieces": 1, "restocked": False}


def _letters(ret: Return) -> list[str]:
    """Subjects of the mails to the buyer about a return that have left, the one that asked for it left out."""
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    return [letter.subject for letter in mail.outbox if ret.number in letter.subject and letter.to == [ret.order.email]][1:]


def test_the_buyer_hears_once_that_it_is_here(ret: Return, packer: Any) -> None:
    ret.order.language = "en"
    ret.order.save()
    inspect_return(ret=ret, pieces=1, restock=True, seen=0, actor=packer)
    assert _letters(ret) == []
    inspect_return(ret=ret, pieces=2, restock=True, seen=1, actor=packer)
    inspect_return(ret=ret, pieces=2, restock=True, seen=1, actor=packer)
    assert _letters(ret) == [f"Your return {ret.number} is here"]
    assert "3 × " in mail.outbox[-1].body


def test_the_buyer_hears_why_nothing_is_refunded(ret: Return, packer: Any) -> None:
    ret.order.language = "en"
    ret.order.save()
    end_return(ret=ret, actor=packer, reason="The box never came")
    end_return(ret=ret, actor=packer, reason="The box never came")
    assert _letters(ret) == [f"Your return {ret.number} is closed"]
    assert "The box never came" in mail.outbox[-1].body


def test_a_write_off_needs_a_reason(ret: Return, piece: OrderComponent, packer: Any) -> None:
    with pytest.raises(CannotReturn, match="why"):
        inspect_return(ret=ret, pieces=1, restock=False, seen=0, reason="  ", actor=packer)
    assert _counts(piece) == (0, 7)


@pytest.mark.parametrize("pieces", [0, -1, 4])
def test_no_more_comes_back_than_was_asked_for(pieces: int, ret: Return, piece: OrderComponent, packer: Any) -> None:
    with pytest.raises(CannotReturn):
        inspect_return(ret=ret, pieces=pieces, restock=True, seen=0, actor=packer)
    assert _counts(piece) == (0, 7)


def test_a_form_sent_twice_counts_once(ret: Return, piece: OrderComponent, packer: Any, client_of: Any) -> None:
    browser, data = client_of(packer), {"action": "inspect", "pieces": 1, "seen": 0, "verdict": "whole"}
    for _again in range(2):
        browser.post(f"{RETURNS}{ret.pk}/", data)
    assert _counts(piece) == (1, 8)


@pytest.mark.django_db(transaction=True)
def test_two_packers_who_inspect_at_once_count_once(ret: Return, piece: OrderComponent, packer: Any) -> None:
    at_once([lambda: inspect_return(ret=ret, pieces=3, restock=True, seen=0, actor=packer) for _one in range(2)])
    assert _counts(piece) == (3, 10)


def test_what_never_came_may_still_come_another_time(ret: Return, piece: OrderComponent, packer: Any) -> None:
    inspect_return(ret=ret, pieces=2, restock=True, seen=0, actor=packer)
    for _again in range(2):
        end_return(ret=ret, actor=packer, reason="Only two in the box")
    ret.refresh_from_db()
    assert (ret.state, ret.quantity, ret.came) == ("received", 2, 2)
    assert _counts(piece) == (2, 9)
    assert returnable_pieces(piece) == 1
    with pytest.raises(CannotReturn, match="closed"):
        inspect_return(ret=ret, pieces=1, restock=True, seen=2, actor=packer)
    assert AuditEntry.objects.filter(action="return.received").get().before == {"asked": 3}


def test_a_return_of_which_nothing_came_is_refused(ret: Return, piece: OrderComponent, packer: Any, client_of: Any) -> None:
    client_of(packer).post(f"{RETURNS}{ret.pk}/", {"action": "end"})
    ret.refresh_from_db()
    assert ret.state == "refused"
    assert returnable_pieces(piece) == 3
    with pytest.raises(CannotReturn):
        inspect_return(ret=ret, pieces=1, restock=True, seen=0, actor=packer)


def test_whole_pieces_go_to_the_place_that_was_chosen(ret: Return, piece: OrderComponent, packer: Any, client_of: Any) -> None:
    loft = stock.ensure_place(code="loft", name="Loft")
    data = {"action": "inspect", "pieces": 2, "seen": 0, "verdict": "whole", "place": loft.pk}
    client_of(packer).post(f"{RETURNS}{ret.pk}/", data)
    assert Placed.objects.get(place=loft).pieces == 2
    moved = Movement.objects.get(kind="returned")
    assert (moved.change, moved.source, moved.actor_id) == (2, f"return:{ret.pk}", packer.pk)


def test_the_page_shows_what_was_found(ret: Return, packer: Any, client_of: Any) -> None:
    browser = client_of(packer)
    data = {"action": "inspect", "pieces": 1, "seen": 0, "verdict": "broken", "reason": "<b>Cracked</b>"}
    browser.post(f"{RETURNS}{ret.pk}/", data)
    page = browser.get(RETURNS).content.decode()
    assert "&lt;b&gt;Cracked" in page
    assert "written off" in page
    assert 'max="2"' in page
    assert "how many" in browser.post(f"{RETURNS}{ret.pk}/", {"action": "inspect"}, follow=True).content.decode()


def test_the_owner_reads_the_verdicts_before_giving_money_back(ret: Return, packer: Any, owner: Any, client_of: Any) -> None:
    inspect_return(ret=ret, pieces=1, restock=False, seen=0, reason="Neck broken", actor=packer)
    page = client_of(owner).get(f"/admin/shop/orders/{ret.order.number}/").content.decode()
    assert "Neck broken" in page
    assert Order.objects.get().state == "paid"


def test_the_list_of_returns_asks_the_same_for_two_and_for_twenty(piece: OrderComponent, packer: Any, client_of: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = client_of(packer), []
    for wanted in (2, 20):
        have = Return.objects.count()
        Return.objects.bulk_create(
            Return(order=piece.line.order, component=piece, quantity=1, requested_at=piece.line.order.paid_at)
            for _one in range(have, wanted)
        )
        browser.get(RETURNS)
        with CaptureQueriesContext(connection) as queries:
            browser.get(RETURNS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
