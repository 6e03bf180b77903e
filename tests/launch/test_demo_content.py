"""The demo's courses teach: lessons are complete, their own, and name only what exists."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from launch.demo import content
from launch.demo.boards import TOPICS
from launch.demo.chords import FRETS
from launch.demo.content import Audio, Block, Chords, CourseContent, Image, LessonContent, Practice, Rhythm, Steps
from launch.demo.courses import COURSES
from launch.demo.notes import NOTES
from launch.demo.people import PEOPLE
from launch.demo.ukulele import UKULELE

ASSETS = Path(content.__file__).parent / "assets"
LESSONS = [(course, lesson) for course in COURSES for lesson in course.lessons]
HANDLES = {person.handle for person in PEOPLE}


def text_of(block: Block) -> str:
    match block:
        case Steps():
            return "\n".join(block.items)
        case Image():
            return block.alt
        case Audio():
            return block.caption
        case _:
            return block.text


def full_text(lesson: LessonContent) -> str:
    return "\n".join([lesson.title, lesson.goal, *map(text_of, lesson.sections), lesson.summary])


def sentences(text: str) -> set[str]:
    parts = re.split("[。!?;\uff01\uff1f\uff1b\n]", text)
    return {part.strip() for part in parts if len(part.strip()) > 20}


def pictures_of(course: CourseContent) -> set[str]:
    return {course.cover, course.kit.picture, *(module.picture for module in course.modules)}


def test_no_long_sentence_stands_in_two_lessons_of_any_course() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for course, lesson in LESSONS:
        for sentence in sentences(full_text(lesson)):
            places[sentence].add(f"{course.slug}/{lesson.slug}")
    assert {sentence: where for sentence, where in places.items() if len(where) > 1} == {}


def test_no_two_lessons_differ_by_a_few_words_only() -> None:
    grams = {}
    for course, lesson in LESSONS:
        text = re.sub(r"\W", "", full_text(lesson))
        grams[course.slug, lesson.slug] = {text[i : i + 4] for i in range(len(text) - 3)}
    names = list(grams)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            shared = len(grams[first] & grams[second]) / min(len(grams[first]), len(grams[second]))
            assert shared < 0.12, (first, second, shared)


def test_the_ukulele_course_has_thirty_days_and_day_1_is_the_only_preview() -> None:
    assert [lesson.slug for lesson in UKULELE.lessons] == [f"day-{n}" for n in range(1, 31)]
    for course in COURSES:
        assert [lesson.slug for lesson in course.lessons if lesson.is_preview] == ["day-1"]
        assert len(course.lessons) == course.days


@pytest.mark.parametrize(("course", "lesson"), LESSONS, ids=lambda value: getattr(value, "slug", ""))
def test_a_lesson_has_a_goal_teaching_a_picture_and_a_timed_practice(course: CourseContent, lesson: LessonContent) -> None:
    kinds = [type(block) for block in lesson.sections]
    assert lesson.goal
    assert lesson.summary
    assert (kinds.count(Practice), kinds.count(Image)) == (1, 1)
    assert all(block.minutes >= 5 for block in lesson.sections if isinstance(block, Practice))
    assert len(re.findall("[\u4e00-\u9fff]", full_text(lesson))) >= 350
    assert (Audio in kinds) == (lesson.music is not None)


@pytest.mark.parametrize("lesson", UKULELE.lessons, ids=lambda lesson: lesson.slug)
def test_a_ukulele_lesson_names_the_chords_that_it_sounds(lesson: LessonContent) -> None:
    assert lesson.music
    names = lesson.music.names if isinstance(lesson.music, Chords) else ()
    for chord in (lesson.music.chord,) if isinstance(lesson.music, Rhythm) else names:
        assert chord in FRETS
        assert re.search(rf"(?<![A-Za-z]){chord}(?![A-Za-z0-9])", full_text(lesson)), chord


def test_every_asset_named_exists_and_every_asset_that_exists_is_named() -> None:
    named = {person.avatar for person in PEOPLE} | {note.picture for note in NOTES}
    named |= {topic.picture for topic in TOPICS if topic.picture} | {"pictures/home-hero.webp"}
    for course, lesson in LESSONS:
        named |= pictures_of(course)
        named |= {block.asset for block in lesson.sections if isinstance(block, Image | Audio)}
    stored = {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*") if path.is_file()}
    assert stored == named


def test_the_assets_stay_under_twenty_megabytes() -> None:
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 20_000_000


def test_boards_and_notes_are_written_by_people_of_the_demo_about_its_lessons() -> None:
    slugs = {course.slug: {lesson.slug for lesson in course.lessons} for course in COURSES}
    for topic in TOPICS:
        assert {post.author for post in topic.posts} <= HANDLES
        assert not topic.lesson or topic.lesson in slugs[topic.course]
        assert sum(post.is_answer for post in topic.posts) == (topic.kind == "question")
        hours = [post.hours_after for post in topic.posts]
        assert hours == sorted(hours)
        assert hours[-1] <= 24 * (topic.days_ago + 1), topic.title
    for note in NOTES:
        assert {note.author, *(author for author, _ in note.comments)} <= HANDLES
        assert set(note.offers) <= slugs.keys()
    for course in COURSES:
        assert {course.teacher, *(review.author for review in course.reviews)} <= HANDLES


def test_only_kits_that_the_convenience_stores_accept_are_offered_for_pick_up() -> None:
    """The chains take 45 x 30 x 30 cm at most and five kilograms."""
    for course in COURSES:
        sides = sorted(course.kit.size_mm, reverse=True)
        fits = sides[0] <= 450 and sides[1] <= 300 and sides[2] <= 300 and course.kit.weight_g <= 5000
        assert course.kit.store_pickup == fits, course.slug
        assert course.kit.count == len(course.kit.contents)
        assert 0 < course.kit.value_minor < course.price_minor
