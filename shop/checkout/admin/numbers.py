"""/admin/shop/numbers/: the money of the last weeks as charts, what is left of the goods, and all of it as files."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.backoffice import admin_page, chips, for_roles
from accounts.roles import OWNER
from kit import audit
from kit.csv import csv_lines
from kit.money import format_money
from shop.checkout.admin.exports import EXPORTS
from shop.checkout.admin.figures import KINDS, SPANS, Figures, Span, currencies, figures, goods_left, total_of

SPAN_WORDS = [
    (str(SPANS[0]), gettext_lazy("30 days")),
    (str(SPANS[1]), gettext_lazy("A quarter")),
    (str(SPANS[2]), gettext_lazy("A year")),
]
WORDS = {
    "sold": gettext_lazy("Sold, without tax"),
    "given_back": pgettext_lazy("money", "Given back"),
    "fees": gettext_lazy("Stripe's fees"),
    "commission": gettext_lazy("Commission"),
}
DAY_FORMAT = {"day": "n/j", "week": "n/j", "month": "Y/n"}


@for_roles(OWNER)
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """`?span=` days back, `?currency=`: sums of the span, and each kind of money by day, week or month."""
    codes = currencies()
    wanted, asked = request.GET.get("span", ""), request.GET.get("currency", "")
    span = Span(int(wanted) if wanted in dict(SPAN_WORDS) else SPANS[0])
    currency = asked if asked in codes else next(iter(codes), "")
    rows, goods = figures(span, currency), goods_left()
    context = {
        "spans": chips(request, "span", SPAN_WORDS, str(span.days)),
        "codes": chips(request, "currency", [(code, code) for code in codes], currency),
        "currency": currency,
        "total": total_of(rows),
        "charts": [(WORDS[kind], _chart(rows, kind, currency, span.unit)) for kind in KINDS],
        "goods": goods,
        "most": max((pieces for _name, pieces in goods), default=0),
        "exports": [(name, table.label) for name, table in EXPORTS.items()],
    }
    return admin_page(request, "shop/admin/numbers.html", context, title=_("Numbers"), icon="view")


def _chart(rows: dict[date, Figures], kind: str, currency: str, unit: str) -> list[tuple[str, int, str]]:
    """Rows for the chart; a period in which more came back than went out stands at the base line, its text tells."""
    values: list[tuple[date, Any]] = [(day, getattr(row, kind)) for day, row in rows.items()]
    return [(date_format(day, DAY_FORMAT[unit]), max(value, 0), format_money(value, currency)) for day, value in values]


@for_roles(OWNER)
@never_cache
@require_safe
def export(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """One table as CSV, sent row by row; who took it is in the trail, for it names people."""
    if name not in EXPORTS:
        raise Http404
    audit.record(actor=request.user, action="data.exported", target=f"export:{name}")
    table = EXPORTS[name]
    response = StreamingHttpResponse(csv_lines(table.head, table.rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
