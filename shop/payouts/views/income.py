"""/teach/income/: what a teacher earned of each sale, in which state, and why; and their account at Stripe. Only one's own."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import INSTRUCTOR, has_role
from kit.paths import site_address
from shop.payments.stripe import StripeRefused, StripeUnavailable
from shop.payouts import flows
from shop.payouts.forms import CountryForm
from shop.payouts.reads import income as reads

View = Callable[..., HttpResponse]


def for_payees(view: View) -> View:
    """Teachers, and whoever once had a share; for others nothing is here."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not has_role(request.user, INSTRUCTOR) and not reads.has_income(request.user):
            raise Http404
        return view(request)

    return guarded


@for_payees
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """On to Stripe's form, which asks what it must know before it pays somebody."""
    form = CountryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose your country."))
        return redirect("payouts:income")
    try:
        back = site_address(reverse("payouts:income"))
        return redirect(flows.connect_payee(user=request.user, country=form.cleaned_data["country"], return_url=back))
    except StripeUnavailable:
        messages.error(request, _("Stripe does not answer. Please try again in a minute."))
    except StripeRefused:
        messages.error(request, _("Stripe cannot pay you there. You are paid by bank transfer."))
    return redirect("payouts:income")


@for_payees
@require_safe
def income(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    lines = reads.earnings_of(request.user, int(before) if before.isdigit() else None)
    context = {
        "sums": reads.sums_of(request.user),
        "lines": [(line, reads.reason(line), reads.moment_of(line)) for line in lines[: reads.PAGE]],
        "account": reads.account_of(request.user),
        "country": CountryForm(),
        "older": lines[reads.PAGE - 1].pk if len(lines) > reads.PAGE else None,
    }
    return render(request, "shop/payouts/income.html", context)
