"""The course as a visitor or a student will see it, before anything is published.

The real pages are rendered as if everything were published, inside a transaction that is always undone: what is shown
cannot differ from what will be shown, and nobody else sees any of it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page

from accounts.models import User
from courses.flows import grant_seat
from courses.models import CoursePage, Lesson, LessonPage
from courses.reads.catalogue import landing_variants
from courses.reads.language import best
from courses.views.catalogue import landing_page
from courses.views.lesson import lesson as lesson_view
from kit.clock import FALLBACK_ZONE, local_date, now
from pages.guided.draft import Draft
from shop.catalogue.models import Offer

Render = Callable[[HttpRequest], HttpResponse]


def preview(request: HttpRequest, draft: Draft, *, day: int | None, lesson_slug: str = "") -> HttpResponse:
    """The landing page, or a lesson. `day` None: as a visitor; else as a student on that day of the class."""

    def render(asking: HttpRequest) -> HttpResponse:
        if lesson_slug:
            return lesson_view(asking, draft.course.slug, lesson_slug)
        variants = landing_variants(draft.course.slug, asking.user)
        page = best(variants)
        if page is None:
            raise Http404
        return landing_page(asking, page, variants)

    return _inside(_as_if_published(request, draft, day, bool(lesson_slug), render), draft, day)


def _as_if_published(request: HttpRequest, draft: Draft, day: int | None, at_a_lesson: bool, render: Render) -> HttpResponse:
    person = request.user
    with transaction.atomic():
        _publish_for_now(draft)
        try:
            request.user = _somebody(draft, day, at_a_lesson)
            return render(request)
        finally:
            request.user = person
            transaction.set_rollback(True)


def _publish_for_now(draft: Draft) -> None:
    """As publishing would, without its history: rows only, undone a moment later."""
    own = Q(pk__in=CoursePage.objects.filter(course=draft.course)) | Q(
        pk__in=LessonPage.objects.filter(lesson__course=draft.course)
    )
    pages = Page.objects.filter(own)
    changed = [page.specific for page in pages if page.has_unpublished_changes and page.latest_revision_id]
    for page in changed:
        newest = page.get_latest_revision_as_object()
        names = [field.name for field in type(page)._meta.local_fields if not field.primary_key and not field.is_relation]
        extra = {"cover": newest.cover} if isinstance(newest, CoursePage) else {}
        type(page).objects.filter(pk=page.pk).update(
            title=newest.title, **{name: getattr(newest, name) for name in names}, **extra
        )
    pages.update(live=True, draft_title=F("title"))
    if draft.offer is not None:
        Offer.objects.filter(pk=draft.offer.pk).update(state=Offer.State.LIVE)


def _somebody(draft: Draft, day: int | None, at_a_lesson: bool) -> Any:
    """A visitor; at a lesson somebody signed in, since visitors are led to the login; with a day, a student on that day."""
    if day is None and not at_a_lesson:
        return AnonymousUser()
    zone = draft.cohort.time_zone if draft.cohort else FALLBACK_ZONE
    user = User.objects.create(email="preview@invalid", name="", time_zone=zone)
    if day is not None and draft.cohort is not None:
        starts_on = local_date(now(), zone) - timedelta(days=day - 1)
        grant_seat(user=user, cohort=draft.cohort, source="preview", starts_on=starts_on)
    return user


def _inside(response: HttpResponse, draft: Draft, day: int | None) -> HttpResponse:
    """Links between the course's pages stay within the preview."""
    # The refusal that a stranger meets is what was asked for here.
    response.status_code = 200
    public, own = (
        reverse("courses:landing", args=[draft.course.slug]),
        reverse("guided:look", args=[draft.course.pk]),
    )
    query = "" if day is None else f"?day={day}"
    text = response.content.decode()
    for slug in Lesson.objects.filter(course=draft.course).values_list("slug", flat=True):
        text = text.replace(f'href="{public}{slug}/"', f'href="{own}{slug}/{query}"')
    text = text.replace(f'href="{public}"', f'href="{own}{query}"')
    response.content = text.encode()
    return response
