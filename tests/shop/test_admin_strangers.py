"""Nobody but the owner enters the pages of money in the back office."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = [
    "/admin/shop/orders/",
    "/admin/shop/orders/{number}/",
    "/admin/shop/orders/{number}/refund/?what=all",
    "/admin/shop/commissions/",
    "/admin/shop/ledger/",
    "/admin/shop/troubles/",
    "/admin/shop/payouts/",
    "/admin/shop/payouts/1/",
    "/admin/shop/payouts/payouts.csv",
]
ACTIONS = [
    (
        "/admin/shop/orders/{number}/refund/",
        {"what": "all", "amount": 59900, "key": "0" * 32, "reason": "mine"},
    ),
    ("/admin/shop/orders/{number}/accept/", {"reason": "mine"}),
    ("/admin/shop/commissions/1/decide/", {"action": "accept", "reason": "mine"}),
    ("/admin/shop/payouts/prepare/", {}),
    ("/admin/shop/payouts/1/settle/", {"action": "paid"}),
]


@pytest.mark.parametrize("who", ["teacher", "packer", "student", "moderator"])
def test_others_see_no_money_and_move_none(
    who: str, request: pytest.FixtureRequest, till: Any, bundle: Any, client_of: Any
) -> None:
    order = till.bought(bundle)
    browser, visitor = client_of(request.getfixturevalue(who)), Client()
    for address in PAGES:
        response = browser.get(address.format(number=order.number))
        assert response.status_code == 302, address
        assert response["Location"].startswith(("/admin/", "/accounts/login/"))
        assert visitor.get(address.format(number=order.number))["Location"].startswith("/accounts/login/")
    for address, data in ACTIONS:
        assert browser.post(address.format(number=order.number), data).status_code == 302
    assert not order.payments.get().refunds.exists()


def test_the_menu_of_a_teacher_leads_to_no_orders(teacher: Any, client_of: Any) -> None:
    page = client_of(teacher).get("/admin/").content.decode()
    assert "/admin/shop/" not in page


def test_an_owner_finds_every_door(owner: Any, client_of: Any) -> None:
    page = client_of(owner).get("/admin/").content.decode()
    for door in ("orders", "parcels", "returns", "stock", "commissions", "payouts", "ledger"):
        assert f"/admin/shop/{door}/" in page
