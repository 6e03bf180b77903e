"""What an order's papers mean to an e-invoice provider in Taiwan, and their export.

The provider gives the official number; ours is its reference. A refund of everything within the two-month period of its
invoice voids it (作廢): as long as its sale is not reported, an invoice itself is marked void (統一發票使用辦法 §20, as
quoted by the National Taxation Bureau of Taipei, https://www.ntbt.gov.tw/, 2024-07-16), and a period of two months is
reported after its end (加值型及非加值型營業稅法 §35). Every other refund, and any in a later period, is an allowance
(折讓) with its own number. Money that came back to us undoes either: the allowance is voided, the voided invoice issued
anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.clock import local_date
from shop.invoices.models import Paper
from shop.invoices.reads import papers_between, papers_of
from shop.orders.einvoice import CITIZEN, COUNTRY, CURRENCY, DONATION, MOBILE

ZONE = "Asia/Taipei"
ISSUE, VOID, ALLOWANCE, ALLOWANCE_VOID = "issue", "void", "allowance", "allowance_void"
CARRIERS = {MOBILE: "3J0002", CITIZEN: "CQ0001"}


@dataclass(frozen=True)
class Report:
    """A paper, what the provider is to do, and the paper of ours that this is about (its own number for an issue)."""

    paper: Paper
    action: str
    about: str


def period(day: date) -> tuple[int, int]:
    """(year, 0 to 5): January and February are one period, and so on."""
    return day.year, (day.month - 1) // 2


def reports_of(papers: Sequence[Paper]) -> list[Report]:
    """One for each of an order's papers, oldest first."""
    found: dict[int, Report] = {}
    standing: Paper | None = None
    for paper in papers:
        if paper.kind == Paper.Kind.INVOICE:
            found[paper.pk], standing = Report(paper, ISSUE, paper.number), paper
        elif paper.kind == Paper.Kind.CREDIT and standing is not None:
            whole = paper.total == standing.total and _period_of(paper) == _period_of(standing)
            found[paper.pk] = Report(paper, VOID if whole else ALLOWANCE, standing.number)
        elif paper.corrects_id in found:
            undone = found[paper.corrects_id]
            if undone.action == VOID:
                found[paper.pk], standing = Report(paper, ISSUE, paper.number), paper
            else:
                found[paper.pk] = Report(paper, ALLOWANCE_VOID, undone.paper.number)
    return list(found.values())


def _period_of(paper: Paper) -> tuple[int, int]:
    return period(local_date(paper.issued_at, ZONE))


def reports_between(first: date, last: date) -> list[Report]:
    """Those of Taiwan's sales, by the papers' days in Taiwan, both included, oldest first. Three queries."""
    wanted = [paper for paper in papers_between(first, last, ZONE) if is_taiwanese(paper)]
    orders = {paper.order_id: paper.order for paper in wanted}
    numbers = {paper.pk for paper in wanted}
    found = [report for order in orders.values() for report in reports_of(papers_of(order)) if report.paper.pk in numbers]
    return sorted(found, key=lambda report: (report.paper.issued_at, report.paper.pk))


def is_taiwanese(paper: Paper) -> bool:
    """Sold in Taiwan's currency, or to somebody there."""
    return paper.currency == CURRENCY or paper.content["buyer"].get("country") == COUNTRY


def documents(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """The export as plain data: one entry a paper with its lines; amounts in minor units, tax included unless `net`."""
    return [_document(report) for report in reports]


def _document(report: Report) -> dict[str, Any]:
    paper, content = report.paper, report.paper.content
    asked, buyer = content["einvoice"], content["buyer"]
    kind, value = asked.get("kind", ""), asked.get("value", "")
    tax = sum(row["tax"] for row in content["taxes"])
    return {
        "action": report.action,
        "number": paper.number,
        "about": report.about,
        "day": local_date(paper.issued_at, ZONE).isoformat(),
        "order": content["order"],
        "currency": paper.currency,
        "buyer_name": buyer["company"] or buyer["name"],
        "buyer_email": buyer["email"],
        "buyer_tax_number": buyer["tax_number"],
        "carrier_type": CARRIERS.get(kind, ""),
        "carrier": value if kind in CARRIERS else "",
        "donation_code": value if kind == DONATION else "",
        "tax_rate": content["taxes"][0]["rate"] if content["taxes"] else 0,
        "net": paper.total - tax,
        "tax": tax,
        "total": paper.total,
        "lines": _lines(content),
    }


def _lines(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What sums to the total; delivery is a line of its own."""
    rows = [
        {
            "title": line["title"],
            "quantity": line["quantity"],
            "net": line["net"],
            "tax": line["tax"],
            "total": line["net"] + line["tax"],
        }
        for line in content["lines"]
    ]
    if content["shipping"]:
        total, tax = content.get("shipping_gross", content["shipping"]), content.get("shipping_tax", 0)
        rows.append({"title": "運費", "quantity": 1, "net": total - tax, "tax": tax, "total": total})
    return rows
