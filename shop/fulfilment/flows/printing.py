"""Paper: what was printed, by whom, and what becomes of slips that must not leave."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kit import audit
from kit.clock import now
from kit.locks import lock_rows
from shop.fulfilment.models import Shipment
from shop.fulfilment.prints import fingerprint
from shop.fulfilment.reads import with_contents
from shop.orders.models import Order

State = Shipment.State


@transaction.atomic
def print_parcels(*, shipments: Iterable[Shipment], actor: Any) -> list[Shipment]:
    """Write down that these slips are printed now, by `actor`, and what they say. Returns what to print, in the order given.

    Read under the orders' locks, so that an address changed a moment later is known to differ from the paper. Parcels
    that wait no longer are left out; printing again makes the new paper count.
    """
    wanted = list(shipments)
    lock_rows(Order.objects.all(), [row.order_id for row in wanted])
    rows = {row.pk: row for row in with_contents(Shipment.objects.filter(pk__in=[row.pk for row in wanted], state=State.TO_PACK))}
    printed = [rows[row.pk] for row in wanted if row.pk in rows]
    for row in printed:
        row.printed_at, row.printed_by, row.printed_mark = now(), actor, fingerprint(row)
        row.save(update_fields=["printed_at", "printed_by", "printed_mark"])
        after = {"parcel": row.number, "fingerprint": row.printed_mark}
        audit.record(actor=actor, action="shipment.printed", target=row.order.holder, after=after)
    return printed


@transaction.atomic
def take_slip_back(*, shipment: Shipment, actor: Any) -> None:
    """A stopped parcel's slip was taken out of the pile: it no longer asks for attention."""
    stopped = Shipment.objects.filter(pk=shipment.pk, state=State.STOPPED, printed_at__isnull=False)
    if stopped.update(printed_at=None, printed_by=None, printed_mark=""):
        target = f"order:{shipment.order_id}"
        audit.record(actor=actor, action="shipment.slip_taken_back", target=target, after=shipment.number)
