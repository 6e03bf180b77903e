"""/teach/income/: what a teacher earned of each sale, in which state, and why. Only one's own."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import INSTRUCTOR, has_role
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
@require_safe
def income(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    lines = reads.earnings_of(request.user, int(before) if before.isdigit() else None)
    context = {
        "sums": reads.sums_of(request.user),
        "lines": [(line, reads.reason(line), reads.moment_of(line)) for line in lines[: reads.PAGE]],
        "older": lines[reads.PAGE - 1].pk if len(lines) > reads.PAGE else None,
    }
    return render(request, "shop/payouts/income.html", context)
