"""/promote/: a referrer's links, numbers and money, each with its reason."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kit.paths import site_address
from shop.referrals import doors, flows, reads
from shop.referrals.flows.programme import LinkRefused
from shop.referrals.forms import CHANNELS, LinkForm
from shop.referrals.models import Link, Programme


@login_required
@require_safe
def promote(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/promote/promote.html", _page(request, LinkForm()))


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Accept a programme's rules; a first link is made at once, so that there is something to share."""
    programme = get_object_or_404(doors.joinable(), pk=request.POST.get("programme") or 0)
    flows.join_programme(user=request.user, programme=programme)
    if Link.objects.filter(owner=request.user).exists():
        messages.success(request, _("Agreed. Orders placed from now on count."))
    else:
        flows.create_link(owner=request.user, target=_target_of(programme))
        messages.success(request, _("Welcome. Your link is ready to share."))
    return redirect("referrals:promote")


@login_required
@require_POST
def make_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            flows.create_link(owner=request.user, **form.cleaned_data)
        except LinkRefused as refusal:
            form.add_error("target", str(refusal))
        else:
            messages.success(request, _("Your link is ready to share."))
            return redirect("referrals:promote")
    return render(request, "shop/promote/promote.html", _page(request, form), status=422)


@login_required
@require_safe
def qr_code(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The QR code of one's own link as SVG or PNG."""
    link = get_object_or_404(Link, code=code, owner=request.user)
    if form not in {"svg", "png"}:
        raise Http404
    response = HttpResponse(content_type="image/svg+xml" if form == "svg" else "image/png")
    address = site_address(reverse("referrals:link", args=[link.code]))
    segno.make(address, error="m").save(response, kind=form, scale=10, border=3)
    response.headers["Content-Disposition"] = f'inline; filename="{link.code}.{form}"'
    return response


@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The attribution receipt of one's own conversion; anybody else's is a 404."""
    attribution = reads.own_receipt(request.user, number)
    if attribution is None:
        raise Http404
    context = {"attribution": attribution, "receipt": attribution.receipt, "touches": reads.receipt_lines(attribution)}
    return render(request, "shop/promote/receipt.html", context)


def _target_of(programme: Programme) -> str:
    course = programme.offer.course if programme.offer else None
    return reverse("courses:landing", args=[course.slug]) if course else reverse("courses:catalogue")


def _shown(links: list[Link], gaps: dict[int, doors.Gap]) -> list[tuple[Link, str, Any, doors.Gap | None]]:
    """Each link with its address, its channel in words, and what it lacks."""
    channels = dict(CHANNELS)
    return [
        (
            link,
            site_address(reverse("referrals:link", args=[link.code])),
            channels.get(link.channel, link.channel),
            gaps.get(link.pk),
        )
        for link in links
    ]


def _page(request: HttpRequest, form: LinkForm) -> dict[str, Any]:
    before = request.GET.get("before", "")
    lines = reads.commissions_of(request.user, int(before) if before.isdigit() else None)
    older = lines[reads.PAGE - 1].pk if len(lines) > reads.PAGE else None
    links = reads.links_of(request.user)
    behind = doors.programmes_behind(links)
    found = doors.doors(request.user, also={pk for programmes in behind.values() for pk in programmes if pk})
    return {
        "form": form,
        "doors": found,
        "links": _shown(links, doors.gaps(links, behind, found)),
        "funnel": reads.funnel(request.user),
        "balances": reads.balances(request.user),
        "lines": [(line, reads.reason(line), reads.waits_until(line)) for line in lines[: reads.PAGE]],
        "older": older,
    }
