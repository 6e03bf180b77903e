"""A seller goes on holiday: parcels are promised for later, and where sales pause, nobody is charged any more."""

from datetime import date
from typing import Any

from django.db import transaction

from kit import outbox
from kit.clock import now
from shop.catalogue.flows import set_holiday
from shop.catalogue.holidays import Holiday
from shop.checkout.flows.expire import expire_order
from shop.fulfilment.flows import shift_promises
from shop.orders.models import Order


@transaction.atomic
def begin_holiday(*, seller: Any, kind: str, until: date, actor: Any) -> Holiday:
    """Until the day `until` the seller is away. Raises CannotSetHoliday.

    Where sales pause, payment pages that are open already are closed once this is committed: from then on no new one opens
    (begin.check_payable), so nobody pays for what is not sold. What was paid stays paid.
    """
    holiday = set_holiday(seller=seller, kind=kind, until=until, actor=actor)
    shift_promises(seller=seller, back=until, actor=actor)
    if kind == Holiday.Kind.PAUSE:
        outbox.write(topic="holiday.pause", key=f"{seller.pk}:{now().isoformat()}", payload={"seller": seller.pk})
    return holiday


def close_open_checkouts(payload: dict[str, Any]) -> None:
    """Handler of `holiday.pause`: end unpaid orders that hold something of the seller. Raises StripeUnavailable: once more.

    A page that turns out to be paid settles its order. Transfers that wait at the bank are left alone: their money may be
    on its way.
    """
    waiting = Order.objects.filter(state=Order.State.AWAITING, lines__offer__seller=payload["seller"])
    for order_id in waiting.order_by("pk").values_list("pk", flat=True).distinct():
        expire_order(order_id=order_id, at_once=True)
