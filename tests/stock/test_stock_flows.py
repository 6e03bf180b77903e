"""stock.flows: reserving, consuming, releasing, and what the database itself refuses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from kit.clock import now
from stock.flows import (
    Cause,
    NotThere,
    OutOfStock,
    consume,
    ensure_item,
    ensure_place,
    extend,
    give_back,
    hand_out,
    move,
    release,
    reserve,
    set_on_hand,
)
from stock.models import Place, Placed, Reservation, StockItem
from stock.reads import expected_for, free_pieces, taken_pieces
from tests.shop.till import check_audit

pytestmark = pytest.mark.django_db
KIT, SEAT = "sku:K@main", "cohort:1"


@pytest.fixture(autouse=True)
def shelf(db: None) -> Iterator[None]:
    set_on_hand(ref=KIT, on_hand=3)
    ensure_item(ref=SEAT, on_hand=1)
    yield
    check_audit()


def _reserve(holder: str = "order:1", **pieces: int) -> list[Reservation]:
    names = {"kit": KIT, "seat": SEAT, "nothing": "sku:none@main"}
    return reserve(
        demand={names[name]: count for name, count in pieces.items()}, holder=holder, expires_at=now() + timedelta(hours=1)
    )


def _counts(ref: str = KIT) -> tuple[int, int, int]:
    item = StockItem.objects.get(ref=ref)
    return item.on_hand, item.allocated, item.reserved


def test_what_is_reserved_is_no_longer_free() -> None:
    _reserve(kit=2)
    assert free_pieces([KIT, SEAT, "sku:none@main"]) == {KIT: 1, SEAT: 1}


def test_reserving_is_all_or_nothing_and_names_what_falls_short() -> None:
    with pytest.raises(OutOfStock) as caught:
        _reserve(seat=1, kit=4)
    assert (caught.value.ref, caught.value.wanted, caught.value.free) == (KIT, 4, 3)
    assert not Reservation.objects.exists()


def test_an_unknown_thing_has_nothing_free() -> None:
    with pytest.raises(OutOfStock):
        _reserve(kit=1, nothing=1)
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(("end", "counts"), [(consume, (3, 2, 0)), (release, (3, 0, 0))])
def test_a_hold_ends_exactly_once(end: Any, counts: tuple[int, int, int]) -> None:
    _reserve(kit=2)
    assert len(end(holder="order:1")) == 1
    assert end(holder="order:1") == release(holder="order:1") == consume(holder="order:1") == []
    assert _counts() == counts


def test_who_released_may_reserve_again() -> None:
    _reserve(seat=1)
    release(holder="order:1")
    _reserve(seat=1)
    consume(holder="order:1")
    assert _counts(SEAT) == (1, 1, 0)


def test_a_hold_is_extended_and_never_shortened() -> None:
    row = _reserve(kit=1)[0]
    extend(holder="order:1", expires_at=row.expires_at - timedelta(minutes=5))
    row.refresh_from_db()
    kept = row.expires_at
    extend(holder="order:1", expires_at=kept + timedelta(minutes=5))
    row.refresh_from_db()
    assert row.expires_at == kept + timedelta(minutes=5)


def test_taken_pieces_come_back_or_leave_the_house_but_not_twice() -> None:
    _reserve(kit=2)
    consume(holder="order:1")
    assert taken_pieces("order:1", KIT) == 2
    give_back(holder="order:1", ref=KIT, quantity=1)
    hand_out(holder="order:1", ref=KIT, quantity=1)
    assert _counts() == (2, 0, 0)
    assert taken_pieces("order:1", KIT) == 0
    with pytest.raises(ValueError), transaction.atomic():
        give_back(holder="order:1", ref=KIT, quantity=1)
    with pytest.raises(ValueError), transaction.atomic():
        hand_out(holder="order:2", ref=KIT, quantity=1)


def test_nobody_counts_away_what_is_promised() -> None:
    _reserve(kit=2)
    with pytest.raises(OutOfStock):
        set_on_hand(ref=KIT, on_hand=1)
    assert set_on_hand(ref=KIT, on_hand=2).free == 0


def _expect(pieces: int) -> Place:
    """Of the kits, so many are ordered and not here yet."""
    ahead = ensure_place(code="ahead", expected_on=now().date() + timedelta(days=9))
    move(ref=KIT, origin=ensure_place(), to=ahead, quantity=pieces, cause=Cause())
    return ahead


def test_what_is_expected_can_be_sold_but_not_handed_out() -> None:
    _expect(2)
    _reserve(kit=3)
    consume(holder="order:1")
    with pytest.raises(NotThere) as caught, transaction.atomic():
        hand_out(holder="order:1", ref=KIT, quantity=2)
    assert caught.value.there == 1
    hand_out(holder="order:1", ref=KIT, quantity=1)
    assert _counts() == (2, 2, 0)


def test_counting_all_pieces_counts_what_is_expected_too() -> None:
    _expect(2)
    assert set_on_hand(ref=KIT, on_hand=1).on_hand == 1
    assert sum(Placed.objects.values_list("pieces", flat=True)) == 1


def test_who_orders_is_promised_the_day_on_which_enough_have_come() -> None:
    ahead = _expect(2)
    assert expected_for({KIT: 1, "sku:none@main": 1}) == []
    assert expected_for({KIT: 2}) == expected_for({KIT: 3}) == [ahead.expected_on]
    _reserve(kit=1)
    assert expected_for({KIT: 1}) == [ahead.expected_on]


@pytest.mark.parametrize(
    "change",
    [{"reserved": 4}, {"allocated": 4}, {"on_hand": F("on_hand") - 4}, {"reserved": 2, "allocated": 2}, {"reserved": -1}],
)
def test_i4_the_database_refuses_to_oversell(change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(ref=KIT).update(**change)


@pytest.mark.parametrize("end", [consume, release])
def test_i6_the_database_refuses_to_end_a_hold_twice(end: Any) -> None:
    _reserve(kit=1)
    end(holder="order:1")
    for state in Reservation.State.values:
        if state != Reservation.objects.get().state:
            with pytest.raises(IntegrityError), transaction.atomic():
                Reservation.objects.update(state=state, ended_at=None if state == "held" else now())


def test_the_database_refuses_a_second_live_hold_of_one_holder() -> None:
    _reserve(kit=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        _reserve(kit=1)
