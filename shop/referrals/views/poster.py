"""/promote/links/<code>/: everything to share one link with: text, code, three posters, a picture of one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from fpdf import FPDF

from courses.files import FileRefused, FileTooLarge
from shop.referrals import flows
from shop.referrals.drawing import DESIGNS
from shop.referrals.forms import HomeworkPictureForm, OwnPictureForm
from shop.referrals.models import Link
from shop.referrals.posters import homework_pictures, poster_of

A5 = (148.0, 210.0)


def _own_link(request: HttpRequest, code: str) -> Link:
    rows = Link.objects.filter(owner=request.user, killed_at=None).select_related("owner", "picture")
    return get_object_or_404(rows, code=code)


@login_required
@require_safe
def share(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _own_link(request, code), OwnPictureForm(), status=200)


def _page(request: HttpRequest, link: Link, form: OwnPictureForm, *, status: int) -> HttpResponse:
    poster, works = poster_of(link), homework_pictures(request.user)
    context: dict[str, Any] = {
        "link": link,
        "words": poster.words,
        "designs": [(design, poster.tag(design)) for design in DESIGNS],
        "form": form,
        "works": works,
        "homework_form": HomeworkPictureForm(works=works),
        "picture": getattr(link, "picture", None),
    }
    return render(request, "shop/promote/share.html", context, status=status)


@login_required
@require_safe
def image(request: HttpRequest, code: str, design: str) -> HttpResponse:
    """The poster as JPEG; made anew only where something on it has changed."""
    poster = poster_of(_own_link(request, code))
    if design not in DESIGNS:
        raise Http404
    tag = f'"{poster.tag(design)}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(poster.draw(design), content_type="image/jpeg")
    response.headers["ETag"], response.headers["Cache-Control"] = tag, "private, no-cache"
    return response


@login_required
@require_safe
def printed(request: HttpRequest, code: str, design: str) -> HttpResponse:
    """The poster for a printer: A5, 370 dots an inch."""
    link = _own_link(request, code)
    if design not in DESIGNS:
        raise Http404
    paper = FPDF(format=A5)
    paper.set_auto_page_break(False)
    paper.add_page()
    paper.image(poster_of(link).draw(design, scale=2), x=0, y=(A5[1] - A5[0] * 4 / 3) / 2, w=A5[0])
    response = HttpResponse(bytes(paper.output()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{link.code}-{design}.pdf"'
    return response


@login_required
@require_POST
def own_picture(request: HttpRequest, code: str) -> HttpResponse:
    link, form = _own_link(request, code), OwnPictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, link, form, status=422)
    try:
        flows.use_own_picture(link=link, file=form.cleaned_data["picture"])
    except FileRefused as refusal:
        form.add_error("picture", str(refusal))
        return _page(request, link, form, status=413 if isinstance(refusal, FileTooLarge) else 422)
    messages.success(request, _("Your picture is on the poster."))
    return redirect("referrals:share", code)


@login_required
@require_POST
def homework_picture(request: HttpRequest, code: str) -> HttpResponse:
    """With consent: nothing of one's homework is shown without it."""
    link, works = _own_link(request, code), homework_pictures(request.user)
    form = HomeworkPictureForm(request.POST, works=works)
    if form.is_valid():
        work = next(work for work in works if work.name == form.cleaned_data["work"])
        flows.use_homework(link=link, submission=work.submission, key=work.key)
        messages.success(request, _("Your homework is on the poster."))
    else:
        messages.error(request, _("Choose a picture and agree that others see it."))
    return redirect("referrals:share", code)


@login_required
@require_POST
def no_picture(request: HttpRequest, code: str) -> HttpResponse:
    flows.remove_picture(link=_own_link(request, code))
    messages.success(request, _("The course's own picture is on the poster again."))
    return redirect("referrals:share", code)
