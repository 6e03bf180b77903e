"""Tracking numbers by the list: a carrier's file or typed lines, read and compared with the parcels that wait."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shop.fulfilment.carriers import is_tracking
from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Shipment
from shop.fulfilment.reads import with_contents

MOST_BYTES, MOST_ROWS = 1_000_000, 2_000
NUMBER = re.compile(r"CY-S-[0-9A-Z]{6}")
# Words by which carriers head the column of their own number, as part of the heading, lower case.
HEADS: tuple[str, ...] = (
    "tracking",
    "託運單",
    "托運單",
    "运单",
    "運單",
    "快递单号",
    "寄件編號",
    "寄貨編號",
    "物流編號",
    "配送編號",
)
HEADS += ("服務代碼", "郵件號碼", "包裹號碼", "查詢號碼")


class UnreadableList(Exception):
    """The file is no list of tracking numbers; the text is for the packer."""


@dataclass(frozen=True)
class Pair:
    """One row: its number in the file (from 1), the parcel's number and the carrier's, '' where it had none."""

    row: int
    number: str
    tracking: str


@dataclass(frozen=True)
class Verdict:
    """What would happen with a row. `fits`: it can be written; `done`: it is written already; else `trouble` says why not."""

    pair: Pair
    parcel: Shipment | None
    trouble: str = ""
    done: bool = False

    @property
    def fits(self) -> bool:
        return not self.trouble and not self.done


def read_file(data: bytes) -> list[Pair]:
    """The pairs of a carrier's file. Raises UnreadableList for what is too large, binary, or has no column of numbers."""
    if len(data) > MOST_BYTES:
        raise UnreadableList(_("The file is too large: one megabyte at most."))
    for text in _readings(data):
        rows = [row for row in _cells(text) if any(cell.strip() for cell in row)]
        if len(rows) > MOST_ROWS:
            raise UnreadableList(_("The file has too many rows: 2,000 at most."))
        for n, row in enumerate(rows[:10]):
            column = _column(row)
            if column is not None:
                return [_pair(m, cells, column) for m, cells in enumerate(rows[n + 1 :], n + 2)]
    raise UnreadableList(_("No column of this file is headed as a tracking number."))


def read_lines(text: str) -> list[Pair]:
    """Lines such as `CY-S-7K3F9Q 900123456789`: what a scanner types, or what the preview sends back."""
    lines = [line for line in text.upper().splitlines()[:MOST_ROWS] if line.strip()]
    found = []
    for n, line in enumerate(lines, 1):
        number = NUMBER.search(line)
        rest = NUMBER.sub(" ", line).strip(" \t,;")
        found.append(Pair(n, number[0] if number else line.strip()[:40], rest[:60] if number else ""))
    return found


def compare(pairs: Sequence[Pair], carrier: str) -> list[Verdict]:
    """Row by row, in order: five queries for any number."""
    numbers = [pair.number for pair in pairs]
    parcels = {row.number: row for row in with_contents(Shipment.objects.filter(number__in=numbers))}
    holds = hold_reasons(list(parcels.values()))
    taken = _taken([pair.tracking for pair in pairs], carrier)
    often, twice = Counter(numbers), Counter(pair.tracking for pair in pairs if pair.tracking)
    found = []
    for pair in pairs:
        parcel = parcels.get(pair.number)
        trouble, done = _trouble(pair, parcel, holds), False
        if parcel is not None and parcel.state != Shipment.State.TO_PACK and pair.tracking and parcel.tracking == pair.tracking:
            trouble, done = "", True
        elif not trouble and (often[pair.number] > 1 or twice[pair.tracking] > 1):
            trouble = _("It stands in the list more than once.")
        elif not trouble and taken.get(pair.tracking, pair.number) != pair.number:
            trouble = _("This tracking number belongs to %(number)s.") % {"number": taken[pair.tracking]}
        found.append(Verdict(pair, parcel, trouble, done))
    return found


def _taken(trackings: Iterable[str], carrier: str) -> dict[str, str]:
    rows = Shipment.objects.filter(tracking__in=[text for text in trackings if text], carrier=carrier)
    return dict(rows.values_list("tracking", "number"))


def _trouble(pair: Pair, parcel: Shipment | None, holds: dict[int, str]) -> str:
    if not NUMBER.fullmatch(pair.number):
        return _("There is no parcel number in this row.")
    if parcel is None:
        return _("There is no parcel with this number.")
    if not pair.tracking:
        return _("There is no tracking number in this row.")
    if not is_tracking(pair.tracking):
        return _("This is no tracking number.")
    if parcel.pk in holds:
        return holds[parcel.pk]
    if parcel.state != Shipment.State.TO_PACK:
        return _("It has left with another tracking number: %(tracking)s.") % {"tracking": parcel.tracking or "–"}
    return ""


def _readings(data: bytes) -> list[str]:
    """The text in each encoding that fits: Big5 and GB 18030 look alike, and only one gives words that carriers use."""
    found = []
    for encoding in ("utf-8-sig", "cp950", "gb18030"):
        try:
            found.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not found or b"\x00" in data:
        raise UnreadableList(_("This is no text file. Save it as CSV first."))
    return found


def _cells(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableList(_("This is no text file. Save it as CSV first.")) from error


def _column(row: Sequence[str]) -> int | None:
    """The column headed as the carrier's number, where this row is the heading."""
    if any(NUMBER.search(cell.upper()) for cell in row):
        return None
    return next((n for n, cell in enumerate(row) if any(word in cell.lower() for word in HEADS)), None)


def _pair(n: int, row: Sequence[str], column: int) -> Pair:
    """Our number is found wherever the carrier put it; apostrophes and `="…"` keep spreadsheets from calculating."""
    number = next((found[0] for cell in row if (found := NUMBER.search(cell.upper()))), "")
    tracking = row[column].strip().strip("'=\"").strip().upper() if column < len(row) else ""
    return Pair(n, number, tracking[:60])
