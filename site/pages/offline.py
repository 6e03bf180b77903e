"""The site as an app on the phone: manifest, service worker, the page shown without a net, which kept lessons are still open.

A person's kept pages are theirs alone (SAFETY.md): every answer to somebody signed in bears their mark, the worker keeps
lessons under it and throws them away at the first answer with another mark or none.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.access import course_access
from courses.models import Course, Lesson
from kit.paths import without_language

MOST_KEPT = 40
STYLES = ("tokens", "base", "layout", "components", "forms", "patterns", "pieces", "community", "shop", "courses")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """W3C Web Application Manifest. It opens at one's own learning."""
    name = settings.WAGTAIL_SITE_NAME
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    values = {
        "id": "/",
        "name": name,
        "short_name": name[:12],
        "start_url": "/learn/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf6ec",
        "theme_color": "#fbf6ec",
        "icons": icons,
        "shortcuts": [{"name": _("My learning"), "url": "/learn/"}],
    }
    return JsonResponse(values, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it may serve every page."""
    files = [*(static(f"css/{name}.css") for name in STYLES), static("js/courseyard.js"), static("img/favicon.svg")]
    context = {"files": files, "days": settings.OFFLINE_DAYS, "most": MOST_KEPT}
    return render(request, "pages/worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(private=True, no_store=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown where there is no net and no kept copy."""
    return render(request, "pages/offline.html")


@require_safe
@cache_control(private=True, no_store=True)
def still_open(request: HttpRequest) -> JsonResponse:
    """`?path=` (several, 40 at most): those of these lessons that this person may read now. Four queries a course."""
    wanted: dict[str, tuple[str, str]] = {}
    for path in request.GET.getlist("path")[:MOST_KEPT]:
        if found := _lesson_at(path):
            wanted[path] = found
    courses = {course.slug: course for course in Course.objects.filter(slug__in={slug for slug, _lesson in wanted.values()})}
    granted: set[tuple[str, str]] = set()
    for slug, course in courses.items():
        names = {lesson for own, lesson in wanted.values() if own == slug}
        lessons = list(Lesson.objects.filter(course=course, slug__in=names).select_related("course"))
        access = course_access(request.user, course, lessons)
        granted |= {(slug, lesson.slug) for lesson in lessons if access[lesson.pk].granted}
    return JsonResponse({"open": [path for path, place in wanted.items() if place in granted]})


def _lesson_at(path: str) -> tuple[str, str] | None:
    """(course's slug, lesson's slug) of a path of ours, else None."""
    try:
        match: Any = resolve(without_language(path))
    except (Resolver404, ValueError):
        return None
    if match.view_name != "courses:lesson":
        return None
    return match.kwargs["course_slug"], match.kwargs["lesson_slug"]
