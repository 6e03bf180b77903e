"""What the shop holds of somebody who leaves: the books stay, the person goes."""

from typing import Any

import pytest

from accounts.flows import erase_account
from accounts.models import User
from kit.persons import CannotErase, everything_of
from shop.fulfilment.models import Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.models import Order
from shop.payouts.flows import change_split
from shop.payouts.models import Earning
from shop.referrals.flows import create_link
from shop.referrals.models import Link
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOME = DeliveryData("home", "An", "0912345678", "TW", region="台北市", city="大安區", street="和平東路一段1號", postal_code="106")


def test_an_export_holds_orders_with_lines_and_nobody_elses(till: Till, bundle: Any, student: Any, visitor: Any) -> None:
    order = till.bought(bundle, user=student)
    data = everything_of(student)["shop"]
    assert [row["number"] for row in data["orders"]] == [order.number]
    assert data["lines"][0]["title"] == bundle.title
    assert not any(everything_of(visitor)["shop"].values())


def test_nobody_leaves_while_a_parcel_is_under_way(till: Till, bundle: Any, student: Any) -> None:
    till.bought(bundle, user=student)
    with pytest.raises(CannotErase):
        erase_account(user=student)
    student.refresh_from_db()
    assert student.is_active


def test_once_it_arrived_name_and_address_go_and_the_amounts_stay(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student, delivery=HOME)
    create_link(owner=student, target="/courses/")
    Shipment.objects.update(state=Shipment.State.DELIVERED)
    erase_account(user=student)
    kept = Order.objects.get(pk=order.pk)
    assert (kept.name, kept.total, kept.state) == ("", order.total, "paid")
    assert student.email not in kept.email
    assert (kept.delivery.name, kept.delivery.street, kept.delivery.phone) == ("", "", "")
    assert kept.delivery.country == "TW"
    assert Link.objects.get(owner=student.pk).killed_at is not None


def test_who_has_unpaid_shares_cannot_leave_and_may_read_them(till: Till, bundle: Any, teacher2: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher2.pk: 10_000}, actor=owner)
    till.bought(bundle)
    shares = everything_of(teacher2)["shop"]["shares"]
    assert [row["amount"] for row in shares] == list(Earning.objects.order_by("pk").values_list("amount", flat=True))
    teacher2.groups.clear()
    User.objects.filter(pk=teacher2.pk).update(is_staff=False)
    with pytest.raises(CannotErase, match="earned money"):
        erase_account(user=User.objects.get(pk=teacher2.pk))
