"""Things of a course in Wagtail's admin: each teacher's own, made, changed and chosen there, never another's."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import chooser, snippets

from accounts.roles import INSTRUCTOR, has_role, oversees
from courses.permissions import Can, taught_courses, teaches

INSTRUCTORS_MAY = {"add", "change", "view"}


def own_rows(model: Any, user: Any) -> QuerySet[Any]:
    """Rows of `model` (which has a `course`) of the courses this person answers for, newest first."""
    return model.objects.filter(course__in=taught_courses(user, Can.EDIT)).select_related("course").order_by("-pk")


class OwnPolicy(ModelPermissionPolicy):  # type: ignore[misc]  # Wagtail is untyped
    """The owner may do everything; an instructor may add, see and change, each row by who answers for its course.

    Deleting is the owner's: a file or quiz may stand in a revision that a class has pinned.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return user.is_superuser or oversees(user) or (action in INSTRUCTORS_MAY and has_role(user, INSTRUCTOR))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action) and (user.is_superuser or teaches(user, instance.course, Can.EDIT))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        return own_rows(self.model, user)


class Own:
    """A view of one row: another's is not there."""

    request: HttpRequest
    # Django would call it after the model, and `media` is Wagtail's name for a page's scripts and styles.
    context_object_name = "item"

    def get_object(self, queryset: Any = None) -> Any:
        item: Any = super().get_object(queryset) if queryset else super().get_object()  # type: ignore[misc]
        if not (self.request.user.is_superuser or teaches(self.request.user, item.course, Can.EDIT)):  # type: ignore[union-attr]
            raise Http404
        return item


class OwnEditView(Own, snippets.EditView):  # type: ignore[misc]
    pass


class OwnDeleteView(Own, snippets.DeleteView):  # type: ignore[misc]
    pass


class OwnUsageView(Own, snippets.UsageView):  # type: ignore[misc]
    pass


class OwnHistoryView(Own, snippets.HistoryView):  # type: ignore[misc]
    pass


class OwnChoices:
    """The chooser's lists: one's own rows."""

    request: HttpRequest
    model_class: Any

    def get_object_list(self) -> QuerySet[Any]:
        return own_rows(self.model_class, self.request.user)


class ChooseView(OwnChoices, chooser.ChooseView):  # type: ignore[misc]
    pass


class ChooseResultsView(OwnChoices, chooser.ChooseResultsView):  # type: ignore[misc]
    pass


class ChosenView(chooser.SnippetChosenView):  # type: ignore[misc]
    def get_object(self, pk: Any) -> Any:
        return own_rows(self.model_class, self.request.user).get(pk=pk)


class ChosenMultipleView(chooser.SnippetChosenMultipleView):  # type: ignore[misc]
    def get_objects(self, pks: Any) -> QuerySet[Any]:
        return own_rows(self.model_class, self.request.user).filter(pk__in=pks)


class OwnChooser(chooser.SnippetChooserViewSet):  # type: ignore[misc]
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
