"""/admin/shop/talked/: return rates of orders whose buyer and seller had talked before, beside those of the others."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.backoffice import admin_page, chips, for_roles
from accounts.roles import OWNER
from kit import audit
from kit.csv import csv_lines
from shop.checkout.admin.figures import SPANS, Span
from shop.checkout.admin.numbers import SPAN_WORDS
from shop.checkout.admin.talked_reads import HEAD, return_rates, return_rows


@for_roles(OWNER)
@require_safe
def talked(request: HttpRequest) -> HttpResponse:
    """`?span=` days back."""
    span = _span(request)
    context = {
        "spans": chips(request, "span", SPAN_WORDS, str(span.days)),
        "rows": return_rates(span.since),
        "span": span.days,
    }
    return admin_page(request, "shop/admin/talked.html", context, title=_("Returns and talks"), icon="comment")


@for_roles(OWNER)
@never_cache
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """A line for each order and seller; who took it is in the trail."""
    audit.record(actor=request.user, action="data.exported", target="export:returns-and-talks")
    response = StreamingHttpResponse(csv_lines(HEAD, return_rows(_span(request).since)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="returns-and-talks.csv"'
    return response


def _span(request: HttpRequest) -> Span:
    wanted = request.GET.get("span", "")
    return Span(int(wanted) if wanted in dict(SPAN_WORDS) else SPANS[1])
