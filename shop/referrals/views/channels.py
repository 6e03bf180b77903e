"""/promote/channels/: where one shares, as the agreement asks, and the coupons that credit one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.referrals import flows, reads
from shop.referrals.forms import CHANNELS, ChannelForm
from shop.referrals.models import Channel


@login_required
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    return _page(request, ChannelForm())


@login_required
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    flows.register_channel(user=request.user, **form.cleaned_data)
    messages.success(request, _("Registered."))
    return redirect("referrals:channels")


@login_required
@require_POST
def end(request: HttpRequest, channel_id: int) -> HttpResponse:
    flows.end_channel(channel=get_object_or_404(Channel, pk=channel_id, user=request.user))
    return redirect("referrals:channels")


def _page(request: HttpRequest, form: ChannelForm, status: int = 200) -> HttpResponse:
    names = dict(CHANNELS)
    rows = [(row, names.get(row.kind, row.kind)) for row in reads.channels_of(request.user)]
    context = {"form": form, "channels": rows, "coupons": reads.coupons_of(request.user)}
    return render(request, "shop/promote/channels.html", context, status=status)
