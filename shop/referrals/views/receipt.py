"""/promote/receipts/<order>/: why an order is credited as it is; its replay; and how to dispute it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kit.clock import now
from shop.referrals import flows, reads
from shop.referrals.flows.objection import may_object_until
from shop.referrals.forms import ObjectionForm
from shop.referrals.models import Attribution, Objection
from shop.referrals.receipts import shared
from shop.referrals.replay import amounts, differences


@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The attribution receipt of one's own conversion; anybody else's is a 404."""
    attribution = _own(request, number)
    exported = shared(attribution)
    until = may_object_until(attribution)
    context = {
        "attribution": attribution,
        "receipt": attribution.receipt,
        "touches": reads.receipt_lines(attribution),
        "earned": amounts(exported),
        "parts": reads.parts_of(attribution, exported),
        "agrees": not differences(exported),
        "objection": Objection.objects.filter(attribution=attribution).first(),
        "until": until if now() <= until else None,
        "form": ObjectionForm(),
    }
    return render(request, "shop/promote/receipt.html", context)


@login_required
@never_cache
@require_safe
def receipt_json(request: HttpRequest, number: str) -> HttpResponse:
    """The same for machines: `python shop/referrals/replay.py` needs nothing else."""
    attribution = _own(request, number)
    response = JsonResponse(shared(attribution), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="receipt-{attribution.order.number}.json"'
    return response


@login_required
@require_POST
def dispute(request: HttpRequest, number: str) -> HttpResponse:
    attribution = _own(request, number)
    try:
        flows.object_to(attribution=attribution, text=request.POST.get("text", ""))
        messages.success(request, _("Sent. The owner will answer here."))
    except flows.CannotObject as refusal:
        messages.error(request, str(refusal))
    return redirect("referrals:receipt", number)


def _own(request: HttpRequest, number: str) -> Attribution:
    attribution = reads.own_receipt(request.user, number)
    if attribution is None:
        raise Http404
    return attribution
