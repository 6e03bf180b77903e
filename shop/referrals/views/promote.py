"""/promote/: a referrer's links, numbers and money, each with its reason."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.paths import site_address, without_language
from shop.referrals import doors, flows, numbers, reads
from shop.referrals.flows.programme import LinkRefused
from shop.referrals.forms import CHANNELS, ApplicationForm, LinkForm
from shop.referrals.models import Link, Programme
from shop.referrals.targets import choices


@login_required
@require_safe
def promote(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/promote/promote.html", _page(request))


@login_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """`?target=`: from any page of ours to one's link to it. What has to be agreed to first stands here; with a link already
    made one is led on to it."""
    target = without_language(request.GET.get("target", ""))
    link = Link(pk=0, owner=request.user, target=target)
    kind, _slug = doors.target_of(target)
    if not kind:
        raise Http404
    known = Link.objects.filter(owner=request.user, target=target, note=None, killed_at=None).order_by("-pk").first()
    behind = doors.programmes_behind([link])
    found = doors.doors(request.user, also={pk for pk in behind[0] if pk})
    gap = doors.gaps([link], behind, found).get(0)
    if known is not None and gap is None:
        return redirect("referrals:share", known.code)
    context = {"target": target, "gap": gap, "door": gap and gap.door, "application": ApplicationForm()}
    return render(request, "shop/promote/begin.html", context)


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Accept a programme's rules; a link is made at once: to the page that one came from (`target`), to what the programme
    is about, or a first one."""
    programme = get_object_or_404(doors.joinable(request.user), pk=_number(request.POST.get("programme")))
    version = request.POST.get("version", "")
    try:
        flows.join_programme(user=request.user, programme=programme, read=int(version) if version.isdigit() else None)
    except flows.CannotJoin as refusal:
        messages.error(request, str(refusal))
        return redirect("referrals:promote")
    if target := request.POST.get("target", "") or (_target_of(programme) if programme.offer_id else ""):
        return _shared(request, target)
    if Link.objects.filter(owner=request.user, note=None).exists():
        messages.success(request, _("Agreed. Orders placed from now on count."))
    else:
        flows.create_link(owner=request.user, target=_target_of(programme))
        messages.success(request, _("Welcome. Your link is ready to share."))
    return redirect("referrals:promote")


@login_required
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    programme = get_object_or_404(doors.joinable(request.user), pk=_number(request.POST.get("programme")))
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say where you will share."))
        return redirect("referrals:promote")
    try:
        flows.apply_to_join(user=request.user, programme=programme, **form.cleaned_data)
        messages.success(request, _("Sent. You will be told as soon as it is decided."))
    except flows.CannotJoin as refusal:
        messages.error(request, str(refusal))
    return redirect("referrals:promote")


@login_required
@require_safe
def agreement(request: HttpRequest, programme_id: int) -> HttpResponse:
    """The whole agreement in force, and the version that this person has signed."""
    programme = get_object_or_404(doors.joinable(request.user), pk=programme_id)
    found = doors.doors(request.user, also={programme.pk})
    door = next((door for door in found if door.programme.pk == programme.pk), None)
    if door is None:
        raise Http404
    context = {"door": door, "version": reads.version_of(door.version), "signed": reads.signed_by(request.user, programme)}
    return render(request, "shop/promote/agreement.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make_link(request: HttpRequest) -> HttpResponse:
    """The link maker. `?target=` fills it in."""
    posted = request.POST if request.method == "POST" else None
    form = LinkForm(posted, pages=choices(), initial={"target": request.GET.get("target", "")})
    if form.is_valid():
        try:
            link = flows.create_link(owner=request.user, **form.cleaned_data)
        except LinkRefused as refusal:
            form.add_error("target", str(refusal))
        else:
            messages.success(request, _("Your link is ready to share."))
            return redirect("referrals:share", link.code)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "shop/promote/make_link.html", {"form": form}, status=status)


@login_required
@require_POST
def link_to(request: HttpRequest) -> HttpResponse:
    """One press: a link to `target`, the same one again where it is there already."""
    return _shared(request, request.POST.get("target", ""))


def _shared(request: HttpRequest, target: str) -> HttpResponse:
    bare = without_language(target)
    link = Link.objects.filter(owner=request.user, target=bare, note=None, killed_at=None).order_by("-pk").first()
    try:
        link = link or flows.create_link(owner=request.user, target=target)
    except LinkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("referrals:promote")
    return redirect("referrals:share", link.code)


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


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


def _target_of(programme: Programme) -> str:
    offer = programme.offer
    if offer is None:
        return reverse("courses:catalogue")
    return reverse("courses:landing", args=[offer.course.slug]) if offer.course else reverse("catalogue:offer", args=[offer.slug])


def _shown(
    links: list[Link], gaps: dict[int, doors.Gap], counts: dict[int, numbers.Row]
) -> list[tuple[Link, str, Any, doors.Gap | None, int]]:
    """Each link with its address, its channel in words, what it lacks, and its clicks."""
    channels = dict(CHANNELS)
    return [
        (
            link,
            site_address(reverse("referrals:link", args=[link.code])),
            channels.get(link.channel, link.channel),
            gaps.get(link.pk),
            counts[link.pk].clicks if link.pk in counts else 0,
        )
        for link in links
    ]


def _page(request: HttpRequest) -> dict[str, Any]:
    before = request.GET.get("before", "")
    lines = reads.commissions_of(request.user, _number(before) or None)
    older = lines[reads.LINES - 1].pk if len(lines) > reads.LINES else None
    links = reads.links_of(request.user)
    behind = doors.programmes_behind(links)
    found = doors.doors(request.user, also={pk for programmes in behind.values() for pk in programmes if pk})
    counts = numbers.click_counts(request.user)
    return {
        "application": ApplicationForm(),
        "doors": found,
        "links": _shown(links, doors.gaps(links, behind, found), counts),
        "funnel": numbers.funnel(request.user, counts),
        "balances": reads.balances(request.user),
        "lines": [(line, reads.reason(line), reads.waits_until(line)) for line in lines[: reads.LINES]],
        "older": older,
    }
