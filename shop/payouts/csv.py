"""The bank file: one line a payout, as a spreadsheet that runs nothing."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from kit.money import decimals
from kit.text import csv_cell
from shop.payouts.models import Payout
from shop.payouts.reads import Payable

HEAD = ("reference", "name", "email", "currency", "amount", "holder", "bank", "account")


def bank_file(payouts: Iterable[Payout]) -> str:
    """CSV with CRLF and a byte-order mark, without which Excel reads Chinese names wrongly. Amounts in whole units, exact."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for payout in payouts:
        writer.writerow(bank_row(f"CY-P-{payout.pk}", payout))
    return out.getvalue()


def bank_row(reference: str, due: Payout | Payable) -> list[str]:
    """A line of the bank file: what is paid, or would be."""
    amount = Decimal(due.amount).scaleb(-decimals(due.currency))
    bank = getattr(due, "bank", None)  # a balance in the preview has none yet
    where = (bank.holder, bank.bank, bank.account) if bank else ("", "", "")
    cells = (reference, due.payee.name, due.payee.email, due.currency, f"{amount:f}", *where)
    return [csv_cell(cell) for cell in cells]
