"""/promote/numbers/: clicks, sign-ups, orders and kept orders by day, channel and course; as a chart, a table, a CSV."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kit.csv import csv_lines
from shop.referrals import numbers


@login_required
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    by, days = _asked(request)
    rows = numbers.report(request.user, by, days)
    shown = rows if by != "day" else [row for row in reversed(rows) if row.clicks or row.orders or row.sign_ups]
    context = {
        "by": by,
        "days": days,
        "rows": [(_label(row, by), row) for row in shown],
        "whole": numbers.total(rows),
        "chart": [(_label(row, by), row.clicks) for row in rows] if any(row.clicks for row in rows) else [],
        "tabs": [(name, text, name == by) for name, text in _ways()],
        "spans": [(span, span == days) for span in numbers.SPANS],
    }
    return render(request, "shop/promote/report.html", context)


@login_required
@never_cache
@require_safe
def report_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same table for a spreadsheet; no cell can be a formula."""
    by, days = _asked(request)
    head = [dict(_ways())[by], _("Clicks"), _("Sign-ups"), _("Orders"), _("Kept")]
    rows = numbers.report(request.user, by, days)
    lines = csv_lines(head, _cells(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="promote-{by}-{days}.csv"'
    return response


def _cells(rows: Iterable[numbers.Row]) -> Iterable[list[Any]]:
    for row in rows:
        label = row.label.isoformat() if hasattr(row.label, "isoformat") else str(row.label)
        yield [label, row.clicks, row.sign_ups, row.orders, row.kept]


def _asked(request: HttpRequest) -> tuple[str, int]:
    by, days = request.GET.get("by", ""), request.GET.get("days", "")
    return by if by in numbers.BY else "day", next((span for span in numbers.SPANS if str(span) == days), 30)


def _ways() -> list[tuple[str, str]]:
    return [("day", _("Day")), ("channel", _("Channel")), ("course", _("Course"))]


def _label(row: numbers.Row, by: str) -> str:
    return date_format(row.label, "n/j") if by == "day" else str(row.label)
