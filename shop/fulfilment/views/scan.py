"""/admin/shop/parcels/scan/: one field for a scanner. Parcel number, then tracking number, parcel after parcel.

With htmx the field stays where it is; without JavaScript each scan leads back to the same page, its state in the address.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER, PACKER
from shop.fulfilment import flows, reads
from shop.fulfilment.carriers import CARRIERS
from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Shipment
from shop.fulfilment.tracking_lists import NUMBER, read_lines

FIELD = "shop/fulfilment/admin/scan_field.html"


@for_roles(PACKER, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """`code`: what was scanned; `parcel`: the parcel whose tracking number is awaited; `carrier` stays as chosen."""
    given = request.POST if request.method == "POST" else request.GET
    carrier = given.get("carrier", "") if given.get("carrier") in CARRIERS else next(iter(CARRIERS))
    waiting = given.get("parcel", "") if NUMBER.fullmatch(given.get("parcel", "")) else ""
    said: tuple[str, str] | None = None
    if request.method == "POST":
        waiting, said = _take(request, given.get("code", "").strip().upper(), waiting, carrier)
        if not request.htmx:
            getattr(messages, said[0])(request, said[1]) if said else None
            return redirect(f"{reverse('shop_scan')}?{urlencode({'carrier': carrier, 'parcel': waiting})}")
    context = _context(waiting, carrier) | {"said": said}
    if request.method == "POST":
        return render(request, FIELD, context)
    parents = [(_("Parcels"), reverse("shop_parcels"))]
    return admin_page(
        request, "shop/fulfilment/admin/scan.html", context, title=_("Scan parcels"), icon="crosshairs", parents=parents
    )


def _take(request: HttpRequest, code: str, waiting: str, carrier: str) -> tuple[str, tuple[str, str] | None]:
    """(parcel now awaited, what to say). A parcel's number asks for the carrier's; both at once, or the second, send it."""
    pair = read_lines(code)[0] if code else None
    if pair is None:
        return waiting, None
    if NUMBER.fullmatch(pair.number) and not pair.tracking:
        known = Shipment.objects.filter(number=pair.number).exists()
        return (pair.number, None) if known else ("", ("error", _("There is no parcel with this number.")))
    if not NUMBER.fullmatch(pair.number):
        if not waiting:
            return "", ("error", _("Scan the parcel's number first."))
        pair = read_lines(f"{waiting} {code}")[0]
    outcome = flows.ship_listed(pairs=[pair], carrier=carrier, actor=request.user)
    if outcome.troubles:
        return "", ("error", f"{pair.number}: {outcome.troubles[0][1]}")
    return "", ("success", _("%(number)s is sent with %(tracking)s.") % {"number": pair.number, "tracking": pair.tracking})


def _context(waiting: str, carrier: str) -> dict[str, Any]:
    row = reads.with_contents(Shipment.objects.filter(number=waiting)).first() if waiting else None
    return {
        "parcel": row,
        "hold": hold_reasons([row]).get(row.pk, "") if row else "",
        "carrier": carrier,
        "carriers": CARRIERS.values(),
        "sent": reads.sent_today(),
        "left": Shipment.objects.filter(state=Shipment.State.TO_PACK).count(),
    }
