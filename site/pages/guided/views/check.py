"""Step 6: look at it as a student will, see what is missing, publish."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.backoffice import admin_page
from kit.paths import site_address
from pages.guided import flows
from pages.guided.checklist import checklist, missing
from pages.guided.draft import Draft, own_draft
from pages.guided.preview import preview
from pages.guided.views.frame import screen, teachers_only


@teachers_only
def check(request: HttpRequest, course_id: int) -> HttpResponse:
    """The checklist, the preview, and the button. Once published: the addresses."""
    draft = own_draft(request.user, course_id)
    if request.method == "POST":
        try:
            flows.publish(draft=draft, actor=request.user)
        except flows.NotReady:
            messages.error(request, _("Not yet: the list says what is missing."))
        else:
            messages.success(request, _("It is for sale."))
        return redirect("guided:check", course_id)
    items = checklist(draft)
    paid = next((row for row in draft.lessons if not row.is_preview), None)
    context = {
        "items": items,
        "missing": missing(draft),
        "paid_lesson": paid,
        "places": _places(draft) if draft.is_published else [],
        "has_news": draft.is_published and draft.has_news,
        "last_day": draft.course.days,
    }
    return screen(request, "check", draft, context)


def _places(draft: Draft) -> list[dict[str, str]]:
    """Addresses to hand on, the short link first."""
    course = draft.course.slug
    offer = draft.offer.slug if draft.offer else course
    found = [
        ("course", _("Course page"), reverse("courses:landing", args=[course]), ""),
        ("shop", _("In the shop"), reverse("catalogue:offer", args=[offer]), ""),
    ]
    if draft.link is not None:
        path = reverse("referrals:link", args=[draft.link.code])
        found.insert(0, ("link", _("Link to share"), path, _("Short, for messages and posters. Visits are counted.")))
    return [{"id": ident, "label": label, "url": site_address(path), "note": note} for ident, label, path, note in found]


@require_GET
@teachers_only
def lessons(request: HttpRequest, course_id: int) -> HttpResponse:
    """All lessons with the way to each one's page editor."""
    draft = own_draft(request.user, course_id)
    parents = [(_("My courses"), reverse("guided:courses")), (draft.page.title, reverse("guided:go_on", args=[course_id]))]
    return admin_page(request, "pages/guided/lessons.html", {"draft": draft}, title=_("Lessons"), icon="list-ul", parents=parents)


@require_GET
@teachers_only
def look(request: HttpRequest, course_id: int, lesson_slug: str = "") -> HttpResponse:
    """A page of the course as a visitor sees it, or (`?day=3`) a student on that day."""
    draft = own_draft(request.user, course_id)
    day = request.GET.get("day", "")
    on_day = min(int(day), draft.course.days) if day.isdecimal() and len(day) < 5 and int(day) else None
    return preview(request, draft, day=on_day, lesson_slug=lesson_slug)
