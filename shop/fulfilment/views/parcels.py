"""The packer's pages: what to send today, one parcel, its slip."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.backoffice import admin_page, chips, for_roles, page_of
from accounts.roles import OWNER, PACKER
from shop.fulfilment import flows, reads
from shop.fulfilment.carrier_files import FILES, carrier_file
from shop.fulfilment.carriers import CARRIERS, tracking_url
from shop.fulfilment.day import day_rows, picks_of
from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Return, Shipment
from shop.fulfilment.papers.sheets import print_sheets
from shop.fulfilment.picking import pick_list
from shop.fulfilment.rules import pick_up_until
from shop.orders.models import Delivery

State = Shipment.State
# A morning's parcels fit on one page: ticking and printing them all is one look.
PARCELS_A_PAGE = 200
Step = Callable[[HttpRequest, Shipment], Any]


@for_roles(PACKER, OWNER)
def parcels(request: HttpRequest) -> HttpResponse:
    """`?state=` (to_pack unless told; all), `?method=`, `?unprinted=1`, `?q=`."""
    state = request.GET.get("state", State.TO_PACK)
    method, query = request.GET.get("method", ""), request.GET.get("q", "").strip()
    unprinted = request.GET.get("unprinted", "")
    found = reads.parcels("" if state == "all" else state, method, query, unprinted=bool(unprinted))
    page = page_of(request, found, PARCELS_A_PAGE)
    rows = day_rows(page.object_list)
    context = {
        "page": page,
        "rows": rows,
        "picks": picks_of(rows),
        "red": [row for row in rows if row.hold and row.parcel.printed_at],
        "state": state,
        "states": chips(request, "state", [*State.choices, ("all", _("all"))], state),
        "methods": chips(request, "method", [("", _("everywhere")), *Delivery.Method.choices], method),
        "printed": chips(request, "unprinted", [("", _("printed or not")), ("1", _("not printed yet"))], unprinted),
        "query": query,
        "carriers": CARRIERS.values(),
        "files": FILES.values(),
        "steps": steps_from(state),
        "stopped": reads.stopped_after_printing(),
    }
    return admin_page(request, "shop/fulfilment/admin/parcels.html", context, title=_("Parcels"), icon="clipboard-list")


def steps_from(state: str) -> list[tuple[str, str]]:
    """(action, label) of what can be done with parcels in a state."""
    sent = [("delivered", _("Mark as delivered")), ("arrived", _("Waits at the store"))]
    steps = {State.TO_PACK: [("shipped", _("Mark as sent"))], State.SHIPPED: sent, State.ARRIVED: sent[:1]}
    return steps[State(state)] if state in steps else []


@for_roles(PACKER, OWNER)
def parcel(request: HttpRequest, number: str) -> HttpResponse:
    row = get_object_or_404(reads.with_contents(Shipment.objects.all()), number=number)
    delivery = getattr(row.order, "delivery", None)
    context = {
        "parcel": row,
        "hold": hold_reasons([row]).get(row.pk, ""),
        "delivery": delivery,
        "address": reads.address_lines(delivery) if delivery else [],
        "carriers": CARRIERS.values(),
        "tracking_url": tracking_url(row.carrier, row.tracking),
        "steps": steps_from(row.state),
        "can_split": row.state == State.TO_PACK and sum(line.quantity for line in row.lines.all()) > 1,
        "no_shows": reads.no_shows([row.order]).get(row.order_id, 0),
        "until": pick_up_until(row),
        "to_inspect": row.returns.filter(state=Return.State.REQUESTED).exists(),
        "others": [other for other in reads.parcels_of(row.order) if other.pk != row.pk],
    }
    parents = [(_("Parcels"), reverse("shop_parcels"))]
    return admin_page(
        request,
        "shop/fulfilment/admin/parcel.html",
        context,
        title=row.number,
        icon="clipboard-list",
        parents=parents,
    )


@for_roles(PACKER, OWNER)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """What the packer chose for the parcels ticked: print their slips, or move them on."""
    action = request.POST.get("action", "")
    rows, gone = _chosen(request, action)
    for row in gone:
        messages.error(request, _("%(number)s is not to be packed any more: take it off the pile.") % {"number": row.number})
    if not rows and not gone:
        messages.error(request, _("Choose at least one parcel first."))
    elif not rows:
        pass
    elif action == "slips":
        return slips_response(flows.print_parcels(shipments=rows, actor=request.user))
    elif action == "file":
        return file_response(request, rows) or redirect(_back(request))
    elif action in STEPS:
        _do(request, action, rows)
    return redirect(_back(request))


def slips_response(rows: Sequence[Shipment]) -> HttpResponse:
    response = HttpResponse(print_sheets(rows, pick_list(rows)), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="slips-and-labels.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def file_response(request: HttpRequest, rows: Sequence[Shipment]) -> HttpResponse | None:
    """The chosen carrier's file; None, and a message, where it takes none of these parcels. What may not leave stays out."""
    file, held = FILES.get(request.POST.get("file", "")), hold_reasons(rows)
    parcels = [row for row in rows if row.pk not in held]
    if file is None or not any(file.takes(getattr(row.order, "delivery", None)) for row in parcels):
        messages.error(request, _("None of these parcels can go with this carrier."))
        return None
    response = HttpResponse(carrier_file(file, parcels), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="parcels-{file.carrier}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _chosen(request: HttpRequest, action: str) -> tuple[list[Shipment], list[Shipment]]:
    """The parcels ticked, in the order of the list (for sending, those whose tracking number was typed too), and those among
    them that were stopped or sent since the page was read."""
    ids = {int(value) for value in request.POST.getlist("parcel") if value.isdecimal()}
    if action == "shipped":
        typed = [
            name.removeprefix("tracking-")
            for name, value in request.POST.items()
            if name.startswith("tracking-") and value.strip()
        ]
        ids |= {int(value) for value in typed if value.isdecimal()}
    if action not in {"slips", "shipped", "file"}:
        return list(reads.parcels("").filter(pk__in=ids)), []
    gone = list(Shipment.objects.filter(pk__in=ids).exclude(state=State.TO_PACK).order_by("pk"))
    return list(reads.parcels(str(State.TO_PACK)).filter(pk__in=ids)), gone


def _way(request: HttpRequest, row: Shipment) -> dict[str, str]:
    """Carrier and number typed for this parcel."""
    return {field: request.POST.get(f"{field}-{row.pk}", "") for field in ("carrier", "tracking")}


def _day(request: HttpRequest, row: Shipment) -> date | None:
    """The day typed for this parcel; one that is none counts as today."""
    try:
        return parse_date(request.POST.get(f"day-{row.pk}", ""))
    except ValueError:
        return None


STEPS: dict[str, Step] = {
    "shipped": lambda request, row: flows.ship(shipment=row, actor=request.user, **_way(request, row)),
    "tracking": lambda request, row: flows.correct_tracking(shipment=row, actor=request.user, **_way(request, row)),
    "arrived": lambda request, row: flows.mark_arrived(shipment=row, on=_day(request, row), actor=request.user),
    "delivered": lambda request, row: flows.mark_delivered(shipment=row, actor=request.user),
    "unclaimed": lambda request, row: flows.mark_unclaimed(shipment=row, actor=request.user),
    "slip_back": lambda request, row: flows.take_slip_back(shipment=row, actor=request.user),
}


def _do(request: HttpRequest, action: str, rows: Sequence[Shipment]) -> None:
    """One flow a parcel: what cannot move is named, the others move."""
    done = 0
    for row in rows:
        try:
            STEPS[action](request, row)
            done += 1
        except flows.CannotShip as refusal:
            messages.error(request, str(refusal))
    if done:
        text = ngettext("%(count)d parcel is done.", "%(count)d parcels are done.", done)
        messages.success(request, text % {"count": done})


def _back(request: HttpRequest) -> str:
    """Back to the parcel, or to the list with its filter; never to another host."""
    if number := request.POST.get("number"):
        return reverse("shop_parcel", args=[number])
    query = request.META.get("QUERY_STRING", "")
    return reverse("shop_parcels") + (f"?{query}" if query else "")
