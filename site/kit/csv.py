"""Tables as CSV, row by row, for spreadsheets: exact, in any script, and running nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kit.text import csv_cell

BYTE_ORDER_MARK = "\ufeff"


class _Echo:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines with CRLF, after a byte-order mark without which Excel reads Chinese wrongly; no cell is a formula."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow([csv_cell("" if cell is None else cell) for cell in row])
