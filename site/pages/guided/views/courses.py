"""One's courses, and the way back into each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.backoffice import admin_page
from kit.pictures import picture_urls
from pages.guided.draft import course_rows, own_draft
from pages.guided.views.frame import teachers_only


@require_GET
@teachers_only
def courses(request: HttpRequest) -> HttpResponse:
    """All of one's courses, drafts and published ones; with none yet, the first step of the first."""
    rows = course_rows(request.user)
    if not rows:
        return redirect("guided:start")
    pictures = picture_urls([row.cover for row in rows])  # type: ignore[attr-defined]
    entries = [{"course": row, "picture": pictures.get(row.cover.pk, "") if row.cover else ""} for row in rows]  # type: ignore[attr-defined]
    return admin_page(request, "pages/guided/courses.html", {"entries": entries}, title=_("My courses"), icon="glasses")


@require_GET
@teachers_only
def go_on(request: HttpRequest, course_id: int) -> HttpResponse:
    """Where this course was left."""
    draft = own_draft(request.user, course_id)
    return redirect(f"guided:{draft.next_step}", course_id)
