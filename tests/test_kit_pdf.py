import io
from collections.abc import Iterator

import pytest
from fpdf.fonts import TTFFont
from pypdf import PdfReader

from kit.lines import NOT_AT_END, NOT_AT_START
from kit.pdf import Document


@pytest.fixture
def document() -> Iterator[Document]:
    """A page with the font set; what is written on it is never put out, so its font is closed here."""
    document = Document()
    document.add_page()
    document.set_font("Noto", size=10)
    yield document
    for font in document.fonts.values():
        assert isinstance(font, TTFFont)
        font.close()


def test_chinese_of_both_scripts_can_be_read_back() -> None:
    document = Document("A5", title="裝箱單")
    document.add_page()
    document.paragraph("裝箱單 装箱单：烏克麗麗 53 cm，台北市大安區。")
    # pypdf leaves NULs between characters of this font; other readers do not.
    text = PdfReader(io.BytesIO(document.bytes())).pages[0].extract_text().replace("\x00", "")
    assert "裝箱單" in text
    assert "装箱单" in text
    assert "烏克麗麗" in text


def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(document: Document) -> None:
    text = "「從零基礎到自由彈唱，圓你音樂夢」，三十天（附琴）。他說：「好！」" * 8
    for width in range(20, 60, 3):
        lines = document.broken(text, width)
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in NOT_AT_START or line[-1] in NOT_AT_END]


def test_latin_words_stay_whole_and_monsters_are_cut(document: Document) -> None:
    assert document.broken("ukulele lessons", 18) == ["ukulele", "lessons"]
    assert len(document.broken("x" * 400, 40)) > 5
