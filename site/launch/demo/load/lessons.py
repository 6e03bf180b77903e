"""The three courses: landing pages, lessons with their pictures and clips, summaries in other languages."""

from functools import partial
from html import escape
from typing import Any

from django.db import transaction

from courses.flows import (
    LessonDraft,
    add_lessons,
    add_to_team,
    create_course,
    create_quiz,
    publish_course,
    save_captions,
    translate_course,
)
from courses.models import Course, CoursePage
from launch.demo.captions import captions_of
from launch.demo.content import (
    Audio,
    Block,
    Callout,
    CourseContent,
    Image,
    LessonContent,
    ModuleContent,
    Paragraph,
    Practice,
    Steps,
)
from launch.demo.courses import COURSES
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import media, picture
from launch.demo.people import PEOPLE
from launch.demo.quizzes import QUIZZES, RULES
from shop.catalogue.models import Offer

OPENED = 81
HOMEWORK = {
    ("ukulele", "day-6"): "錄一段一分鐘的和弦轉換：C、Am、F 各兩小節，右手不要停。彈錯也繼續，讓我聽到真實的你。",
    ("ukulele", "day-12"): "用今天的四和弦循環，錄三十秒，跟著哼或唱都可以。請寫下你最滿意與最卡的一個地方。",
    ("ukulele", "day-21"): "挑一首已經學過的旋律，錄下完整一遍。速度自己決定，穩定比快重要。",
    ("ukulele", "day-30"): "錄下你的小小音樂會：任選一首歌，從頭唱到尾。",
    ("coffee", "day-7"): "寫下你的沖煮卡：豆子、粉量、水量、時間，還有一句味道。",
    ("calligraphy", "day-7"): "把你最滿意的一張「福」拍下來，並寫一句：它想貼在誰的門上？",
}
# Where a thing for sale stands inside a lesson's text: (course, lesson) → offer.
OFFERS = {("ukulele", "day-2"): "ukulele-strings"}


def steps(calendar: Calendar) -> list[Step]:
    made = [
        Step(calendar.moment(OPENED, f"{9 + number:02d}:00"), partial(ensure_course, content))
        for number, content in enumerate(reversed(COURSES))  # the catalogue shows the newest first
    ]
    helper = Step(calendar.moment(OPENED, "15:00"), partial(_add_helper, "calligraphy", "boyan"))
    return [*made, helper]


def _add_helper(course: str, handle: str) -> None:
    """teacher2@demo.test looks after calligraphy, too."""
    add_to_team(course=Course.objects.get(slug=course), user=user_of(handle), role="teacher")


def ensure_course(content: CourseContent) -> Course:
    course = Course.objects.filter(slug=content.slug).first() or _create(content)
    if not course.lessons.exists():
        _write_lessons(course, content)
    if not CoursePage.objects.filter(course=course, live=True).exists():
        publish_course(course=course, actor=course.teacher)
    return course


@transaction.atomic
def _create(content: CourseContent) -> Course:
    course = create_course(
        teacher=user_of(content.teacher),
        slug=content.slug,
        title=content.title,
        days=content.days,
        tagline=content.tagline,
        teacher_story="\n\n".join(content.story),
        outcomes=content.outcomes,
        questions=[(faq.question, faq.answer) for faq in content.faqs],
    )
    page = CoursePage.objects.get(course=course)
    page.cover = picture(content.cover, content.title, course)
    page.story = _story(course, content)
    page.save_revision(user=course.teacher)
    translate_course(course=course, language="en", title=content.en.title, tagline=content.en.tagline)
    translate_course(course=course, language="zh-hans", title=content.hans.title, tagline=content.hans.tagline)
    return course


def _story(course: Course, content: CourseContent) -> list[dict[str, Any]]:
    """What it is, what its chapters look like, and what students said."""
    names = {person.handle: person.name for person in PEOPLE}
    blocks = [_text(line) for line in content.description]
    for module in content.modules[:: 2 if len(content.modules) > 3 else 1]:
        shown = picture(module.picture, f"{content.title}：{module.title}", course)
        blocks += [_block("heading", module.title), _block("picture", shown.pk), _text(module.summary)]
    return blocks + [_block("quote", f"{review.text}\n{'★' * review.stars} {names[review.author]}") for review in content.reviews]


@transaction.atomic
def _write_lessons(course: Course, content: CourseContent) -> None:
    add_lessons(
        course=course,
        lessons=[_draft(course, module, lesson) for module in content.modules for lesson in module.lessons],
    )


def _draft(course: Course, module: ModuleContent, lesson: LessonContent) -> LessonDraft:
    place = course.slug, lesson.slug
    body = [_lesson_block(course, lesson, block) for block in lesson.sections]
    if place in OFFERS:
        body.append(_block("offer", f"offer:{Offer.objects.get(slug=OFFERS[place]).pk}"))
    if place in QUIZZES:
        title, questions = QUIZZES[place]
        body.append(_block("quiz", create_quiz(course=course, title=title, questions=questions, rules=RULES).pk))
    return LessonDraft(
        title=lesson.title,
        slug=lesson.slug,
        module=module.title,
        goal=lesson.goal,
        body=[*body, _text(lesson.summary)],
        is_preview=lesson.is_preview,
        minutes=10 + sum(block.minutes for block in lesson.sections if isinstance(block, Practice)),
        homework=HOMEWORK.get(place, ""),
    )


def _lesson_block(course: Course, lesson: LessonContent, block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return _text(block.text)
        case Steps():
            return _block("steps", list(block.items))
        case Callout():
            return _block("callout", block.text)
        case Image():
            return _media(course, block.asset, f"{lesson.title}（圖）", block.alt)
        case Audio():
            return _audio(course, lesson, block)
        case Practice():
            return _block("practice", {"minutes": block.minutes, "task": block.text})


def _audio(course: Course, lesson: LessonContent, block: Audio) -> dict[str, Any]:
    """The clip, with captions of what sounds."""
    row = media(course, block.asset, f"{lesson.title}（錄音）")
    if lesson.music is not None and not row.captions:
        save_captions(media=row, sources={"zh-hant": captions_of(lesson.music)})
    return _block("media", {"media": row.pk, "caption": block.caption})


def _media(course: Course, asset: str, title: str, caption: str) -> dict[str, Any]:
    return _block("media", {"media": media(course, asset, title).pk, "caption": caption})


def _text(text: str) -> dict[str, Any]:
    return _block("text", f"<p>{escape(text)}</p>")


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}
