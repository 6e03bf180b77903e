"""Pasted titles become lessons; pasted again they change what is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.flows.outline import OutlineLine as Line
from courses.models import Lesson, LessonPage, Module
from pages.guided.outline import OutlineUnreadable, parse, written
from tests.pages.guided_walk import NAME, WORDS, Walk

SignIn = Callable[[User], Client]
# As exported from a course elsewhere: chapters with items below, numbered, bulleted, with blank lines and a repeat.
EXPORTED = """
Installing the tools
    Assignment: Installing the tools
    Reference: Setting up at home

Why write programs?
    Video: Why write programs? - Part 1
    Video: Why write programs? - Part 2
    Video: Why write programs? - Part 2
    Quiz: Why write programs?
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One\n\n\nTwo\r\nThree  \n", [Line("One"), Line("Two"), Line("Three")]),
        ("# A\nx\n## B\ny\n# C\nz", [Line("x", "A"), Line("y", "A · B"), Line("z", "C")]),
        ("A:\nx\ny\nB\uff1a\nz", [Line("x", "A"), Line("y", "A"), Line("z", "B")]),
        ("A\n\tx\n\ty\nB", [Line("x", "A"), Line("y", "A"), Line("B")]),
        ("Start\nA:\n  x\nEnd", [Line("Start"), Line("x", "A"), Line("End")]),
        ("1. x\n2) y\n- z\n• q\n一、甲", [Line("x"), Line("y"), Line("z"), Line("q"), Line("甲")]),
        ("1.5 hours of scales\n3D printing\n-5 degrees", [Line("1.5 hours of scales"), Line("3D printing"), Line("-5 degrees")]),
        ("Week 1:\n\nWeek 2:\n x", [Line("Week 1"), Line("x", "Week 2")]),
        ("# A\n- x\n---\n- y", [Line("x", "A"), Line("y")]),
        ("a\u202eb\x07c\u2028d", [Line("abc"), Line("d")]),
        ("第一課:開始\n***\n第二課", [Line("第一課:開始"), Line("第二課")]),
    ],
)
def test_titles_are_read_as_a_person_means_them(text: str, lines: list[Line]) -> None:
    assert parse(text).lines == lines
    assert parse(written(lines)).lines == lines


def test_a_repeated_line_of_a_chapter_counts_once() -> None:
    outline = parse(EXPORTED)
    assert outline.repeated == 1
    assert [line.module for line in outline.lines] == ["Installing the tools"] * 2 + ["Why write programs?"] * 3
    assert parse("A:\n x\nB:\n x").repeated == 0


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "---\n***", "x" * 161, "# " + "m" * 121 + "\nx", "\n".join(f"Lesson {n}" for n in range(401))]
)
def test_what_is_no_outline_is_refused(text: str) -> None:
    with pytest.raises(OutlineUnreadable):
        parse(text)


@pytest.fixture
def walk(teacher: User, client_of: SignIn) -> Walk:
    walk = Walk(client_of(teacher))
    walk.begin()
    return walk


def titles(walk: Walk) -> list[str]:
    assert walk.course is not None
    return list(walk.course.lessons.order_by("position").values_list("title", flat=True))


