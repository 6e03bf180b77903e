"""The catalogue and the landing page of a course: public."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from courses.models import Course, CoursePage
from courses.permissions import actions_of, keep_ties
from courses.reads import catalogue as reads
from courses.reads.language import best, original_language
from courses.reads.pictures import rendition
from kit import share_cards, things
from kit.pictures import picture_urls
from kit.visitor_pages import kept_for_visitors

HERO = "fill-1200x900|format-webp"
FACE = "fill-192x192|format-webp"


@kept_for_visitors
def catalogue(request: HttpRequest) -> HttpResponse:
    """All announced courses with their prices."""
    pages = reads.announced_courses()
    ids = [page.course_id for page in pages]
    offers = things.cards("course_offer", ids, request)
    pictures = picture_urls([page.cover for page in pages])
    lessons = reads.lessons_by_course(ids)
    entries = [
        {
            "page": page,
            "offer": offers.get(str(page.course_id)),
            "picture": pictures.get(page.cover_id or 0, ""),
            "lessons": lessons.get(page.course_id, 0),
        }
        for page in pages
    ]
    return render(request, "courses/catalogue.html", {"entries": entries})


@kept_for_visitors
def landing(request: HttpRequest, course_slug: str) -> HttpResponse:
    """What a course is, for everyone; a course without a published page is not there."""
    page = best(variants := reads.landing_variants(course_slug, request.user))
    if page is None:
        raise Http404
    return landing_page(request, page, variants)


def landing_page(request: HttpRequest, page: CoursePage, variants: list[CoursePage] | None = None) -> HttpResponse:
    """Render one variant; a draft comes here from Wagtail's preview. An empty part shows the original's, marked."""
    variants = variants or [page]
    course = keep_ties(page) if hasattr(page, "has_seat") else page.course
    parts = {name: _part(page, variants, name) for name in ("story", "teacher_story", "outcomes", "questions")}
    chapters = reads.syllabus(course, request.user)
    rows = [row for chapter in chapters for row in chapter.rows]
    context = {
        "page": page,
        "course": course,
        "parts": parts,
        "outcomes": reads.outcomes(parts["outcomes"]["page"]),
        "chapters": chapters,
        "lesson_count": len(rows),
        "cohorts": partial(reads.open_cohorts, course),  # asked for only where no shop shows the classes
        "preview": next((row for row in rows if row.lesson.is_preview), None),
        "has_seat": getattr(course, "has_seat", False),
        "teaches": bool(actions_of(request.user, course)),
        "cover": rendition(page.cover, HERO),
        "original": original_language(page),
        "portrait": _portrait(course),
        "og_title": page.title,
        "og_description": page.tagline,
        "og_image": share_cards.address("course", course.slug),
        "structured": _structured(page),
        "today": next((row for row in rows if row.state == "today"), None),
    }
    return render(request, "courses/landing.html", context)


def _portrait(course: Course) -> Any:
    profile = getattr(course.teacher, "profile", None)
    return rendition(profile.portrait, FACE) if profile else None


def _part(page: CoursePage, variants: list[CoursePage], name: str) -> dict[str, Any]:
    """The page that holds this part: the reader's variant, or where that is empty the first that has it, marked."""
    if getattr(page, name):
        return {"page": page, "value": getattr(page, name), "original": ""}
    others = sorted((other for other in variants if getattr(other, name)), key=lambda other: other.pk)
    source = others[0] if others else page
    return {"page": source, "value": getattr(source, name), "original": original_language(source) if others else ""}


def _structured(page: CoursePage) -> dict[str, Any]:
    """schema.org/Course, public facts only: https://schema.org/Course."""
    url = settings.SITE_URL + reverse("courses:landing", args=[page.course.slug])
    teacher = page.course.teacher
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": page.title,
        "description": page.tagline or page.title,
        "url": url,
        "inLanguage": page.locale.language_code,
        "provider": {"@type": "Person", "name": teacher.display_name},
    }
