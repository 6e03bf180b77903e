"""Batches of redeem codes: made and printed by the owner, each good for one seat, once."""

from typing import Any

import pytest

from shop.catalogue.flows import CannotMakeCoupon, create_redeem_codes
from shop.catalogue.models import Coupon
from shop.checkout.flows import CannotOrder, begin_payment
from shop.orders.models import Order
from tests.factories import make_offer, make_sku
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PATH = "/admin/shop/codes/"


def test_an_owner_makes_a_batch_and_prints_what_is_unused(owner: Any, bundle: Any, client_of: Any, till: Till) -> None:
    browser = client_of(owner)
    assert bundle.title in browser.get(PATH).content.decode()
    assert browser.post(PATH, {"offer": bundle.pk, "count": 9, "note": "Fair"}).status_code == 302
    coupons = list(Coupon.objects.all())
    assert len({coupon.code for coupon in coupons}) == 9
    assert {(row.percent, row.max_uses, row.everything, row.maker) for row in coupons} == {(10_000, 1, False, owner)}
    assert "0 / 9" in browser.get(PATH).content.decode()
    pdf = browser.get(f"{PATH}{coupons[0].batch}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert coupons[0].code not in browser.get("/admin/shop/coupons/").content.decode()
    assert browser.get(f"{PATH}NOSUCH.pdf").status_code == 404
    assert browser.post(PATH, {"offer": bundle.pk, "count": 999}).status_code == 200
    assert Coupon.objects.count() == 9


def test_a_code_gives_the_course_once_without_paying(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    _batch, (coupon,) = create_redeem_codes(offer=bundle, count=1, actor=owner)
    order = till.place(bundle, user=student, coupon=coupon.code.lower())
    begin_payment(order=order)
    order.refresh_from_db()
    assert (order.state, order.total) == (Order.State.PAID, 0)
    assert student.enrolments.get().source == order.holder
    with pytest.raises(CannotOrder, match="used up"):
        till.place(bundle, coupon=coupon.code)
    with pytest.raises(CannotOrder, match="not for what is in your basket"):
        till.place(make_offer(sku=make_sku()), coupon=create_redeem_codes(offer=bundle, count=1, actor=owner)[1][0].code)
    till.check_books()


def test_codes_are_for_courses_only(owner: Any) -> None:
    with pytest.raises(CannotMakeCoupon, match="for courses"):
        create_redeem_codes(offer=make_offer(sku=make_sku()), count=1, actor=owner)
