"""/promote/payouts/: what was paid to oneself, statements, and where the money goes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.backoffice import page_of
from accounts.proof import is_proven, proof_door
from shop.payouts import flows
from shop.payouts.forms import BankForm
from shop.payouts.reads import mine as reads
from shop.payouts.reads.owed import rests
from shop.payouts.statement import statement_pdf
from shop.payouts.words import state_word


@never_cache
@login_required
@require_safe
def payouts(request: HttpRequest) -> HttpResponse:
    bank = reads.bank_of(request.user)
    page = page_of(request, reads.payouts_of(request.user), per_page=30)
    context = {
        "page": page,
        "rows": [(payout, state_word(payout.state)) for payout in page],
        "bank": bank,
        "rests": rests(bank),
        "may_name": reads.may_name_bank(request.user),
    }
    return render(request, "shop/payouts/mine.html", context)


@never_cache
@login_required
def bank(request: HttpRequest) -> HttpResponse:
    """Name or change bank details; whoever is there proves first that it is them."""
    if not reads.may_name_bank(request.user):
        raise Http404
    if not is_proven(request):
        return redirect(proof_door(request, back=reverse("payouts:bank")))
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = flows.name_bank(user=request.user, **form.cleaned_data)
        said = _("Kept. Nothing is paid there for 72 hours.") if rests(row) else _("Kept. The next run pays there.")
        messages.success(request, said)
        return redirect("payouts:mine")
    context: dict[str, Any] = {"form": form, "bank": reads.bank_of(request.user)}
    return render(request, "shop/payouts/bank_form.html", context, status=422 if form.is_bound else 200)


@never_cache
@login_required
@require_safe
def statement(request: HttpRequest, payout_id: int) -> HttpResponse:
    """A payout of one's own on paper; anybody else's is a 404."""
    row = get_object_or_404(reads.payouts_of(request.user), pk=payout_id)
    response = HttpResponse(statement_pdf(row, reads.entries_of(row)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="CY-P-{row.pk}.pdf"'
    return response
