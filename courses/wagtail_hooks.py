"""What Wagtail's admin shows of courses, and to whom."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.permissions import page_permission_policy, register_permission_policy
from wagtail.snippets.models import register_snippet

from accounts.backoffice import RoleMenuItem
from accounts.roles import INSTRUCTOR, OWNER, oversees
from courses.back_office import documents, imports, uploads
from courses.back_office.media import MediaViewSet
from courses.back_office.own import OwnPolicy
from courses.back_office.quiz import QuizViewSet
from courses.models import CatalogPage, CoursePage, LessonPage, Media, Quiz

for model, viewset in ((Media, MediaViewSet), (Quiz, QuizViewSet)):
    register_permission_policy(model, OwnPolicy(model))
    register_snippet(viewset)


@hooks.register("construct_page_chooser_queryset")
def own_pages_to_choose(pages: Any, request: HttpRequest) -> Any:
    """Without this an instructor sees another's unpublished titles when linking to a page."""
    return pages.filter(pk__in=page_permission_policy.explorable_instances(request.user).values("pk"))


@hooks.register("construct_explorer_page_queryset")
def own_pages_to_explore(parent: Any, pages: Any, request: HttpRequest) -> Any:
    return pages.filter(pk__in=page_permission_policy.explorable_instances(request.user).values("pk"))


@hooks.register("before_copy_page")
def no_copies(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A copied page would stand beside the first for the same lesson: courses are copied by their own flow."""
    if not isinstance(page.specific, CatalogPage | CoursePage | LessonPage):
        return None
    messages.error(request, gettext("Courses and lessons are not copied page by page."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("construct_reports_menu")
def owners_reports(request: HttpRequest, items: list[Any]) -> None:
    """The report of page types counts and names pages of everybody: the guard keeps it for the owner."""
    if not (request.user.is_superuser or oversees(request.user)):
        items[:] = [item for item in items if item.name != "page-types-usage"]


@hooks.register("construct_homepage_summary_items", order=100)
def no_count_of_others_pages(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail counts everybody's pages and links to a root where an instructor finds none to write."""
    if not (request.user.is_superuser or oversees(request.user)):
        items[:] = [item for item in items if not isinstance(item, PagesSummaryItem)]


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("courses/import/", imports.imports, name="course_imports"),
        path("courses/import/<int:course_id>/", imports.report, name="course_import_report"),
        path("courses/<int:course_id>/document/", documents.documents, name="course_document"),
        path("courses/<int:course_id>/document/<int:document_id>/", documents.preview, name="course_document_preview"),
        path("courses/upload/", uploads.uploads, name="course_uploads"),
        path("courses/upload/begin/", uploads.begin, name="course_upload_begin"),
        path("courses/upload/<int:upload_id>/part/<int:number>/", uploads.part, name="course_upload_part"),
        path("courses/upload/<int:upload_id>/finish/", uploads.finish, name="course_upload_finish"),
        path("courses/upload/<int:upload_id>/stop/", uploads.stop, name="course_upload_stop"),
    ]


@hooks.register("register_admin_menu_item")
def import_item() -> MenuItem:
    return RoleMenuItem(_("Import a course"), "course_imports", roles=(INSTRUCTOR, OWNER), icon_name="upload", order=132)


@hooks.register("register_admin_menu_item")
def upload_item() -> MenuItem:
    return RoleMenuItem(_("Upload film or sound"), "course_uploads", roles=(INSTRUCTOR, OWNER), icon_name="upload", order=131)


@hooks.register("register_admin_menu_item")
def teach_item() -> MenuItem:
    return RoleMenuItem(_("Teach"), "courses:teach", roles=(INSTRUCTOR, OWNER), icon_name="group", order=120)
