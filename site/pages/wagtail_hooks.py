"""The guided flow in Wagtail's admin: its addresses, its menu entry, its panel on the first page."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.backoffice import RoleMenuItem
from accounts.roles import has_role
from pages.guided.draft import ROLES, course_rows


@hooks.register("register_admin_urls")
def guided_urls() -> list[URLResolver]:
    return [path("new-course/", include("pages.guided.urls"))]


@hooks.register("register_admin_menu_item")
def new_course_item() -> MenuItem:
    return RoleMenuItem(_("New course"), "guided:courses", roles=ROLES, icon_name="glasses", order=10)


class CoursesPanel(Component):
    """Start a course, or go on with one."""

    name = "guided_courses"
    template_name = "pages/guided/panel.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        rows = course_rows(parent_context["request"].user)
        return {"drafts": [row for row in rows if not row.is_sold][:3], "count": len(rows)}  # type: ignore[attr-defined]


@hooks.register("construct_homepage_panels")
def add_courses_panel(request: HttpRequest, panels: list[Any]) -> None:
    if has_role(request.user, *ROLES):
        panels.append(CoursesPanel())


@hooks.register("insert_global_admin_css")
def guided_css() -> str:
    """The panel on the admin's first page is ours, the page around it Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/guided.css"))
