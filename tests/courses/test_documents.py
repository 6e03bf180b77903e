"""A Word or Markdown file becomes lessons: what stands in it, where lessons begin, and what is refused."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from courses.documents import DocumentRefused, read_document, sections
from courses.flows import add_document, keep_document, sweep_documents
from courses.models import Course, Lesson, LessonPage, Media, UploadedDocument
from kit.clock import now
from kit.storage import PrivateStorage, StorageFault
from kit.storage import client as s3
from tests.factories import make_course, make_user
from tests.shop.crowd import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def storage_down(settings: Any) -> Callable[[], Any]:
    """with storage_down(): nobody listens at the address of storage."""

    @contextmanager
    def down() -> Iterator[None]:
        alive, settings.S3_ENDPOINT_URL = settings.S3_ENDPOINT_URL, "http://127.0.0.1:9"
        s3.cache_clear()
        yield
        settings.S3_ENDPOINT_URL = alive
        s3.cache_clear()

    return down


NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="C 和弦的指法"/><a:graphic><a:graphicData><pic:pic>'
    '<pic:blipFill><a:blip r:embed="rId1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)
TABLE = (
    "<w:tbl>"
    + "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in (("弦", "音"), ("1", "A"))
    )
    + "</w:tbl>"
)


def paragraph(words: str, style: str = "", bold: bool = False) -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    face = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p>{kind}<w:r>{face}<w:t>{words}</w:t></w:r></w:p>"


def word(body: str, *, head: str = "", picture: bytes = b"") -> bytes:
    """A .docx as Word writes it: styles by a number of their own, known by name."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{ident}"><w:name w:val="{name}"/></w:style>'
        for ident, name in {"a0": "Title", "1": "heading 1", "2": "heading 2", "3": "heading 3"}.items()
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = f'<Relationship Id="rId1" Type="{office}/image" Target="media/i.png"/>'
    root = f'<Relationship Id="r" Type="{office}/officeDocument" Target="word/document.xml"/>'
    kinds = '<Default Extension="png" ContentType="image/png"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{root}</Relationships>',
        "word/document.xml": f"{head}<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMES}>{styles}</w:styles>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if picture:
            archive.writestr("word/media/i.png", picture)
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def upload(content: bytes | str, name: str = "課程.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def outline(content: bytes | str, name: str = "課程.md", level: int = 0) -> list[tuple[str, str]]:
    return [(one.module, one.title) for one in sections(read_document(upload(content, name), name), level)]


BOOK = """# 第一章

## 握法

左手放鬆。

## 調音

- G
- C

# 第二章

先說幾句。

## 第一個和弦

### 目標

**C** 和弦
"""


def test_chapters_and_lessons_come_from_two_levels_of_headings_and_words_of_a_chapter_are_a_lesson() -> None:
    assert outline(BOOK) == [("第一章", "握法"), ("第一章", "調音"), ("第二章", "第二章"), ("第二章", "第一個和弦")]


def test_who_asks_for_another_level_gets_it() -> None:
    assert outline(BOOK, level=1) == [("", "第一章"), ("", "第二章")]
    assert ("第二章 · 第一個和弦", "目標") in outline(BOOK, level=3)


def test_headings_that_repeat_are_parts_of_a_lesson_and_a_lone_first_one_is_the_title() -> None:
    lessons = "".join(f"## 第 {n} 天\n\n### 目標\n\n學會 {n}\n\n### 練習\n\n彈 {n} 次\n\n" for n in range(1, 5))
    assert outline(f"# 三十天烏克麗麗\n\n{lessons}") == [("", f"第 {n} 天") for n in range(1, 5)]


def test_without_headings_the_file_is_one_lesson_and_an_empty_heading_is_one_still_to_be_written() -> None:
    assert outline("只有一段話。", "暖身.txt") == [("", "暖身")]
    assert outline("# A\n\n# B\n\nwords\n") == [("", "A"), ("", "B")]
    with pytest.raises(DocumentRefused, match="empty"):
        outline("   \n")


def test_words_lists_tables_code_and_links_are_kept_and_scripts_are_not() -> None:
    source = (
        "---\ntitle: x\n---\n# A\n\nsay **this** [here](https://example.org/a?b=1&c=2) <script>alert(1)</script>\n\n"
        "1. one\n2. two\n\n| 弦 | 音 |\n|---|---|\n| 1 | A |\n\n```\nC F G7\n```\n\n[bad](javascript:alert(1)) ![p](../p.png)\n"
    )
    document = read_document(upload(source), "x.md")
    (lesson,) = sections(document)
    kinds = [block["type"] for block in lesson.blocks]
    assert kinds == ["text", "table", "code", "text"]
    words = lesson.blocks[0]["value"]
    assert "<b>this</b>" in words
    assert '<a href="https://example.org/a?b=1&amp;c=2">here</a>' in words
    assert "<li>two</li>" in words
    assert "<script" not in words
    assert [column["heading"] for column in lesson.blocks[1]["value"]["columns"]] == ["弦", "音"]
    assert lesson.blocks[2]["value"]["code"] == "C F G7"
    assert 'href="javascript' not in str(lesson.blocks)
    assert document.lost == ["../p.png"]


def test_a_word_file_becomes_lessons_with_its_picture_and_table() -> None:
    course = make_course(lessons=1)
    Course.objects.filter(pk=course.pk).update(days=30)
    body = (
        paragraph("烏克麗麗三十天", "a0")
        + paragraph("第一章", "1")
        + paragraph("握法", "2")
        + paragraph("左手放鬆。", bold=True)
        + PICTURE
        + paragraph("調音", "2")
        + TABLE
        + paragraph("第二章", "1")
        + paragraph("和弦", "2")
        + paragraph("C &amp; F")
    )
    row = keep_document(course=course, author=course.teacher, file=upload(word(body, picture=png()), "講義.docx"))
    added = add_document(row=row)
    assert [(lesson.module.title, lesson.title, lesson.position, lesson.day) for lesson in added.lessons if lesson.module] == [
        ("第一章", "握法", 2, 2),
        ("第一章", "調音", 3, 3),
        ("第二章", "和弦", 4, 4),
    ]
    bodies = [LessonPage.objects.get(lesson=lesson).body.raw_data for lesson in added.lessons]
    media = Media.objects.get(course=course)
    assert [block["type"] for block in bodies[0]] == ["text", "media"]
    assert bodies[0][0]["value"] == "<p><b>左手放鬆。</b></p>"
    assert (bodies[0][1]["value"]["media"], bodies[0][1]["value"]["caption"]) == (media.pk, "C 和弦的指法")
    assert (media.kind, media.width, media.title) == ("image", 40, "C 和弦的指法")
    assert bodies[1][0]["type"] == "table"
    assert "C &amp; F" in bodies[2][0]["value"]
    assert not LessonPage.objects.filter(lesson__in=added.lessons, live=True).exists()
    assert not UploadedDocument.objects.exists()
    assert not PrivateStorage().exists(row.key)


def test_a_picture_that_we_do_not_take_is_told_and_the_rest_is_added() -> None:
    course = make_course(lessons=0)
    file = upload(word(paragraph("A", "1") + paragraph("words") + PICTURE, picture=b"\xd7\xcd\xc6\x9a wmf"), "x.docx")
    added = add_document(row=keep_document(course=course, author=course.teacher, file=file))
    assert [lesson.title for lesson in added.lessons] == ["A"]
    assert len(added.lost) == 1
    assert [block["type"] for block in LessonPage.objects.get(lesson=added.lessons[0]).body.raw_data] == ["text"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"PK\x03\x04 no zip", "x.docx", "no zip archive"),
        (b"\xff\xfe\x00", "x.md", "UTF-8"),
        (b"%PDF-1.7", "x.pdf", "Word file"),
        (b"x" * (2 * 1024**2 + 1), "x.md", "too large"),
        (word("", head='<!DOCTYPE x [<!ENTITY e "e">]>'), "x.docx", "document type or entities"),
        (word("<w:p>" * 300 + "</w:p>" * 300), "x.docx", "nested too deep"),
    ],
)
def test_what_is_no_document_is_refused_in_words_and_nothing_is_kept(content: bytes, name: str, words: str) -> None:
    course = make_course(lessons=0)
    with pytest.raises(DocumentRefused, match=words):
        keep_document(course=course, author=course.teacher, file=upload(content, name))
    assert not UploadedDocument.objects.exists()


