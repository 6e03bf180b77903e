"""Cartridges as strangers make them: odd outlines, old encodings, tables with spans, quizzes with a bad question."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from courses.cartridge.html import read_page, words_of
from courses.cartridge.qti import read_quiz
from courses.cartridge.xml import parse_xml
from courses.flows import CartridgeRefused, Imported, import_cartridge
from courses.models import Quiz
from tests.courses.cartridges import EQUAL, assessment, files_of, item, labels, page, right, zipped
from tests.courses.test_cartridge import body_of

pytestmark = pytest.mark.django_db
PLAIN = files_of("1.3")
PART_TWO = '<item identifier="I03"><title>Part two</title></item>'


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def imported(teacher: Any, **files: Any) -> Imported:
    return import_cartridge(file=zipped({**PLAIN, **files}), teacher=teacher)


def with_outline(old: str, new: str) -> dict[str, str]:
    manifest = PLAIN["imsmanifest.xml"]
    assert old in manifest
    return {"imsmanifest.xml": manifest.replace(old, new)}


def table_of(html: str) -> list[list[str]]:
    [block] = read_page(html, lambda _href: None).blocks
    heads = [column["heading"] for column in block["value"]["columns"]]
    return [heads, *[row["values"] for row in block["value"]["rows"]]]


def test_headings_that_follow_each_other_all_stand_in_the_next_lesson(teacher: Any) -> None:
    old = "<title>Part two</title></item>"
    done = imported(teacher, **with_outline(old, f"{old}<item><title>And a word</title></item>"))
    headings = [block["value"] for block in body_of(done.course, "Introduce yourself") if block["type"] == "heading"]
    assert headings == ["Part two", "And a word"]


def test_modules_in_modules_keep_the_names_of_both(teacher: Any) -> None:
    deepest = '<item identifierref="R2"><title>Deepest</title></item>'
    inner = f"<item><title>Unit A</title><item><title>Deep</title>{deepest}</item></item>"
    done = imported(teacher, **with_outline('<item identifier="M1">', f'{inner}<item identifier="M1">'))
    assert [module.title for module in done.course.modules.all()][1] == "Unit A · Deep"
    assert done.course.lessons.get(title="Deepest").module.title == "Unit A · Deep"
    long = inner.replace("Unit A", "U" * 119)
    done = imported(teacher, **with_outline('<item identifier="M1">', f'{long}<item identifier="M1">'))
    assert done.course.lessons.get(title="Deepest").module.title == "Deep"


@pytest.mark.parametrize("codec", ["big5", "gb18030", "utf-16", "utf-8-sig", "windows-1252"])
def test_a_page_from_before_unicode_keeps_its_words(codec: str) -> None:
    words = "café – naïve" if codec == "windows-1252" else "四個和弦"
    name = {"big5": "Big5", "gb18030": "GB2312"}.get(codec, "")
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={name}">' if name else ""
    assert words in words_of(page(f"<p>{words}</p>", head=head).encode(codec))


def test_an_encoding_that_nobody_knows_takes_nothing_with_it() -> None:
    assert "plain" in words_of(b'<meta charset="x-none"><p>plain \xff</p>')


def test_xml_in_the_old_chinese_encodings_is_read() -> None:
    for declared, codec in (("Big5", "big5"), ("GB2312", "gb2312"), ("utf-16", "utf-16")):
        text = f'<?xml version="1.0" encoding="{declared}"?><topic><title>和弦</title></topic>'
        assert parse_xml(text.encode(codec), "a.xml")[0].text == "和弦"
    evil = '<?xml version="1.0" encoding="Big5"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><t>&x;</t>'
    with pytest.raises(CartridgeRefused, match="document type"):
        parse_xml(evil.encode("big5"), "a.xml")


def test_one_broken_part_is_named_and_the_rest_becomes_a_course(teacher: Any) -> None:
    done = imported(teacher, **{"topic.xml": "<topic><title>Cut o", "quiz/assessment.xml": b"\xff\xfe\x00broken"})
    left = {line.name: line.note for line in done.lines if line.state == "left"}
    assert "no valid XML" in left["topic.xml"]
    assert "no valid XML" in left["quiz/assessment.xml"]
    assert done.course.lessons.count() == 12
    assert body_of(done.course, "First page")


def test_cells_that_span_keep_the_others_in_their_columns() -> None:
    html = (
        "<table><tr><th>Chord</th><th colspan=2>Fingers</th><th>Fret</th></tr>"
        "<tr><td rowspan=2>C</td><td>3</td><td>ring</td><td>3</td></tr><tr><td>2</td><td>middle</td><td>2</td></tr>"
        "<tr><td>F</td><td rowspan=9>1</td><td>index</td><td>1</td></tr></table>"
    )
    assert table_of(html) == [
        ["Chord", "Fingers", "", "Fret"],
        ["C", "3", "ring", "3"],
        ["", "2", "middle", "2"],
        ["F", "1", "index", "1"],
    ]
    assert table_of("<table><tr><td>a<td rowspan=2>b<tr><td>c<tr><td>d<td>e</table>")[1:] == [["a", "b"], ["c", ""], ["d", "e"]]


def test_absurd_spans_are_words_and_cost_nothing() -> None:
    row = "<tr>" + "<td colspan=99999 rowspan=9999999>x</td>" * 300 + "</tr>"
    [block] = read_page(f"<table>{row}{'<tr>' * 20_000}</table>", lambda _href: None).blocks
    assert block["type"] == "text"
    assert block["value"].count("x") == 300


def test_an_essay_in_a_cell_does_not_stand_in_a_table_that_the_editor_would_refuse() -> None:
    [block] = read_page(f"<table><tr><td>{'word ' * 200}</td><td>b</td></tr></table>", lambda _href: None).blocks
    assert block["type"] == "text"
    assert block["value"].count("word") == 200


def test_emphasis_and_small_letters_are_kept() -> None:
    [block] = read_page("<p><em>Lightly</em>, H<sub>2</sub>O, m<sup>2</sup>, <i>too</i></p>", lambda _href: None).blocks
    assert block["value"] == "<p><i>Lightly</i>, H<sub>2</sub>O, m<sup>2</sup>, <i>too</i></p>"


ORDER = item(
    "o1", "cc.ordering.v0p1", "In which order?", labels("Ordered", "Last", "First", "Middle"),
    right(EQUAL.format(1) + EQUAL.format(2) + EQUAL.format(0)),
)  # fmt: skip


def with_items(*items: str) -> str:
    whole = assessment()
    start, end = whole.index('<section ident="root">') + len('<section ident="root">'), whole.index("</section>")
    return whole[:start] + "".join(items) + whole[end:]


@pytest.mark.parametrize("profile", ["cc.ordering.v0p1", "unknown"])
def test_what_is_put_into_order_becomes_a_question_of_order(profile: str) -> None:
    quiz = read_quiz(parse_xml(with_items(ORDER.replace("cc.ordering.v0p1", profile)).encode(), "q.xml"), "Q")
    [question] = quiz.questions
    assert (question.kind, list(question.items)) == ("order", ["First", "Middle", "Last"])


def test_an_order_that_is_not_said_is_named(teacher: Any) -> None:
    half = ORDER.replace(EQUAL.format(2), "")
    done = imported(teacher, **{"quiz/assessment.xml": with_items(half, ORDER)})
    assert [line.note for line in done.lines if line.what == "question" and line.name == "In which order?"] == [
        "it does not say in which order its parts belong"
    ]
    assert [block.block_type for block in Quiz.objects.get(course=done.course, title="Check yourself").questions] == ["order"]


def test_one_question_that_we_refuse_leaves_the_others_in_the_quiz(teacher: Any) -> None:
    same = item("s", "cc.multiple_choice.v0p1", "Twice the same?", labels("Single", "Yes", "yes", "No"), right(EQUAL.format(2)))
    done = imported(teacher, **{"quiz/assessment.xml": with_items(same, ORDER)})
    assert [block.block_type for block in Quiz.objects.get(course=done.course, title="Check yourself").questions] == ["order"]
    assert "Two choices say the same." in next(line.note for line in done.lines if line.name == "Twice the same?")


def test_a_question_that_loses_its_picture_is_named(teacher: Any) -> None:
    pictured = ORDER.replace("In which order?", 'In which order? &lt;img src="a.png"&gt;')
    done = imported(teacher, **{"quiz/assessment.xml": with_items(pictured)})
    assert [line.state for line in done.lines if line.name.startswith("In which order?")] == ["part"]
