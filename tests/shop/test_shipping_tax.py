"""Delivery bears the order's tax: posted, given back and lowered to the last unit."""

from typing import Any

import pytest

from shop.catalogue.flows import set_tax_rate
from shop.catalogue.shipping import Fee
from shop.checkout.flows import kit_only, preview_refund, refund_order
from shop.ledger.reads import balance
from shop.orders.flows import lower_order
from shop.payments.models import Refund
from tests.shop.test_taxes import to
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def rates(db: None) -> None:
    set_tax_rate(country="DE", rate=1900, name="VAT", actor=None)


def test_the_tax_in_it_is_not_revenue_and_all_of_it_comes_back(till: Till, bundle: Any) -> None:
    order = till.bought(bundle, delivery=to("DE"), shipping=1500)
    assert (order.shipping, order.shipping_tax, order.total) == (1500, 239, 61400)
    assert balance("revenue:shipping", "CNY") == -(1500 - 239)
    assert balance("tax_payable", "CNY") == -order.tax == -(9564 + 239)
    assert preview_refund(order=order).tax == order.tax
    refund_order(order=order, components=kit_only(order), actor=None, reason="")
    till.deliver()
    assert balance("revenue:shipping", "CNY") == -(1500 - 239)
    refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert Refund.objects.latest("pk").shipping_tax == 239
    assert balance("revenue:shipping", "CNY") == balance("tax_payable", "CNY") == 0


def test_tax_on_top_of_it_is_paid_and_given_back(till: Till, bundle: Any) -> None:
    order = till.bought(bundle, delivery=to("DE"), shipping=Fee(1500, tax_inclusive=False))
    assert (order.shipping_tax, order.tax_on_top, order.total) == (285, 285, 59900 + 1785)
    assert balance("revenue:shipping", "CNY") == -1500
    refund = refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert (refund.amount, refund.shipping_amount, refund.shipping_tax) == (61685, 1785, 285)
    assert balance("tax_payable", "CNY") == 0


def test_a_dispute_takes_it_with_its_tax(till: Till, bundle: Any) -> None:
    order = till.bought(bundle, delivery=to("DE"), shipping=1500)
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    till.stand_in.close_dispute(dispute["id"], won=False)
    till.deliver()
    assert balance("revenue:shipping", "CNY") == balance("tax_payable", "CNY") == 0


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_lowered_order_keeps_the_proportion(till: Till, bundle: Any, inclusive: bool) -> None:
    order = till.place(bundle, delivery=to("DE"), shipping=Fee(1500, tax_inclusive=inclusive))
    gross = order.shipping_gross
    lower_order(order=order, total=order.total - 500)
    order.refresh_from_db()
    assert order.shipping_gross == gross - 500
    assert 0 < order.shipping_tax < order.shipping_gross
    till.check_books()
