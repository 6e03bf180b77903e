"""The e-invoice export as files: CSV with one row a paper and one a line, or the same as JSON. Amounts exact, in whole units."""

import csv
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kit.money import decimals, percent_text
from kit.text import csv_cell

PAPER = ("action", "number", "about", "day", "order", "currency", "buyer_name", "buyer_email", "buyer_tax_number")
ASKED = ("carrier_type", "carrier", "donation_code", "tax_rate")
SUMS = ("net", "tax", "total")
HEAD = ("row", *PAPER, *ASKED, "line", "title", "quantity", *SUMS)


def as_csv(documents: Iterable[dict[str, Any]]) -> str:
    """CRLF and a byte-order mark, without which Excel reads Chinese wrongly; no cell runs in a spreadsheet."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for document in map(_readable, documents):
        paper = [document[name] for name in PAPER + ASKED]
        writer.writerow([csv_cell(cell) for cell in ("paper", *paper, "", "", "", *(document[name] for name in SUMS))])
        for number, line in enumerate(document["lines"], 1):
            cells = ("line", *paper, number, line["title"], line["quantity"], *(line[name] for name in SUMS))
            writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()


def as_json(documents: Iterable[dict[str, Any]]) -> str:
    """A list of papers, each with its lines; amounts are texts, so that no reader rounds them."""
    return json.dumps([_readable(document) for document in documents], ensure_ascii=False, indent=1)


def _readable(document: dict[str, Any]) -> dict[str, Any]:
    places = decimals(document["currency"])
    sums = {name: _amount(document[name], places) for name in SUMS}
    lines = [{**line, **{name: _amount(line[name], places) for name in SUMS}} for line in document["lines"]]
    return {**document, **sums, "tax_rate": percent_text(document["tax_rate"]).replace(" ", ""), "lines": lines}


def _amount(amount: int, places: int) -> str:
    return f"{Decimal(amount).scaleb(-places):f}"
