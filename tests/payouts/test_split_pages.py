"""/admin/shop/shares/: the owner says how an offer is shared, and sees what that means."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.payouts.flows import change_split
from shop.payouts.models import Split
from tests.factories import make_offer

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/shares/"


def _fields(shares: dict[Any, str], action: str = "save") -> dict[str, str]:
    return {f"share_{getattr(who, 'pk', who)}": points for who, points in shares.items()} | {"action": action}


def test_the_owner_shares_an_offer_and_sees_every_version(bundle: Any, teacher: Any, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    assert "all for the yard" in browser.get(LIST).content.decode()
    page = browser.post(f"{LIST}{bundle.pk}/", _fields({teacher: "62.5", "yard": "37.5"}), follow=True).content.decode()
    assert {share.payee_id: share.basis_points for share in Split.objects.get().shares.all()} == {teacher.pk: 6250, None: 3750}
    assert "62.5 %" in page
    browser.post(f"{LIST}{bundle.pk}/", _fields({teacher: "100"}))
    assert [row.number for row in Split.objects.order_by("pk")] == [1, 2]
    page = browser.get(f"{LIST}{bundle.pk}/").content.decode()
    assert page.index("100 %") < page.index("62.5 %")
    assert "100 %" in browser.get(LIST).content.decode()


@pytest.mark.parametrize(("shares", "says"), [({"yard": "99"}, "come to 99 %"), ({"yard": "-1"}, "greater than"), ({}, "0 %")])
def test_shares_that_cannot_be_are_explained(bundle: Any, owner: Any, client_of: Any, shares: dict[str, str], says: str) -> None:
    page = client_of(owner).post(f"{LIST}{bundle.pk}/", _fields(shares)).content.decode()
    assert says in page
    assert not Split.objects.exists()


def test_the_example_is_what_a_sale_will_share(
    till: Any, bundle: Any, visitor_of_referrer: Any, teacher: Any, owner: Any, client_of: Any
) -> None:
    till.bought(bundle)
    browser = client_of(owner)
    page = browser.post(f"{LIST}{bundle.pk}/", _fields({teacher: "70", "yard": "30"}, "try")).content.decode()
    assert not Split.objects.exists(), "only looked at"
    assert "Of ¥599" in page
    assert "¥147.20" in page
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    till.bought(bundle, visitor=visitor_of_referrer)
    earned = sum(teacher.earnings.values_list("amount", flat=True))
    assert f"¥{earned / 100:.2f}" in page


def test_an_offer_without_a_price_has_no_example(owner: Any, client_of: Any) -> None:
    offer = make_offer()
    offer.prices.all().delete()
    assert client_of(owner).get(f"{LIST}{offer.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["", "{offer}/"])
def test_strangers_do_not_share(bundle: Any, teacher: Any, packer: Any, client_of: Any, client: Any, path: str) -> None:
    path = LIST + path.format(offer=bundle.pk)
    for browser in (client, client_of(teacher), client_of(packer)):
        assert browser.get(path).status_code == 302
        browser.post(path, _fields({teacher: "100"}))
    assert not Split.objects.exists()


def test_the_list_asks_the_same_for_one_offer_and_for_thirty(bundle: Any, teacher: Any, owner: Any, client_of: Any) -> None:
    browser, counts = client_of(owner), []
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    for more in (0, 29):
        for _one in range(more):
            change_split(offer=make_offer(seller=teacher), shares={teacher.pk: 10_000}, actor=owner)
        browser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
