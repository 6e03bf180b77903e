"""/orders/ and /orders/<number>/."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kit.addresses import lines_of
from shop.catalogue.holidays import paused_until
from shop.catalogue.stores import CHAINS
from shop.catalogue.texts import paused_text
from shop.orders import access, links, reads
from shop.orders.models import Delivery, Order, OrderLine
from shop.orders.moments import moments_of
from shop.orders.policies import promises_of
from shop.orders.texts import news_of, refunds_to_transfer, status_of, with_status

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """A person's own orders, newest first (?before=<id>: keyset paging)."""
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 19 else None
    found = reads.orders_of(request.user, before=number, limit=PAGE_SIZE + 1)
    listed = with_status(request, found[:PAGE_SIZE])
    older = found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None
    return render(request, "shop/orders.html", {"orders": listed, "older": older, "before": before})


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """What was bought, what happened, and what happens next. Guests come by their signed link (?key=)."""
    key = request.GET.get("key", "")
    row = access.order_for(request.user, number, key)
    lines = list(row.lines.prefetch_related("components").select_related("offer__seller__profile"))
    pieces = [piece for line in lines for piece in line.components.all()]
    # Where a gift goes is the recipient's business.
    delivery = None if hasattr(row, "gift") else getattr(row, "delivery", None)
    news = news_of([row])[row.pk]
    context = {
        "order": row,
        "news": news,
        "lines": lines,
        "status": status_of(row, pieces, news, owed=refunds_to_transfer(request, [(row, pieces)])),
        "moments": moments_of(request, row),
        "delivery": delivery,
        "address": lines_of(vars(delivery)) if delivery and delivery.method == Delivery.Method.HOME else [],
        "chain": CHAINS[delivery.chain].name if delivery and delivery.chain in CHAINS else "",
        "key": key if links.opens(key, row) else "",
        "paused": _paused(row, lines),
        "sellers": [seller for seller in {line.offer.seller: 0 for line in lines} if seller.pk != request.user.pk],
        "claimable": not request.user.is_authenticated,
        "promises": promises_of(row, lines),
        "refunded": sum(piece.refunded_net + piece.refunded_tax for piece in pieces),
    }
    return render(request, "shop/order.html", context)


def _paused(row: Order, lines: Sequence[OrderLine]) -> str:
    """Why it cannot be paid now, though it waits for that; ''."""
    if row.state not in (Order.State.AWAITING, Order.State.EXPIRED):
        return ""
    day = paused_until(line.offer.seller_id for line in lines)
    return paused_text(day) if day else ""
