"""What Wagtail shows to anyone who knows an id, kept from whom it does not belong to.

Wagtail checks rights where something is changed; some views only name things (the chooser below a page, what was
chosen, bulk actions, moving, the report of page types) and would tell an instructor the unpublished titles of
another. They answer as if the thing were not there.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from wagtail.images import get_image_model
from wagtail.permissions import page_permission_policy, policy_registry

from accounts.roles import oversees
from courses.back_office.own import own_rows
from courses.models import Media, Quiz

Handler = Callable[[HttpRequest], HttpResponse]
PAGE_IDS = {
    "wagtailadmin_explore": ("parent_page_id",),
    "wagtailadmin_choose_page_child": ("parent_page_id",),
    "wagtailadmin_pages:move_confirm": ("page_to_move_id", "destination_id"),
    "wagtailadmin_pages:move": ("page_to_move_id",),
}
OWNERS_ONLY = {"wagtailadmin_reports:page_types_usage", "wagtailadmin_reports:page_types_usage_results"}
OWN_MODELS: dict[tuple[str, str], Any] = {("courses", "media"): Media, ("courses", "quiz"): Quiz}
PICTURE_RIGHTS = ("add", "change", "delete", "choose")


class OwnCoursesOnly:
    """Middleware for /admin/: instructors reach by id only what is theirs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        if match is None or not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return
        ids, own = _named_things(request, match)
        if not ids and match.view_name not in OWNERS_ONLY:
            return
        if request.user.is_superuser or oversees(request.user):
            return
        if match.view_name in OWNERS_ONLY or own is None or own.filter(pk__in=ids).count() < len(ids):
            raise Http404


def _named_things(request: HttpRequest, match: ResolverMatch) -> tuple[set[str], QuerySet[Any] | None]:
    """Ids that this address names, and the rows of that kind that the person may know of."""
    user, kwargs = request.user, match.kwargs
    if match.view_name in PAGE_IDS:
        return {str(kwargs[name]) for name in PAGE_IDS[match.view_name]}, page_permission_policy.explorable_instances(user)
    if match.view_name == "wagtailadmin_choose_page_chosen_multiple":
        return _numbers(request.GET.getlist("id")), page_permission_policy.explorable_instances(user)
    if match.view_name == "wagtail_bulk_action":
        model = (kwargs["app_label"], kwargs["model_name"])
        return _numbers([*request.GET.getlist("id"), *request.GET.getlist("childOf")]), _own_rows(user, model)
    if match.view_name in {"wagtailimages_chooser:chosen", "wagtailimages_chooser:select_format"}:
        return {str(value) for value in kwargs.values()}, _own_pictures(user)
    return set(), None


def _own_rows(user: Any, model: tuple[str, str]) -> QuerySet[Any] | None:
    if model == ("wagtailcore", "page"):
        return page_permission_policy.explorable_instances(user)
    if model in OWN_MODELS:
        return own_rows(OWN_MODELS[model], user)
    return _own_pictures(user) if model == ("kit", "picture") else None


def _own_pictures(user: Any) -> QuerySet[Any]:
    pictures = get_image_model()
    return policy_registry.get_by_type(pictures).instances_user_has_any_permission_for(user, PICTURE_RIGHTS)


def _numbers(ids: Iterable[str]) -> set[str]:
    return {ident for ident in ids if ident.isdecimal() and len(ident) < 19}
