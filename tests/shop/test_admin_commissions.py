"""/admin/shop/commissions/: every line, and the reviewer's decision on held credits (I14)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.models import AuditEntry
from shop.checkout.flows import refund_order
from shop.referrals.models import Attribution, Commission

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/commissions/"


@pytest.fixture
def held(till: Any, bundle: Any, visitor_of_referrer: Any, referrer: Any) -> Attribution:
    """The referrer bought by the own link, as a guest with the own address."""
    order = till.bought(bundle, visitor=visitor_of_referrer, email=referrer.email)
    return Attribution.objects.get(order=order, state="held_self")


def test_lines_are_filtered_by_state(till: Any, bundle: Any, visitor_of_referrer: Any, owner: Any, client_of: Any) -> None:
    order, browser = till.bought(bundle, visitor=visitor_of_referrer), client_of(owner)
    assert order.number in browser.get(f"{LIST}?state=pending").content.decode()
    assert order.number not in browser.get(f"{LIST}?state=paid").content.decode()
    assert "¥140.70" in browser.get(f"{LIST}?q={order.number}").content.decode()


def test_what_was_taken_back_says_whether_it_was_all_or_a_part(
    till: Any, bundle: Any, visitor_of_referrer: Any, owner: Any, client_of: Any
) -> None:
    order, browser = till.bought(bundle, visitor=visitor_of_referrer), client_of(owner)
    seat = order.lines.get().components.get(kind="seat")
    refund_order(order=order, components={seat: (100, 0)}, actor=owner, reason="half of a lesson fell out")
    till.deliver()
    assert "part of this money back" in browser.get(f"/en{LIST}").content.decode()
    refund_order(order=order, actor=owner, reason="all of it")
    till.deliver()
    assert "part of this money back" not in browser.get(f"/en{LIST}").content.decode()
    assert "nothing is earned on it" in browser.get(f"/en{LIST}").content.decode()


@pytest.mark.parametrize(("action", "state", "sum_of_lines"), [("accept", "credited", 14720), ("reject", "rejected", 0)])
def test_a_held_credit_is_decided_with_a_reason(
    action: str, state: str, sum_of_lines: int, held: Attribution, owner: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    page = browser.get(f"/en{LIST}").content.decode()
    assert f"{LIST}{held.pk}/decide/" in page
    assert "Placed with the referrer" in page
    assert "your own order" not in page
    browser.post(f"{LIST}{held.pk}/decide/", {"action": action, "reason": ""})
    held.refresh_from_db()
    assert held.state == "held_self"
    browser.post(f"{LIST}{held.pk}/decide/", {"action": action, "reason": "I asked them"})
    held.refresh_from_db()
    assert held.state == state
    assert sum(Commission.objects.values_list("amount", flat=True)) == sum_of_lines
    assert not Commission.objects.filter(state="available").exists()
    line = AuditEntry.objects.get(action="attribution.decided")
    assert (line.actor_id, line.reason) == (owner.pk, "I asked them")


def test_a_decision_is_final(held: Attribution, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    for action in ("reject", "accept"):
        browser.post(f"{LIST}{held.pk}/decide/", {"action": action, "reason": "x"})
    held.refresh_from_db()
    assert held.state == "rejected"


def test_the_list_asks_the_same_for_ten_lines_and_for_a_thousand(
    till: Any, bundle: Any, visitor_of_referrer: Any, owner: Any, client_of: Any
) -> None:
    till.bought(bundle, visitor=visitor_of_referrer)
    line, browser, counts = Commission.objects.first(), client_of(owner), []
    assert line is not None
    fields = {field.attname: getattr(line, field.attname) for field in Commission._meta.fields if not field.primary_key}
    for wanted in (10, 1000):
        have = Commission.objects.count()
        Commission.objects.bulk_create(Commission(**{**fields, "source": f"copy:{n}"}) for n in range(have, wanted))
        browser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
