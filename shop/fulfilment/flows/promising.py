"""By when a parcel was promised to leave, and what becomes of that when its seller goes away."""

from datetime import date
from typing import Any

from django.db import transaction

from kit import audit
from shop.catalogue.holidays import away_until
from shop.catalogue.promise import after_working_days, usual_day
from shop.fulfilment.flows.locking import locked_shipment
from shop.fulfilment.flows.telling import LATER, tell_buyer
from shop.fulfilment.models import Shipment
from shop.orders.models import Order, OrderComponent


def promised_day(order: Order, parts: "list[OrderComponent]") -> date | None:
    """What the order's terms promised, or later where a seller is away by now; None for the usual two working days."""
    said = order.terms.get("leaves_by")
    back = away_until(part.component.sku.seller_id for part in parts if part.component.sku)
    days = [date.fromisoformat(said)] if said else []
    days += [after_working_days(back)] if back else []
    return max(days) if days and max(days) > usual_day() else None


@transaction.atomic
def shift_promises(*, seller: Any, back: date, actor: Any) -> list[Shipment]:
    """Parcels with goods of a seller who is `back` on that day leave later; their buyers are told. Those shifted now."""
    rows = Shipment.objects.filter(state=Shipment.State.TO_PACK, lines__component__component__sku__seller=seller)
    shifted = []
    for row in rows.distinct().order_by("order", "pk"):
        parcel, day = locked_shipment(row), after_working_days(back)
        if parcel.state != Shipment.State.TO_PACK or (parcel.planned_on and parcel.planned_on >= day):
            continue
        before = parcel.planned_on and parcel.planned_on.isoformat()
        parcel.planned_on = day
        parcel.save(update_fields=["planned_on"])
        after = {"parcel": parcel.number, "day": day.isoformat()}
        audit.record(actor=actor, action="shipment.shifted", target=parcel.order.holder, before=before, after=after)
        tell_buyer(parcel, news=LATER, key=f"{parcel.number}:{LATER}:{day}")
        shifted.append(parcel)
    return shifted
