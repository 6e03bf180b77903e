"""/admin/shop/numbers/: sums and charts that agree with the books, and every table as a file."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.models import AuditEntry
from shop.checkout.admin.exports import EXPORTS
from shop.checkout.admin.figures import Span, figures, total_of
from shop.checkout.flows import kit_only, refund_order
from shop.ledger.reads import trial_balance
from tests.factories import make_offer, make_sku, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBERS = "/en/admin/shop/numbers/"


def _booked(*accounts: str) -> int:
    return sum(row.natural for row in trial_balance() if row.account.startswith(accounts) and row.currency == "CNY")


def _table(browser: Any, name: str) -> list[dict[str, str]]:
    answer = browser.get(f"{NUMBERS}{name}.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_sums_are_those_of_the_books(till: Till, bundle: Any, visitor_of_referrer: Any, owner: Any, client_of: Any) -> None:
    order = till.bought(bundle, visitor=visitor_of_referrer)
    till.bought(bundle, user=make_user())
    refund_order(order=order, components=kit_only(order), actor=owner, reason="came back")
    till.deliver()
    sums = total_of(figures(Span(30), "CNY"))
    given_back = sum(part.refunded_net for part in order.lines.get().components.all())
    assert (sums.given_back, given_back > 0) == (given_back, True)
    assert sums.sold - sums.given_back == _booked("revenue:")
    assert sums.fees == _booked("stripe_fees")
    assert (sums.commission, sums.commission > 0) == (_booked("commission_expense"), True)
    page = client_of(owner).get(NUMBERS).content.decode()
    assert page.count("<figure") == 4


def test_a_refund_that_failed_counts_as_never_given_back(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    refund = refund_order(order=order, actor=owner, reason="x")
    till.deliver()
    assert total_of(figures(Span(30), "CNY")).given_back > 0
    till.stand_in.finish_refund(refund.provider_id, "failed")
    till.deliver()
    assert total_of(figures(Span(30), "CNY")).given_back == 0


@pytest.mark.parametrize(("days", "periods"), [(30, 30), (90, 13), (365, 12)])
def test_a_longer_span_is_counted_by_larger_periods_and_knows_older_days(
    days: int, periods: int, till: Till, bundle: Any, clock: Any
) -> None:
    till.bought(bundle, user=make_user())
    clock.advance(days=29)
    rows = figures(Span(days), "CNY")
    assert periods <= len(rows) <= periods + 2
    assert total_of(rows).sold > 0
    clock.advance(days=30)
    assert (total_of(figures(Span(days), "CNY")).sold > 0) == (days > 30)


def test_every_table_comes_as_a_file_with_exact_amounts(
    till: Till, bundle: Any, visitor_of_referrer: Any, owner: Any, client_of: Any
) -> None:
    order, browser = till.bought(bundle, visitor=visitor_of_referrer, name="=HYPERLINK(1)"), client_of(owner)
    refund_order(order=order, components=kit_only(order), actor=owner, reason="came back")
    till.deliver()
    tables = {name: _table(browser, name) for name in EXPORTS}
    (row,) = tables["orders"]
    assert (row["number"], row["total"], row["currency"]) == (order.number, "599.00", "CNY")
    assert row["name"] == "'=HYPERLINK(1)"
    kept = {part["kind"]: (part["net"], part["refunded_net"]) for part in tables["order-parts"]}
    assert {kind: back != "0.00" for kind, (_net, back) in kept.items()} == {"seat": False, "stock": True}
    debit, credit = (sum(float(line[side]) for line in tables["ledger"]) for side in ("debit", "credit"))
    assert round(debit - credit, 2) == 0
    assert tables["refunds"][0]["order"] == tables["payments"][0]["order"] == order.number
    assert tables["commissions"]
    assert tables["stock"]
    assert set(AuditEntry.objects.filter(action="data.exported", actor_id=owner.pk).values_list("target", flat=True)) == {
        f"export:{name}" for name in EXPORTS
    }
    assert browser.get(f"{NUMBERS}users.csv").status_code == 404


def test_numbers_ask_the_same_however_much_was_sold(till: Till, bundle: Any, owner: Any, client_of: Any) -> None:
    browser, counts = client_of(owner), []
    for wanted in (1, 8):
        for _n in range(wanted):
            till.bought(bundle, user=make_user())
            make_offer(sku=make_sku())
        browser.get(NUMBERS)
        with CaptureQueriesContext(connection) as queries:
            browser.get(NUMBERS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
