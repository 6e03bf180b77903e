"""The certificate on paper: A4 across, Chinese type, a code that leads to its public page."""

from io import BytesIO

import segno
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.models import Certificate
from kit.pdf import Document

INK, KOA, STRING = (29, 33, 48), (122, 78, 36), (176, 141, 91)
STRINGS = ((0.0, 0.3), (3.2, 0.8), (6.4, 0.55), (9.6, 0.3))  # offset and gauge in mm: G C E A


def certificate_sheet(*, certificate: Certificate, address: str) -> bytes:
    """The PDF of one certificate; `address` is where anyone can verify it."""
    sheet = Document((297.0, 210.0), title=certificate.course_title, margin=24)
    sheet.set_auto_page_break(False)
    sheet.add_page()
    _strings(sheet)
    sheet.set_xy(24, 30)
    _line(sheet, _("Certificate"), 16, KOA, gap=10)
    _line(sheet, certificate.name, 48, INK, gap=6)
    _line(sheet, _("has finished the course"), 15, KOA, gap=4)
    sheet.set_text_color(*INK)
    sheet.paragraph(certificate.course_title, size=28, leading=1.4, width=230)
    sheet.ln(8)
    teacher = certificate.enrolment.cohort.course.teacher.display_name
    _line(sheet, _("Taught by %(name)s") % {"name": teacher}, 14, INK, gap=2)
    _line(sheet, date_format(localtime(certificate.issued_at), "DATE_FORMAT"), 14, INK, gap=0)
    _code(sheet, address)
    return sheet.bytes()


def _line(sheet: Document, text: str, size: float, colour: tuple[int, int, int], *, gap: float) -> None:
    sheet.set_text_color(*colour)
    sheet.paragraph(text, size=size, leading=1.3, width=240)
    sheet.ln(gap)


def _strings(sheet: Document) -> None:
    """The motif: four strings across the sheet, one finger."""
    sheet.set_draw_color(*STRING)
    for offset, gauge in STRINGS:
        sheet.set_line_width(gauge)
        sheet.line(0, 158 + offset, 297, 158 + offset)
    sheet.set_fill_color(194, 65, 15)
    sheet.ellipse(196, 158 + STRINGS[2][0] - 4, 8, 8, style="F")


def _code(sheet: Document, address: str) -> None:
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=8, border=2, dark="#1d2130")
    sheet.image(picture, x=233, y=24, w=40)
    sheet.set_xy(24, 184)
    sheet.set_text_color(*KOA)
    sheet.paragraph(_("Anyone can verify this certificate at %(address)s") % {"address": address}, size=9, width=249)