def test_a_zip_that_is_no_word_file_and_a_bomb_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DocumentRefused, match="no Word document"):
        read_document(io.BytesIO(out.getvalue()), "x.docx")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    with pytest.raises(DocumentRefused, match="too large"):
        read_document(io.BytesIO(out.getvalue()), "x.docx")


def test_too_many_lessons_are_refused() -> None:
    with pytest.raises(DocumentRefused, match="401 lessons"):
        outline("".join(f"# Lesson {n}\n\n" for n in range(401)))


def test_from_the_form_to_the_lessons_the_outline_is_looked_at_first(client_of: Any) -> None:
    course = make_course(lessons=0)
    browser, address = client_of(course.teacher), f"/en/admin/courses/{course.pk}/document/"
    shown = browser.post(address, {"text": BOOK}, follow=True)
    page = shown.content.decode()
    assert "4 lessons in" in page
    assert all(title in page for title in ("握法", "調音", "第一個和弦"))
    assert not course.lessons.exists()
    where = shown.redirect_chain[-1][0]
    assert "2 lessons in" in browser.get(f"{where}?level=1").content.decode()
    answer = browser.post(where, {"action": "add", "level": "1"}, follow=True)
    assert "2 lessons were added as drafts." in answer.content.decode()
    assert [lesson.title for lesson in course.lessons.order_by("position")] == ["第一章", "第二章"]
    assert browser.get(where).status_code == 404


