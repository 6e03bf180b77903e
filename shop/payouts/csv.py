"""The bank file: one line a payout, as a spreadsheet that runs nothing."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from kit.money import decimals
from kit.text import csv_cell
from shop.payouts.models import Payout

HEAD = ("reference", "name", "email", "currency", "amount")


def bank_file(payouts: Iterable[Payout]) -> str:
    """CSV with CRLF and a byte-order mark, without which Excel reads Chinese names wrongly. Amounts in whole units, exact."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for payout in payouts:
        amount = Decimal(payout.amount).scaleb(-decimals(payout.currency))
        cells = (f"CY-P-{payout.pk}", payout.payee.name, payout.payee.email, payout.currency, f"{amount:f}")
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()
