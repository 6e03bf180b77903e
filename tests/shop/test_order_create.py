"""create_order: lines and the exact shares of their parts."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clock import now
from kit.money import step
from shop.catalogue.coupons import spread
from shop.catalogue.flows import Part, change_contents
from shop.catalogue.reads import wares
from shop.catalogue.taxes import net_and_tax
from shop.orders.flows import create_order
from shop.orders.models import Order, OrderComponent
from shop.orders.numbers import new_number
from shop.orders.shares import line_shares
from tests.factories import make_cohort, make_offer, make_sku

NOTHING: dict[str, Any] = {
    "user": None,
    "language": "en",
    "delivery": None,
    "shipping": 0,
    "place": "",
    "return_to": "",
    "terms": {},
}


def ordered(*offers: Any, quantity: int = 1, **fields: Any) -> Order:
    lines = [(ware.offer, ware.bundle, ware.price, quantity) for ware in wares(offers) if ware.bundle and ware.price]
    values = {**NOTHING, "email": "Guest@Demo.test", "currency": lines[0][2].currency, "checkout_key": "k"}
    values["hold_until"] = now() + timedelta(hours=1)
    return create_order(lines=lines, **{**values, **fields})


@pytest.mark.django_db
def test_a_bundle_is_divided_by_its_weights_to_the_last_unit(settings: Any) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 500
    order = ordered(make_offer(cohort=make_cohort(), sku=make_sku(), weights=(469, 130)))
    line = order.lines.get()
    seat, kit = line.components.all()
    assert (order.total, order.tax) == (59900, 2852)
    assert (line.net, line.tax) == (57048, 2852)
    assert (seat.net + seat.tax, kit.net + kit.tax) == (46900, 13000)
    assert (seat.net + kit.net, seat.tax + kit.tax) == (line.net, line.tax)
    assert (seat.ref, kit.ref) == (seat.component.cohort.seat_ref, kit.component.sku.stock_ref)
    assert order.state == Order.State.AWAITING
    assert order.email == "guest@demo.test"


@given(
    gross=st.integers(1, 10_000_000),
    weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any),
    currency=st.sampled_from(["CNY", "JPY", "ISK", "KWD"]),
    rate=st.sampled_from([0, 500, 900, 1900]),
    inclusive=st.booleans(),
)
def test_shares_sum_exactly_and_each_can_be_paid_back_alone(
    gross: int, weights: list[int], currency: str, rate: int, inclusive: bool
) -> None:
    amount = gross * step(currency)
    net, tax = net_and_tax(amount, rate, inclusive=inclusive, currency=currency)
    assert (net + tax if inclusive else net) == amount
    shares = line_shares(net, tax, weights, currency)
    assert sum(share.tax for share in shares) == tax
    assert sum(share.net for share in shares) == net
    assert all(share.net >= 0 and share.tax >= 0 for share in shares)
    assert all((share.net + share.tax) % step(currency) == 0 for share in shares)


@pytest.mark.parametrize(
    ("currency", "amount", "parts"),
    [
        ("TWD", 268000, [209800, 58200]),
        ("TWD", 268050, [209844, 58206]),
        ("HUF", 268000, [209800, 58200]),
        ("ISK", 268000, [209800, 58200]),
        ("CNY", 268000, [209805, 58195]),
        ("JPY", 2680, [2098, 582]),
    ],
)
def test_where_no_cent_is_in_use_the_parts_of_a_whole_sum_are_whole(currency: str, amount: int, parts: list[int]) -> None:
    assert [share.net for share in line_shares(amount, 0, [46900, 13009], currency)] == parts


@pytest.mark.parametrize(("currency", "off"), [("TWD", 26800), ("CNY", 26850)])
def test_a_discount_in_percent_has_no_cents_where_none_are_in_use(currency: str, off: int) -> None:
    assert sum(spread(1000, 0, [100000, 168500], currency)) == off


@pytest.mark.django_db
def test_quantities_multiply_through() -> None:
    offer = make_offer(sku=make_sku())
    change_contents(offer=offer, components=[Part(sku=make_sku(), quantity=2), Part(sku=make_sku(), quantity=1)])
    order = ordered(offer, quantity=3)
    assert list(OrderComponent.objects.filter(line__order=order).values_list("quantity", flat=True)) == [6, 3]
    assert order.total == 3 * 59900


@pytest.mark.django_db
def test_an_order_in_two_currencies_is_refused() -> None:
    with pytest.raises(ValueError):
        ordered(make_offer(), make_offer(currency="JPY", price=5000))
    with pytest.raises(ValueError):
        create_order(lines=[], email="a@demo.test", currency="CNY", checkout_key="k", hold_until=now(), **NOTHING)


def test_numbers_are_readable_and_do_not_repeat() -> None:
    numbers = {new_number() for _number in range(2000)}
    assert len(numbers) == 2000
    assert all(len(number) == 15 and not set("01OILU") & set(number[3:]) for number in numbers)
