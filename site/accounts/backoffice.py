"""The rooms' own pages in Wagtail's admin: who may enter, and the frame around them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.auth import user_passes_test
from wagtail.admin.menu import MenuItem

from accounts.roles import has_role
from kit.clock import zone

ROWS_A_PAGE = 50
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Chip:
    """A filter of a list."""

    label: Any
    href: str
    on: bool


def for_roles(*names: str) -> Callable[[View], View]:
    """Let only these roles in; others are led to the admin's home with Wagtail's refusal (visitors to the login)."""
    decorate: Callable[[View], View] = user_passes_test(lambda user: has_role(user, *names))
    return decorate


class RoleMenuItem(MenuItem):
    """A menu entry that only these roles see."""

    def __init__(self, label: Any, url_name: str, *, roles: Iterable[str], icon_name: str, order: int) -> None:
        super().__init__(label, reverse(url_name), name=url_name.replace("_", "-"), icon_name=icon_name, order=order)
        self.roles = tuple(roles)

    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *self.roles)


def admin_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, icon: str, parents: Any = ()
) -> HttpResponse:
    """Render a page of the admin. `parents`: (label, url) of what lies above it, the section first.

    Staff speak of one time, the site's, wherever each of them lives.
    """
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": gettext("Home")}]
    crumbs += [{"url": url, "label": label} for label, url in parents]
    crumbs.append({"url": "", "label": title})
    frame = {"header_title": title, "header_icon": icon, "page_title": title, "breadcrumbs_items": crumbs}
    with timezone.override(zone(settings.TIME_ZONE)):
        return render(request, template, {**frame, **context})


def page_of(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", per_page: int = ROWS_A_PAGE) -> "Page[Any]":
    """One page of a list, by `?p=`; a page that does not exist is the nearest one."""
    return Paginator(rows, per_page).get_page(request.GET.get("p"))


def chips(request: HttpRequest, name: str, choices: Iterable[tuple[str, Any]], current: str) -> list[Chip]:
    """Filters by `?name=`, keeping the other filters and beginning again at the first page."""
    found = []
    for value, label in choices:
        query = request.GET.copy()
        query.pop("p", None)
        query[name] = value
        found.append(Chip(label, f"?{query.urlencode()}", str(value) == current))
    return found
