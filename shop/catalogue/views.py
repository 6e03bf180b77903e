"""/shop/ and /shop/<offer>/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kit import share_cards
from kit.pictures import CARD, LARGE, picture_urls
from kit.visitor_pages import kept_for_visitors
from shop.catalogue import cards, reads, texts
from shop.catalogue.kept import as_kept_for
from shop.catalogue.models import Offer
from shop.catalogue.sent import sent_of
from shop.catalogue.stores import chains_that_take

PAGE_SIZE = 24


@require_safe
@kept_for_visitors
def shop(request: HttpRequest) -> HttpResponse:
    """All offers for sale, newest first, a page at a time (?before=<id>: keyset paging)."""
    before = request.GET.get("before", "")
    rows = reads.live_offers()
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE_SIZE + 1])
    listed = reads.wares(found[:PAGE_SIZE])
    pictures = picture_urls([ware.offer.picture for ware in listed], CARD)
    shelf = [(ware.offer, pictures.get(ware.offer.picture_id or 0, ""), cards.offer_data(ware)) for ware in listed]
    older = found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None
    return render(request, "shop/shop.html", {"shelf": shelf, "older": older, "before": before})


@require_safe
@kept_for_visitors
def offer(request: HttpRequest, offer_slug: str) -> HttpResponse:
    """One offer; a draft is shown to its seller and the owner only, to others it does not exist."""
    row = get_object_or_404(Offer.objects.select_related("picture", "course", "seller"), slug=offer_slug)
    ware = reads.shown(row, request)
    if ware is None:
        raise Http404
    [ware] = as_kept_for(request.user.pk, [ware])
    goods = [(part.sku, part.quantity) for part in ware.goods if part.sku]
    context = {
        "offer": row,
        "ware": ware,
        "shelf": cards.offer_data(ware),
        "kit": cards.kit_rows(ware),
        "sent": sent_of(ware),
        "policy": cards.policy_of(ware),
        "seats": [(part, texts.class_dates(part), texts.zone_text(part)) for part in ware.seats],
        "events": [part.event for part in ware.tickets],
        "picture": picture_urls([row.picture], LARGE).get(row.picture_id or 0, ""),
        "chains": chains_that_take(goods),
        "og_title": row.title,
        "og_description": row.summary,
        "og_image": share_cards.address("offer", row.slug),
    }
    return render(request, "shop/offer.html", context)
