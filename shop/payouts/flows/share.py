"""Teachers' shares of a sale: computed per component, corrected by difference, frozen, released. The ledger follows each line.

Per component and payee the lines sum to the payee's share of what is there to share now: net kept, less commission on
it, less its part of Stripe's fee. Callers hold the order's lock.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from kit.clock import now
from shop.ledger.flows import Posting, post
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute
from shop.payments.reads import charge_of
from shop.payouts.flows.split import lock_offers
from shop.payouts.models import Earning, PayoutEntry, Split
from shop.payouts.rules import Fee, divide, pool
from shop.referrals.models import Commission

State, Kind = Earning.State, Earning.Kind


@transaction.atomic
def share_revenue(*, order: Order) -> list[Earning]:
    """Bring everybody's lines to what they are due now, after a payment, refund, dispute, fee or a referrer's case.

    Writes only differences: repeating it writes nothing. Returns the new lines.
    """
    splits = _splits_in_force(order)
    if not splits:
        return []
    charge = charge_of(order)
    fee = Fee(charge.fee, charge.amount) if charge else Fee()
    parts = OrderComponent.objects.filter(line__order=order, line__offer__in=splits).select_related("line").order_by("pk")
    made = []
    for part in parts:
        made += _correct(order, part, splits[part.line.offer_id], fee)
    return made


def _splits_in_force(order: Order) -> dict[int, Split]:
    """Offer id → the version that counts: the newest one that was there when the order was paid."""
    if order.paid_at is None:
        return {}
    offers = list(order.lines.order_by("offer_id").values_list("offer_id", flat=True).distinct())
    lock_offers(offers)
    rows = Split.objects.filter(offer__in=offers, created_at__lte=order.paid_at).order_by("number").prefetch_related("shares")
    return {row.offer_id: row for row in rows}


def _correct(order: Order, part: OrderComponent, split: Split, fee: Fee) -> list[Earning]:
    net, tax = part.net - part.refunded_net, part.tax - part.refunded_tax
    commission = Commission.objects.filter(component=part).aggregate(sum=Sum("amount"))["sum"] or 0
    shares = list(split.shares.all())
    due = divide(pool(net=net, gross=net + tax, commission=commission, fee=fee), [share.basis_points for share in shares])
    written: dict[int, list[Earning]] = {}
    for line in Earning.objects.filter(component=part).order_by("pk"):
        written.setdefault(line.payee_id, []).append(line)
    made = []
    for share, amount in zip(shares, due, strict=True):
        if share.payee_id is not None:
            lines = written.get(share.payee_id, [])
            if change := amount - sum(line.amount for line in lines):
                made.append(_write_line(order, part, split, share.payee_id, lines, change))
    return made


def _write_line(order: Order, part: OrderComponent, split: Split, payee_id: int, lines: list[Earning], amount: int) -> Earning:
    line = Earning.objects.create(
        component=part,
        payee_id=payee_id,
        split=split,
        number=len(lines) + 1,
        kind=Kind.ACCRUAL if amount > 0 else Kind.REVERSAL,
        amount=amount,
        currency=order.currency,
        state=_state_of_new_line(order, lines, amount),
        available_at=lines[0].available_at if lines else None,
        created_at=now(),
    )
    debit, credit = ("instructor_expense", "instructor_payable") if amount > 0 else ("instructor_payable", "instructor_expense")
    post(
        key=f"earning:{part.pk}:{payee_id}:{line.number}",
        source=order.holder,
        text=f"Teacher's share {order.number}",
        entries=[Posting(debit, order.currency, debit=abs(amount)), Posting(credit, order.currency, credit=abs(amount))],
    )
    return line


def _state_of_new_line(order: Order, lines: list[Earning], amount: int) -> str:
    """A later line goes where the first one is; once that is paid, the difference counts in the next payout. What is added
    while a dispute is open waits for its end."""
    if amount > 0 and Dispute.objects.filter(payment__order=order, state__in=Dispute.OPEN | Dispute.INQUIRY).exists():
        return str(State.FROZEN)
    first = lines[0].state if lines else State.PENDING
    return str(State.AVAILABLE if first == State.PAID else first)


@transaction.atomic
def freeze_shares(*, order: Order) -> None:
    """While a dispute is open nothing of the order is paid out."""
    _lines(order).filter(state__in=[State.PENDING, State.AVAILABLE]).update(state=State.FROZEN)


@transaction.atomic
def unfreeze_shares(*, order: Order) -> None:
    """The dispute is over: wait for the hold again."""
    _lines(order).filter(state=State.FROZEN).update(state=State.PENDING)


@transaction.atomic
def set_shares_release(*, order: Order, moment: datetime | None) -> None:
    """The hold ends when that on commission does. None: not known yet (a parcel is still to come, perhaps once more)."""
    _lines(order).filter(state__in=[State.PENDING, State.FROZEN]).update(available_at=moment)
    if moment is None or moment > now():
        same = {"earning__component": OuterRef("component"), "earning__payee": OuterRef("payee")}
        taken = PayoutEntry.objects.filter(**same, is_live=True)
        free = _lines(order).filter(~Exists(taken), state=State.AVAILABLE)
        free.update(state=State.PENDING, available_at=moment)


@transaction.atomic
def release_shares(*, order: Order) -> int:
    """Lines of this order whose hold has ended become available; how many."""
    return _lines(order).filter(state=State.PENDING, available_at__lte=now()).update(state=State.AVAILABLE)


def _lines(order: Order) -> QuerySet[Earning]:
    return Earning.objects.filter(component__line__order=order)
