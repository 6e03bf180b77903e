"""/account/: who I am here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.flows import ensure_profile, update_profile
from accounts.forms import ProfileForm
from accounts.portraits import BadPortrait
from kit.pictures import THUMB, picture_urls
from kit.storage import StorageFault


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Read and write one's own profile; the way to addresses, security and privacy."""
    profile = ensure_profile(user=request.user)
    form = ProfileForm(request.POST or None, request.FILES or None, user=request.user, profile=profile)
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=request.user, **{"without_portrait": False, **form.cleaned_data})
        except BadPortrait as error:
            form.add_error("portrait", str(error))
        except (OSError, *StorageFault):
            form.add_error("portrait", _("The picture could not be stored just now. Nothing was changed; try again in a minute."))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:account")
    portrait = picture_urls([profile.portrait], THUMB).get(profile.portrait_id or 0, "")
    status = 422 if form.errors else 200
    return render(request, "account/account.html", {"form": form, "profile": profile, "portrait": portrait}, status=status)
