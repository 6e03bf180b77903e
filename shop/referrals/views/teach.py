"""/teach/referrers/: who brings students that finish, and a word of thanks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from courses.views.teach import teachers_only
from shop.referrals import flows
from shop.referrals.bringers import bringers, has_brought
from shop.referrals.forms import ThanksForm


@teachers_only
@require_safe
def referrers(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/promote/bringers.html", {"bringers": bringers(request.user)})


@teachers_only
@require_http_methods(["GET", "HEAD", "POST"])
def thank(request: HttpRequest, referrer_id: int) -> HttpResponse:
    """404 for anybody who brought nobody to one's courses."""
    if not has_brought(request.user, referrer_id):
        raise Http404
    referrer, form = get_object_or_404(User, pk=referrer_id), ThanksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.thank_referrer(referrer=referrer, teacher=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("%(name)s will read it.") % {"name": referrer.display_name})
        return redirect("referrals:bringers")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "shop/promote/thank.html", {"form": form, "person": referrer}, status=status)
