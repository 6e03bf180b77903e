"""/people/<handle>/follow/: follow a person, or no more."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import public_profile
from community import flows


@require_POST
@login_required
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    """`follow` yes | no. A page that is not public is not there, its owner's own excepted."""
    profile = public_profile(request.user, handle)
    change = flows.follow if request.POST.get("follow") == "yes" else flows.unfollow
    change(user=request.user, person=profile.user)
    return redirect("people:person", handle=profile.handle)
