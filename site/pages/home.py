"""What the front page shows. A fixed number of queries, whatever there is to show."""

from typing import Any

from django.http import HttpRequest

from community.reads import public_spaces
from courses.models import CoursePage, LessonPage
from courses.reads.catalogue import announced_courses
from courses.reads.pictures import rendition
from kit import things
from kit.models import Picture
from kit.pictures import LARGE, picture_urls
from pages.models import HomePage

MOST_COURSES = 6
MOST_SPACES = 3
SQUARE = "fill-320x320|format-webp"
SHARED = "fill-1200x630|format-jpeg"  # Open Graph; not every messenger reads WebP


def front_page(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """The context of pages/home.html: courses with prices, the first lesson to try, teachers, public spaces."""
    courses = announced_courses()[:MOST_COURSES]
    hero = page.hero or next((row.cover for row in courses if row.cover_id), None)
    shared = rendition(hero, SHARED)
    return {
        "page": page,
        "entries": _entries(courses, request),
        "hero": picture_urls([hero], LARGE).get(hero.pk, "") if hero else "",
        "preview": _preview(courses),
        "teachers": _teachers(courses),
        "spaces": public_spaces(limit=MOST_SPACES),
        "og_title": page.headline or page.title,
        "og_description": page.tagline,
        "og_image": shared.full_url if shared else "",
    }


def _entries(courses: list[CoursePage], request: HttpRequest) -> list[dict[str, Any]]:
    offers = things.cards("course_offer", [row.course_id for row in courses], request)
    pictures = picture_urls([row.cover for row in courses])
    return [
        {"page": row, "offer": offers.get(str(row.course_id)), "picture": pictures.get(row.cover_id or 0, "")} for row in courses
    ]


def _preview(courses: list[CoursePage]) -> Any:
    """The free lesson of the course that comes first here, with its course; None where there is none."""
    free = LessonPage.objects.filter(live=True, lesson__is_preview=True, lesson__course__in=[row.course_id for row in courses])
    found = {row.lesson.course_id: row.lesson for row in free.select_related("lesson__course").order_by("-lesson__position")}
    return next((found[row.course_id] for row in courses if row.course_id in found), None)


def _teachers(courses: list[CoursePage]) -> list[dict[str, Any]]:
    """Who teaches the courses shown, each once, with a portrait and the words of their public page."""
    people = list({row.course.teacher_id: row.course.teacher for row in courses}.values())
    profiles = {person.pk: getattr(person, "profile", None) for person in people}
    ids = [profile.portrait_id for profile in profiles.values() if profile and profile.portrait_id]
    portraits = picture_urls(Picture.objects.filter(pk__in=ids), SQUARE) if ids else {}
    return [
        {"person": person, "profile": profile, "portrait": portraits.get(profile.portrait_id or 0, "") if profile else ""}
        for person, profile in ((person, profiles[person.pk]) for person in people)
    ]
