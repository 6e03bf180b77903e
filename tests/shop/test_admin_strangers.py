"""Nobody but the owner enters the pages of money in the back office."""

from typing import Any

import pytest
from django.test import Client

from shop.catalogue.models import Coupon, ShippingArea, ShippingRate, ShippingZone, TaxRate
from shop.invoices.models import Seller
from shop.payments.models import BankAccount

pytestmark = pytest.mark.django_db
PAGES = [
    "/admin/shop/orders/",
    "/admin/shop/orders/{number}/",
    "/admin/shop/orders/{number}/refund/?what=all",
    "/admin/shop/commissions/",
    "/admin/shop/ledger/",
    "/admin/shop/taxes/",
    "/admin/shop/policies/",
    "/admin/shop/policies/{offer}/",
    "/admin/shop/prices/",
    "/admin/shop/numbers/",
    "/admin/shop/numbers/orders.csv",
    "/admin/shop/numbers/ledger.csv",
    "/admin/shop/zones/",
    "/admin/shop/zones/new/",
    "/admin/shop/zones/{zone}/",
    "/admin/shop/bank/",
    "/admin/shop/codes/",
    "/admin/shop/codes/ABC.pdf",
    "/admin/shop/troubles/",
    "/admin/shop/invoices/",
    "/admin/shop/invoices/seller/",
    "/admin/shop/invoices/export/?first=2026-01-01&last=2026-12-31&format=csv",
    "/admin/shop/invoices/INV-2026-000001.pdf",
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
    ("/admin/shop/invoices/seller/", {"name": "mine"}),
    ("/admin/shop/payouts/prepare/", {}),
    ("/admin/shop/prices/", {"offer": "1", "currency": "CNY", "price": "1"}),
    ("/admin/shop/taxes/", {"country": "TW", "name": "VAT", "percent": "50"}),
    ("/admin/shop/taxes/1/drop/", {}),
    ("/admin/shop/policies/{offer}/", {"cooling_days": 0, "opened_days": 0, "return_days": 0, "kit_opened": 0, "kit_kept": 0}),
    ("/admin/shop/zones/new/", {"name": "mine", "countries": ["BR"], "parts": ""}),
    ("/admin/shop/zones/{zone}/", {"name": "mine", "countries": ["BR"], "parts": ""}),
    ("/admin/shop/zones/{zone}/CNY/", {"count": "1", "weight_0": "", "sum_0": "1", "free_from": "", "tax": "in"}),
    ("/admin/shop/zones/{zone}/drop/", {}),
    ("/admin/shop/zones/offers/{offer}/", {"instead": ""}),
    ("/admin/shop/codes/", {"offer": "1", "count": "5"}),
    ("/admin/shop/bank/confirm/", {"reference": "{number}", "amount": "599", "statement": "mine"}),
    ("/admin/shop/bank/receipts/1/take-back/", {}),
    ("/admin/shop/bank/refunds/1/", {"statement": "mine"}),
    ("/admin/shop/bank/accounts/CNY/", {"details": "mine", "days": "5", "is_on": "on"}),
    ("/admin/shop/taxes/prices/1/", {"tax": "on_top"}),
    ("/admin/shop/payouts/1/settle/", {"action": "paid"}),
]


@pytest.mark.parametrize("who", ["teacher", "packer", "student", "moderator"])
def test_others_see_no_money_and_move_none(
    who: str, request: pytest.FixtureRequest, till: Any, bundle: Any, client_of: Any
) -> None:
    order = till.bought(bundle)
    browser, visitor = client_of(request.getfixturevalue(who)), Client()
    ids = {"number": order.number, "offer": bundle.pk, "zone": ShippingZone.objects.earliest("pk").pk}
    zones = list(ShippingRate.objects.order_by("pk").values())
    for address in PAGES:
        response = browser.get(address.format(**ids))
        assert response.status_code == 302, address
        assert response["Location"].startswith(("/admin/", "/accounts/login/"))
        assert visitor.get(address.format(**ids))["Location"].startswith("/accounts/login/")
    for address, data in ACTIONS:
        assert browser.post(address.format(**ids), data).status_code == 302
    assert not order.payments.get().refunds.exists()
    assert not Seller.objects.exists()
    assert not TaxRate.objects.exists()
    assert list(ShippingRate.objects.order_by("pk").values()) == zones
    bundle.refresh_from_db()
    assert (bundle.refund_days, bundle.policy) == (7, {})
    assert not ShippingArea.objects.filter(country="BR").exists()
    assert not BankAccount.objects.exists()
    assert not Coupon.objects.exists()


def test_the_menu_of_a_teacher_leads_to_own_coupons_and_holiday_and_no_orders(teacher: Any, client_of: Any) -> None:
    page = client_of(teacher).get("/admin/").content.decode()
    assert page.count("/admin/shop/") == page.count("/admin/shop/coupons/") + page.count("/admin/shop/holiday/") > 1


def test_an_owner_finds_every_door(owner: Any, client_of: Any) -> None:
    page = client_of(owner).get("/admin/").content.decode()
    for door in ("orders", "parcels", "returns", "stock", "commissions", "payouts", "ledger"):
        assert f"/admin/shop/{door}/" in page
