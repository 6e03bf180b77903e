"""Papers' tests: the shop's till, and reading a PDF."""

import io
from typing import Any

import pypdf

from tests.shop.conftest import bundle, english, till

__all__ = ["bundle", "english", "till"]


def pdf_text(body: bytes) -> str:
    """All text of a PDF, page after page; pypdf leaves NULs between characters of this font."""
    return "\n".join(page.extract_text().replace("\x00", "") for page in pypdf.PdfReader(io.BytesIO(body)).pages)


def papers(**wanted: Any) -> list[tuple[str, str, int]]:
    """(kind, number, total) of the papers there are, in the order of issue."""
    from shop.invoices.models import Paper

    rows = Paper.objects.filter(**wanted).order_by("issued_at", "pk")
    return [(row.kind, row.number, row.total) for row in rows]