def test_a_file_and_words_together_or_neither_are_asked_again_and_a_dropped_file_is_gone(client_of: Any) -> None:
    course = make_course(lessons=0)
    browser, address = client_of(course.teacher), f"/en/admin/courses/{course.pk}/document/"
    for values in ({}, {"text": "# A", "file": upload(BOOK)}):
        assert "one of them" in browser.post(address, values).content.decode()
    assert "no zip archive" in browser.post(address, {"file": upload("x", "x.docx")}).content.decode()
    where = browser.post(address, {"file": upload(BOOK)})["Location"]
    key = UploadedDocument.objects.get().key
    browser.post(where, {"action": "drop"})
    assert not UploadedDocument.objects.exists()
    assert not PrivateStorage().exists(key)
    assert not course.lessons.exists()


def test_a_stranger_and_another_teacher_do_not_reach_it(client_of: Any, teacher: Any) -> None:
    course, other = make_course(lessons=0), make_course(lessons=0, teacher=make_user(), slug="other")
    row = keep_document(course=course, author=course.teacher, file=upload(BOOK))
    address = f"/en/admin/courses/{course.pk}/document/"
    browser = client_of(other.teacher)
    for path in (address, f"{address}{row.pk}/"):
        assert browser.get(path).status_code in (302, 404)
        assert browser.post(path, {"text": BOOK, "action": "add"}).status_code in (302, 404)
    assert not Lesson.objects.exists()
    assert UploadedDocument.objects.count() == 1


def test_where_storage_fails_nothing_is_added_and_the_document_is_still_there(client_of: Any, storage_down: Any) -> None:
    course = make_course(lessons=0)
    row = keep_document(course=course, author=course.teacher, file=upload(BOOK))
    with storage_down(), pytest.raises(StorageFault):
        add_document(row=row)
    with storage_down():
        answer = client_of(course.teacher).get(f"/en/admin/courses/{course.pk}/document/{row.pk}/", follow=True)
    assert "Nothing is lost" in answer.content.decode()
    assert not Lesson.objects.exists()
    assert len(add_document(row=row).lessons) == 4


def test_documents_that_nobody_decides_about_are_dropped_after_a_day() -> None:
    course = make_course(lessons=0)
    rows = [keep_document(course=course, author=course.teacher, file=upload(BOOK)) for _n in range(2)]
    UploadedDocument.objects.filter(pk=rows[0].pk).update(created_at=now() - timedelta(hours=25))
    sweep_documents()
    assert list(UploadedDocument.objects.all()) == [rows[1]]
    assert not PrivateStorage().exists(rows[0].key)


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_the_lessons_are_added_once() -> None:
    course = make_course(lessons=0)
    row = keep_document(course=course, author=course.teacher, file=upload(BOOK))
    answers = at_once([lambda: add_document(row=row)] * 4)
    assert sorted(len(answer.lessons) for answer in answers) == [0, 0, 0, 4], answers
    assert course.lessons.count() == 4