@pytest.mark.django_db
def test_three_hundred_lines_are_one_quick_step(walk: Walk, django_assert_max_num_queries: Any) -> None:
    lines = [f"Chapter {n // 20}:" if n % 20 == 0 else f"  Lesson {n}" for n in range(300)]
    # A page at a time took Wagtail 60 queries each; the pages' own columns are one insert each.
    with django_assert_max_num_queries(450):
        assert walk.send("outline", {**WORDS, "outline": "\n".join(lines), "days": "30"}).status_code == 302
    assert len(titles(walk)) == 285
    assert Module.objects.count() == 15
    days = list(Lesson.objects.order_by("position").values_list("day", flat=True))
    assert (days[0], days[-1], days == sorted(days)) == (1, 30, True)
    assert walk.client.get(walk.at("outline")).status_code == 200
    assert walk.send("outline", {**WORDS, "outline": "\n".join(lines), "days": "30"}).status_code == 302
    assert Lesson.objects.count() == LessonPage.objects.count() == 285
    assert [len(found) for found in LessonPage.find_problems()] == [0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_an_outline_sent_again_moves_renames_adds_and_drops(walk: Walk) -> None:
    walk.send("outline", {**WORDS, "outline": "A:\n one\n two\nB:\n three\n four"})
    before = dict(Lesson.objects.values_list("title", "pk"))
    walk.send("outline", {"outline": "one\nB:\n zero\n three\n FOUR\n one and a half", "days": "10"})
    after = dict(Lesson.objects.values_list("title", "pk"))
    assert titles(walk) == ["one", "zero", "three", "FOUR", "one and a half"]
    assert (after["one"], after["three"]) == (before["one"], before["three"])
    assert after["FOUR"] == before["four"]
    assert LessonPage.objects.get(lesson=after["FOUR"]).title == "FOUR"
    assert "A" not in Module.objects.values_list("title", flat=True)
    assert LessonPage.objects.count() == 5


@pytest.mark.django_db
def test_a_lesson_with_text_is_never_dropped(walk: Walk) -> None:
    walk.send("outline", WORDS)
    # "Holding it" has text, but stands first: "x" there is its new name, and the text stays.
    assert walk.send("outline", {**WORDS, "outline": "x\ny\nz\nq\nr\nStrumming"}).status_code == 302
    assert LessonPage.objects.get(lesson__title="x").goal == WORDS["goal"]
    refused = walk.send("outline", {**WORDS, "outline": "Strumming\ny"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "hold work already" in page
    assert "Strumming\ny" in page.replace("\r\n", "\n")
    assert len(titles(walk)) == 6


@pytest.mark.django_db
def test_text_written_in_the_page_editor_is_left_alone(walk: Walk) -> None:
    walk.send("outline", WORDS)
    page = LessonPage.objects.get(lesson__title="Holding it")
    page.body = [{"type": "heading", "value": "Rich"}, {"type": "text", "value": "<p>text</p>"}]
    page.save_revision()
    assert "Write it in the page editor" in walk.client.get(walk.at("outline")).content.decode()
    walk.send("outline", {**WORDS, "words": "overwrite me", "goal": "Another goal"})
    newest: Any = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (newest.body[0].value, newest.goal) == ("Rich", "Another goal")


@pytest.mark.django_db
def test_another_lesson_becomes_the_free_one_and_texts_stay_where_they_were(walk: Walk) -> None:
    walk.send("outline", WORDS)
    third = Lesson.objects.get(title="Strumming")
    walk.send("outline", {**WORDS, "free": str(third.pk)})
    assert list(Lesson.objects.filter(is_preview=True)) == [third]
    assert len(LessonPage.objects.get(lesson__title="Holding it").body) == 1
    assert len(LessonPage.objects.get(lesson=third).body) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "\u202egnissim\u202c", "'\"><img src=x onerror=alert(1)>", "{{ 7 }}{% now %}"]
)
def test_hostile_titles_are_text_everywhere(title: str, walk: Walk) -> None:
    assert walk.send("name", {**NAME, "title": title}).status_code == 302
    assert walk.send("outline", {**WORDS, "outline": f"{title}:\n  {title}\n  x"}).status_code == 302
    for step in ("name", "outline", "price", "check", "lessons", "look"):
        page = walk.client.get(walk.at(step)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


@pytest.mark.django_db
def test_a_nul_is_refused_and_the_rest_kept(walk: Walk) -> None:
    refused = walk.send("outline", {**WORDS, "outline": "one\x00\ntwo"})
    assert refused.status_code == 422
    assert titles(walk) == []
    assert "two" in refused.content.decode()


def test_kinds_of_items_that_an_export_repeats_are_taken_off() -> None:
    text = "# Loops\nVideo: Definite loops\nReading： Chapter 5\n影片：迴圈\nQuiz: Loops\nWhy we loop: a story"
    assert [line.title for line in parse(text).lines] == ["Definite loops", "Chapter 5", "迴圈", "Loops", "Why we loop: a story"]


def test_a_kind_that_is_no_habit_or_tells_two_titles_apart_stays() -> None:
    assert [line.title for line in parse("Video: a medium\nSound").lines] == ["Video: a medium", "Sound"]
    text = "Video: Loops\nReading: Loops\nVideo: Lists\nVideo: Files"
    assert [line.title for line in parse(text).lines] == ["Video: Loops", "Reading: Loops", "Lists", "Files"]
