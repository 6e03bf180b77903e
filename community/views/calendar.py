"""A space's calendar of topics that open by themselves, for its owners."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import flows
from community.access import Standing
from community.errors import NotSound
from community.flows.calendar import next_date
from community.models import Recurring
from community.space_forms import WEEKDAYS, RecurringForm
from community.views.common import said
from community.views.space_settings import owners_only
from kit.clock import now


@owners_only
def calendar(request: HttpRequest, standing: Standing) -> HttpResponse:
    form = RecurringForm(request.POST or None, space=standing.space)
    if request.method == "POST" and form.is_valid():
        try:
            flows.add_recurring(by=request.user, space=standing.space, **form.values())
            messages.success(request, _("Saved."))
            return redirect("community:calendar", standing.space.slug)
        except NotSound as error:
            form.add_error(None, said(error))
    entries = list(Recurring.objects.filter(space=standing.space).order_by("pk"))
    for entry in entries:
        entry.space = standing.space
        entry.next_on = next_date(entry, now())  # type: ignore[attr-defined]
        entry.words = _words(entry)  # type: ignore[attr-defined]
    context = {"space": standing.space, "standing": standing, "entries": entries, "form": form, "here": "calendar"}
    return render(request, "community/space/calendar.html", context, status=400 if form.errors else 200)


@require_POST
@owners_only
def change_entry(request: HttpRequest, standing: Standing, entry_id: int) -> HttpResponse:
    """`do` pause | go_on | end."""
    entry = get_object_or_404(Recurring.objects.select_related("space"), pk=entry_id, space=standing.space)
    wish = request.POST.get("do", "")
    if wish == "end":
        flows.end_recurring(by=request.user, entry=entry)
    elif wish in ("pause", "go_on"):
        flows.pause_recurring(by=request.user, entry=entry, on=wish == "pause")
    return redirect("community:calendar", standing.space.slug)


def _words(entry: Recurring) -> str:
    """The rhythm in words."""
    at = entry.at.strftime("%H:%M")
    if entry.rhythm == Recurring.Rhythm.WEEKLY:
        return _("every %(day)s at %(at)s") % {"day": WEEKDAYS[entry.step], "at": at}
    if entry.rhythm == Recurring.Rhythm.MONTHLY:
        return _("on day %(day)d of every month at %(at)s") % {"day": entry.step, "at": at}
    return _("every %(n)d days at %(at)s") % {"n": entry.step, "at": at}
