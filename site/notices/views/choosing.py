"""/notices/settings/: what one wants to hear, how, and when not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from notices import gates, groups
from notices.choices import places_with_choices
from notices.forms import ChoicesForm, PlaceForm


@login_required
@cache_control(private=True, no_store=True)
def settings_page(request: HttpRequest) -> HttpResponse:
    """Every group, quiet hours, and a way to each space's own page."""
    form = ChoicesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.apply()
        messages.success(request, _("Saved."))
        return redirect("notices:settings")
    apart = places_with_choices(request.user)
    places = [
        {"ref": ref.replace(":", "-"), "name": name, "apart": ref in apart} for ref, name in gates.places_of(request.user).items()
    ]
    fixed = [group for group in groups.ALL if group.is_fixed]
    context = {"form": form, "places": places, "fixed": fixed, "zone": request.user.time_zone}  # type: ignore[union-attr]
    return render(request, "notices/settings.html", context, status=400 if form.errors else 200)


@login_required
@cache_control(private=True, no_store=True)
def place_page(request: HttpRequest, kind: str, ident: int) -> HttpResponse:
    """The same for one space that is the person's own; any other is a missing one."""
    place = f"{kind}:{ident}"
    name = gates.places_of(request.user).get(place)
    if name is None:
        raise Http404("not a place of this person")
    form = PlaceForm(request.POST or None, user=request.user, place=place)
    if request.method == "POST" and form.is_valid():
        form.apply()
        messages.success(request, _("Saved."))
        return redirect("notices:settings")
    return render(request, "notices/place.html", {"form": form, "name": name}, status=400 if form.errors else 200)
