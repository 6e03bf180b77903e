"""/admin/shop/invoices/export/: what an e-invoice provider in Taiwan is told, and in which words."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shop.catalogue.flows import set_tax_rate
from shop.checkout.flows import kit_only
from shop.invoices.models import Paper
from shop.invoices.taiwan import period, reports_between, reports_of
from shop.orders.einvoice import EInvoice
from tests.factories import make_offer, make_sku
from tests.invoices.conftest import papers
from tests.invoices.test_issue_papers import HOME, refund
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
PATH = "/admin/shop/invoices/export/"
YEAR = {"first": "2026-01-01", "last": "2027-12-31"}


@pytest.fixture
def kit(teacher: Any) -> Any:
    return make_offer(
        title="Kit", sku=make_sku(seller=teacher, code="UKE", on_hand=9, currency="TWD"), price=120000, currency="TWD"
    )


def rows(browser: Any, **days: str) -> list[dict[str, str]]:
    body = browser.get(PATH, {**YEAR, **days, "format": "csv"}).content.decode()
    assert body[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(body[1:])))


def test_a_row_a_paper_and_a_row_a_line_with_all_that_the_buyer_asked_for(
    till: Till, kit: Any, owner: Any, client_of: Any
) -> None:
    set_tax_rate(country="TW", name="營業稅", rate=500, actor=owner)
    asked = EInvoice("company", "22099131", "木琴書院")
    order = till.bought(kit, delivery=HOME, shipping=6000, einvoice=asked)
    paper, line, delivery = rows(client_of(owner))
    assert (paper["row"], paper["action"], paper["number"], paper["about"]) == ("paper", "issue", *[papers()[0][1]] * 2)
    assert (paper["order"], paper["currency"], paper["tax_rate"]) == (order.number, "TWD", "5%")
    assert (paper["buyer_name"], paper["buyer_tax_number"]) == ("木琴書院", "22099131")
    assert (paper["carrier_type"], paper["carrier"], paper["donation_code"]) == ("", "", "")
    assert (paper["net"], paper["tax"], paper["total"]) == ("1200.00", "60.00", "1260.00")
    assert (line["row"], line["line"], line["title"], line["quantity"]) == ("line", "1", "Kit", "1")
    assert (line["net"], line["tax"], line["total"]) == ("1142.86", "57.14", "1200.00")
    assert (delivery["title"], delivery["net"], delivery["tax"], delivery["total"]) == ("運費", "57.14", "2.86", "60.00")


@pytest.mark.parametrize(
    ("kind", "value", "columns"),
    [
        ("mobile", "/ABC+123", ("3J0002", "/ABC+123", "")),
        ("citizen", "AB12345678901234", ("CQ0001", "AB12345678901234", "")),
        ("donation", "919", ("", "", "919")),
    ],
)
def test_carrier_and_donation_stand_in_columns_of_their_own(
    till: Till, kit: Any, owner: Any, client_of: Any, kind: str, value: str, columns: tuple[str, str, str]
) -> None:
    till.bought(kit, einvoice=EInvoice(kind, value))
    row = rows(client_of(owner))[0]
    assert (row["carrier_type"], row["carrier"], row["donation_code"]) == columns
    assert row["buyer_tax_number"] == ""


def test_the_same_as_json(till: Till, kit: Any, owner: Any, client_of: Any) -> None:
    till.bought(kit)
    response = client_of(owner).get(PATH, {**YEAR, "format": "json"})
    (document,) = json.loads(response.content)
    assert (document["total"], document["lines"][0]["total"]) == ("1200.00", "1200.00")
    assert "attachment" in response["Content-Disposition"]


def test_no_cell_runs_in_a_spreadsheet(till: Till, owner: Any, client_of: Any) -> None:
    bad = make_offer(title="=HYPERLINK(1)", sku=make_sku(currency="TWD"), price=100, currency="TWD")
    till.bought(bad, name="@SUM(A1)", einvoice=EInvoice("company", "22099131", "+1"))
    for row in rows(client_of(owner)):
        assert all(cell[:1] not in {"=", "+", "-", "@"} for cell in row.values()), row


def test_a_part_given_back_is_an_allowance_with_a_number_of_its_own(
    till: Till, bundle: Any, owner: Any, client_of: Any, student: Any
) -> None:
    order = till.bought(bundle, user=student, delivery=HOME)
    refund(till, order, kit_only(order))
    refund(till, order)
    found = [row for row in rows(client_of(owner)) if row["row"] == "paper"]
    assert [(row["action"], row["number"][:3], row["about"][:3], row["total"]) for row in found] == [
        ("issue", "INV", "INV", "599.00"),
        ("allowance", "CRN", "INV", "130.00"),
        ("allowance", "CRN", "INV", "469.00"),
    ]


def test_all_of_it_within_the_two_months_voids_the_invoice_and_later_is_an_allowance(
    till: Till, kit: Any, owner: Any, client_of: Any, clock: Any
) -> None:
    clock.set(datetime(2027, 1, 2, 3, tzinfo=UTC))
    first, second = till.bought(kit), till.bought(kit)
    clock.set(datetime(2027, 2, 28, 15, 59, tzinfo=UTC))  # still February in Taipei
    refund(till, first)
    clock.set(datetime(2027, 2, 28, 16, 1, tzinfo=UTC))  # March
    refund(till, second)
    found = [row for row in rows(client_of(owner)) if row["row"] == "paper"]
    assert [row["action"] for row in found] == ["issue", "issue", "void", "allowance"]
    assert [row["about"] for row in found][2:] == [row["number"] for row in found][:2]


def test_money_that_came_back_undoes_a_void_by_a_new_invoice_and_an_allowance_by_its_end(
    till: Till, bundle: Any, student: Any
) -> None:
    for components, actions in ((None, ["issue", "void", "issue"]), ("kit", ["issue", "allowance", "allowance_void"])):
        order = till.bought(bundle, user=None)
        till.stand_in.next_refund("pending")
        made = refund(till, order, kit_only(order) if components else "everything")
        made.refresh_from_db()
        till.stand_in.finish_refund(made.provider_id, "failed")
        till.deliver()
        till.deliver()
        found = reports_of(list(Paper.objects.filter(order=order).order_by("pk")))
        assert [report.action for report in found] == actions
        number = order.papers.get(kind="credit" if components else "reversal").number
        assert found[-1].about == number
        refund(till, order)
        again = reports_of(list(Paper.objects.filter(order=order).order_by("pk")))[-1]
        assert (again.action, again.about[:3]) == ("void", "INV" if components else "REV")


def test_other_days_and_other_countries_stay_out(till: Till, kit: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    till.bought(kit)
    till.bought(bundle)  # in yuan, to nobody in Taiwan
    browser = client_of(owner)
    assert {row["currency"] for row in rows(browser)} == {"TWD"}
    assert rows(browser, first="2020-01-01", last="2020-12-31") == []
    assert browser.get(PATH, {**YEAR, "last": "2020-01-01", "format": "csv"})["Location"] == "/admin/shop/invoices/"


def test_the_page_offers_the_period_that_runs(owner: Any, client_of: Any, clock: Any) -> None:
    clock.set(datetime(2027, 4, 10, 3, tzinfo=UTC))
    owner.language = "zh-hant"
    owner.save()
    page = client_of(owner).get("/admin/shop/invoices/").content.decode()
    assert 'value="2027-03-01"' in page
    assert 'value="2027-04-10"' in page


def test_january_and_february_are_one_period() -> None:
    assert period(date(2027, 1, 1)) == period(date(2027, 2, 28)) == (2027, 0)
    assert period(date(2027, 3, 1)) == (2027, 1)
    assert period(date(2026, 12, 31)) == (2026, 5)


def test_the_export_costs_the_same_queries_for_many_papers(
    till: Till, kit: Any, owner: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    for _n in range(3):
        till.bought(kit)
    with django_assert_num_queries(2):
        assert len(reports_between(date(2026, 1, 1), date(2027, 12, 31))) == 3
