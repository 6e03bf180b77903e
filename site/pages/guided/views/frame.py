"""What every screen of the flow shows around its form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backoffice import admin_page, for_roles
from pages.guided.draft import ROLES, STEPS, Draft

TITLES = {
    "name": gettext_lazy("Name and picture"),
    "outline": gettext_lazy("Outline"),
    "price": gettext_lazy("Price and class"),
    "kit": gettext_lazy("Kit"),
    "sharing": gettext_lazy("Referral"),
    "check": gettext_lazy("Look and publish"),
}
# Along the top, where six stand side by side.
SHORT = {
    "name": gettext_lazy("Course"),
    "outline": TITLES["outline"],
    "price": gettext_lazy("Price"),
    "kit": TITLES["kit"],
    "sharing": TITLES["sharing"],
    "check": gettext_lazy("Publish"),
}
# Kit and referral divide a price: without one they cannot be shown.
NEED_A_PRICE = ("kit", "sharing")
teachers_only = for_roles(*ROLES)


def screen(request: HttpRequest, step: str, draft: Draft | None, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render pages/guided/<step>.html within the flow."""
    parents = [(_("My courses"), reverse("guided:courses"))]
    position = STEPS.index(step)
    frame = {
        "step": step,
        "steps": _trail(step, draft),
        "number": position + 1,
        "count": len(STEPS),
        "draft": draft,
        "step_title": TITLES[step],
        "back": reverse(f"guided:{STEPS[position - 1]}", args=[draft.course.pk])
        if draft and position
        else reverse("guided:courses"),
    }
    title = draft.page.title if draft else _("New course")
    response = admin_page(
        request, f"pages/guided/{step}.html", {**frame, **context}, title=title, icon="glasses", parents=parents
    )
    response.status_code = status
    return response


def _trail(step: str, draft: Draft | None) -> list[dict[str, Any]]:
    done = draft.done if draft else {}
    return [
        {
            "label": SHORT[name],
            "title": TITLES[name],
            "current": name == step,
            "done": done.get(name, False),
            "number": number,
            "href": reverse(f"guided:{name}", args=[draft.course.pk])
            if draft and (draft.offer or name not in NEED_A_PRICE)
            else "",
        }
        for number, name in enumerate(STEPS, 1)
    ]


def onward(request: HttpRequest, step: str, course_id: int) -> HttpResponse:
    """After a step was saved: to the next, or to one's courses."""
    if "leave" in request.POST:
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect("guided:courses")
    return redirect(f"guided:{STEPS[STEPS.index(step) + 1]}", course_id)


def price_first(request: HttpRequest, draft: Draft) -> HttpResponse:
    messages.warning(request, _("Please set the price first."))
    return redirect("guided:price", draft.course.pk)
