"""What came back is looked at, piece by piece: whole and back on the shelf, or written off for a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from shop.fulfilment.flows.asking_back import tell_return_ended
from shop.fulfilment.flows.locking import locked_order
from shop.fulfilment.flows.returns import CannotReturn
from shop.fulfilment.models import Inspection, Return
from shop.orders.models import OrderComponent
from stock import flows as stock
from stock.models import Movement, Place

State = Return.State


@transaction.atomic
def inspect_return(
    *, ret: Return, pieces: int, restock: bool, seen: int, reason: str = "", place: Place | None = None, actor: Any
) -> Return:
    """`pieces` of a return are here; those with `restock` lie at `place` again, the others are written off for `reason`.

    `seen` is how many had been inspected when the packer looked: a form sent twice counts once. Raises CannotReturn where
    more would come back than was asked for, for a write-off without a reason, and for a return that is closed.
    """
    row = _locked(ret)
    if row.came != seen:
        return row
    if row.state != State.REQUESTED:
        raise CannotReturn(_("This return is closed."))
    if not 1 <= pieces <= row.left:
        raise CannotReturn(_("There are not that many to send back."))
    reason = reason.strip()[:300]
    if not restock and not reason:
        raise CannotReturn(_("Please say why it is written off."))
    _count(row, pieces)
    part = row.component
    if restock:
        cause = stock.Cause(reason=reason, source=f"return:{row.pk}", actor=actor)
        stock.take_in(ref=part.ref, quantity=pieces, place=place, kind=str(Movement.Kind.RETURNED), cause=cause)
    Inspection.objects.create(ret=row, pieces=pieces, restocked=restock, reason=reason, inspected_by=actor, at=now())
    after = {"what": part.ref, "pieces": pieces, "restocked": restock}
    audit.record(
        actor=actor, action="return.inspected", target=f"order:{row.order_id}", before={"came": seen}, after=after, reason=reason
    )
    if row.state == State.RECEIVED:
        tell_return_ended(row)
    return row


def _count(row: Return, pieces: int) -> None:
    piece = OrderComponent.objects.select_for_update(of=("self",)).get(pk=row.component_id)
    piece.returned += pieces
    piece.save(update_fields=["returned"])
    row.came += pieces
    if row.came == row.quantity:
        row.state, row.received_at = State.RECEIVED, now()
    row.save(update_fields=["came", "state", "received_at"])


@transaction.atomic
def end_return(*, ret: Return, actor: Any, reason: str) -> Return:
    """Nothing, or nothing more, comes: a return of which pieces are here is received, another one refused."""
    row = _locked(ret)
    if row.state != State.REQUESTED:
        return row
    asked, row.state = row.quantity, State.REFUSED
    if row.came:
        row.state, row.quantity, row.received_at = State.RECEIVED, row.came, now()
    row.save(update_fields=["state", "quantity", "received_at"])
    audit.record(
        actor=actor,
        action=f"return.{row.state}",
        target=f"order:{row.order_id}",
        before={"asked": asked},
        after={"came": row.came},
        reason=reason,
    )
    tell_return_ended(row, reason)
    return row


def _locked(ret: Return) -> Return:
    locked_order(ret.order_id)
    return Return.objects.select_for_update(of=("self",)).select_related("component").get(pk=ret.pk)
