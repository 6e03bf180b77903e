"""Offers, contents, prices and parcels."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from kit.clock import now
from kit.models import AuditEntry
from shop.catalogue.flows import Part, change_contents, close_offer, create_offer, publish_offer, set_price
from shop.catalogue.models import Bundle, Price
from shop.catalogue.reads import availability, best_ware, price_at, wares
from shop.catalogue.stores import chains_that_take, parcel_size
from stock.flows import reserve, set_on_hand
from tests.factories import make_cohort, make_offer, make_sku

pytestmark = pytest.mark.django_db


def test_a_new_price_ends_the_old_one_at_the_same_instant_and_leaves_a_line_in_the_trail(owner: User, clock: Any) -> None:
    offer = make_offer(price=59900)
    before = now()
    clock.advance(days=1)
    set_price(offer=offer, currency="CNY", amount=49900, actor=owner)
    old, new = Price.objects.filter(offer=offer).order_by("valid_from")
    assert old.valid_to == new.valid_from
    assert price_at(offer, "CNY") == new
    assert price_at(offer, "CNY", before) == old
    assert (old.amount, new.amount) == (59900, 49900)
    line = AuditEntry.objects.filter(target=f"offer:{offer.pk}", action="price.set").first()
    assert (line.actor_id, line.before["amount"], line.after["amount"]) == (owner.pk, 59900, 49900)


def test_two_prices_of_one_instant_are_refused_by_the_database() -> None:
    offer = make_offer(price=59900)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(
            offer=offer, currency="CNY", amount=1, valid_from=now() - timedelta(days=9), valid_to=now() + timedelta(days=9)
        )


@pytest.mark.parametrize(("amount", "currency"), [(0, "CNY"), (-5, "CNY"), (550, "ISK"), (1005, "KWD")])
def test_an_amount_that_nobody_can_charge_is_refused(owner: User, amount: int, currency: str) -> None:
    offer = make_offer()
    with pytest.raises(ValueError):
        set_price(offer=offer, currency=currency, amount=amount, actor=owner)


def test_changed_contents_are_a_new_version_and_the_sold_one_stays() -> None:
    offer = make_offer()
    old = Bundle.objects.get(offer=offer)
    change_contents(offer=offer, components=[Part(sku=make_sku(seller=offer.seller))])
    assert Bundle.objects.get(offer=offer, is_current=True).version == 2
    assert old.components.count() == 1


def test_contents_without_weight_are_refused(owner: User) -> None:
    with pytest.raises(ValueError):
        create_offer(slug="x", title="X", seller=owner, components=[], price=100, currency="CNY")


def test_an_offer_holds_as_many_as_its_scarcest_part() -> None:
    cohort, sku = make_cohort(seats=20), make_sku(on_hand=7)
    offer = make_offer(cohort=cohort, sku=sku)
    assert availability([offer]) == {offer.pk: 7}
    reserve(demand={cohort.seat_ref: 18}, holder="order:1", expires_at=now() + timedelta(hours=1))
    assert availability([offer]) == {offer.pk: 2}


def test_two_parts_of_the_same_good_count_together() -> None:
    sku = make_sku(on_hand=5)
    offer = make_offer(sku=sku)
    change_contents(offer=offer, components=[Part(sku=sku, quantity=1), Part(sku=sku, quantity=2)])
    assert availability([offer]) == {offer.pk: 1}


def test_the_state_follows_window_stock_and_class(clock: Any) -> None:
    draft = make_offer(live=False)
    soon = make_offer(sale_from=now() + timedelta(days=2), sale_until=now() + timedelta(days=4))
    gone = make_offer(sku=make_sku(on_hand=0))
    closed = close_offer(offer=make_offer(), actor=None)
    over = make_offer(cohort=make_cohort(days=3))
    states = [ware.state for ware in wares([draft, soon, gone, closed, over])]
    assert states == ["draft", "soon", "sold_out", "closed", "live"]
    clock.advance(days=3)
    assert [ware.state for ware in wares([soon, over])] == ["live", "closed"]
    clock.advance(days=2)
    assert wares([soon])[0].state == "closed"


def test_of_several_classes_the_one_that_can_be_bought_comes_first() -> None:
    full, free = make_offer(sku=make_sku(on_hand=0)), make_offer()
    shelf = wares([full, free])
    assert best_ware(shelf) == shelf[1]
    assert best_ware(shelf[:1]) == shelf[0]
    assert best_ware([]) is None


def test_an_offer_without_a_price_cannot_be_published(owner: User) -> None:
    offer = make_offer(live=False)
    Price.objects.filter(offer=offer).delete()
    with pytest.raises(ValueError):
        publish_offer(offer=offer, actor=owner)


def test_a_ukulele_is_too_big_for_a_convenience_store_and_a_brush_set_fits() -> None:
    assert chains_that_take([(make_sku(), 1)]) == []
    assert [chain.code for chain in chains_that_take([(make_sku(small=True), 1)])] == ["711", "family", "hilife", "ok"]


def test_many_small_boxes_become_one_too_big() -> None:
    brushes = make_sku(small=True, weight_g=100)
    assert parcel_size([(brushes, 3)]) == (280, 180, 180, 300)
    assert chains_that_take([(brushes, 7)])
    assert chains_that_take([(brushes, 8)]) == []
    assert chains_that_take([]) == []


def test_five_kilograms_are_too_heavy() -> None:
    assert chains_that_take([(make_sku(small=True, weight_g=5000), 1)]) == []
    assert chains_that_take([(make_sku(small=True, weight_g=4999), 1)])


def test_stock_that_is_counted_anew_shows_at_once() -> None:
    sku = make_sku(on_hand=0)
    offer = make_offer(sku=sku)
    assert wares([offer])[0].state == "sold_out"
    set_on_hand(ref=sku.stock_ref, on_hand=1)
    assert wares([offer])[0].state == "live"
