"""/account/works/: pictures of what one made, for one's public page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import flows
from accounts.forms import WorkForm
from accounts.models import Work
from accounts.portraits import BadPortrait
from kit.pictures import picture_urls

MOST = 24
SHOWN = "fill-480x480|format-webp"


def works_of(user: object) -> list[dict[str, object]]:
    """Works with their pictures' addresses, the newest first. Two queries."""
    rows = list(Work.objects.filter(user=user).select_related("picture")[:MOST])
    urls = picture_urls([row.picture for row in rows], SHOWN)
    return [{"work": row, "url": urls.get(row.picture_id, "")} for row in rows]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def works(request: HttpRequest) -> HttpResponse:
    shown = works_of(request.user)
    form = WorkForm(request.POST, request.FILES) if request.method == "POST" else WorkForm()
    if form.is_bound and form.is_valid() and len(shown) < MOST:
        try:
            flows.add_work(user=request.user, title=form.cleaned_data["title"], upload=form.cleaned_data["picture"])
        except BadPortrait as error:
            form.add_error("picture", str(error))
        else:
            messages.success(request, _("It is on your page."))
            return redirect("people:works")
    status = 422 if form.is_bound else 200
    context = {"works": shown, "form": form, "full": len(shown) >= MOST}
    return render(request, "account/works.html", context, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, work_id: int) -> HttpResponse:
    flows.remove_work(work=get_object_or_404(Work.objects.select_related("picture"), pk=work_id, user=request.user))
    messages.success(request, _("It is gone from your page."))
    return redirect("people:works")
