"""What the papers share: colours, and the parcel's number for a scanner."""

import segno

from kit.pdf import Document

INK, FAINT, ACCENT = (29, 33, 48), (110, 104, 96), (154, 51, 11)
QR_MM = 26.0


def draw_qr(document: Document, text: str, left: float, top: float) -> None:
    """`text` as a QR code of QR_MM, module by module."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    size = QR_MM / len(rows)
    document.set_fill_color(*INK)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                document.rect(left + x * size, top + y * size, size, size, style="F")
