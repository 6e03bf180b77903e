"""What each movement of money writes into the ledger.

Money received: Dr stripe_clearing (a transfer: Dr bank); Cr revenue:<kind>, revenue:shipping, tax_payable (or suspense,
where it cannot be fulfilled). Stripe's fee: Dr stripe_fees; Cr stripe_clearing. A refund leaves revenue for
`refunds_pending` when Stripe takes it on, and `refunds_pending` for the clearing account by its balance transaction. A
dispute's money waits in `disputes` until it is won or lost. Whatever posts to the clearing account keeps Stripe's
balance transaction beside it, so that clearing always equals what Stripe has booked (I21).
"""

from collections.abc import Iterable

from shop.ledger.flows import Posting, post, two_sided
from shop.orders.models import Order, OrderComponent
from shop.payments import flows as payments
from shop.payments.models import BalanceTransaction, Dispute, Payment, Refund
from shop.payments.shapes import Movement

CLEARING, PENDING, DISPUTES, SUSPENSE = "stripe_clearing", "refunds_pending", "disputes", "suspense"
# Where money goes that moves without an order (https://docs.stripe.com/reports/balance-transaction-types).
ACCOUNTS = {
    "payout": "bank",
    "payout_failure": "bank",
    "payout_cancel": "bank",
    "stripe_fee": "stripe_fees",
    "transfer": "transfers",
    "transfer_refund": "transfers",
    "transfer_failure": "transfers",
    # What a bank cannot take (TWD and HUF pay out in whole hundreds) waits at Stripe for the next payout.
    "payout_minimum_balance_hold": "stripe_held",
    "payout_minimum_balance_release": "stripe_held",
}


def post_sale(*, order: Order, payment: Payment) -> None:
    """A payment that pays the order."""
    received = Posting(_received_at(payment), payment.currency, debit=payment.amount)
    _write(f"payment:{payment.pk}", order, f"Order {order.number} paid", [received, *_earned(order)])


def post_accepted(*, order: Order, payment: Payment) -> None:
    """Staff accept a payment that waited in suspense: the order's total leaves it; what was paid beyond stays there."""
    placed = Posting(SUSPENSE, payment.currency, debit=order.total)
    _write(f"payment:{payment.pk}:accepted", order, f"Order {order.number}: payment accepted", [placed, *_earned(order)])


def _earned(order: Order) -> list[Posting]:
    """Credits that sum to the order's total."""
    parts = OrderComponent.objects.filter(line__order=order).order_by("pk")
    revenue = [Posting(f"revenue:{part.kind}", order.currency, credit=part.net) for part in parts]
    tax = Posting("tax_payable", order.currency, credit=sum(part.tax for part in parts) + order.shipping_tax)
    return [*revenue, tax, Posting("revenue:shipping", order.currency, credit=order.shipping_net)]


def post_unplaced_money(*, order: Order, payment: Payment, back: bool = False) -> None:
    """A payment that cannot pay the order: it waits in suspense until it is refunded or placed. `back`: it never was."""
    entries = [
        Posting(_received_at(payment), payment.currency, debit=payment.amount),
        Posting(SUSPENSE, payment.currency, credit=payment.amount),
    ]
    if back:
        _write(f"payment:{payment.pk}:taken_back", order, f"Order {order.number}: entry taken back", _mirrored(entries))
    else:
        _write(f"payment:{payment.pk}", order, f"Order {order.number}: money that cannot be placed", entries)


def post_fee(*, order: Order, payment: Payment, movement: Movement | None) -> None:
    """Stripe's fee, once it is known; and the exchange, where Stripe settles in another currency."""
    if movement is not None:
        payments.record_movement(movement=movement, about=f"payment:{payment.pk}")
        entries = [*_fee(movement), *_exchange(payment.amount, payment.currency, movement)]
        _write(f"payment:{payment.pk}:fee", order, f"Order {order.number}: Stripe's fee", entries)


def post_refund(*, order: Order, refund: Refund, back: bool = False) -> None:
    """What the refund takes from revenue and tax, to be paid out; `back` where it failed and all is as before."""
    lines = list(refund.lines.select_related("component").order_by("pk"))
    entries = _given_up(refund, [(line.component.kind, line.net, line.tax) for line in lines])
    entries.append(Posting(PENDING, refund.currency, credit=refund.amount))
    if back:
        _write(f"refund:{refund.pk}:failed", order, f"Order {order.number}: refund failed", _mirrored(entries))
    else:
        _write(f"refund:{refund.pk}", order, f"Order {order.number}: refund", entries)


def post_refund_sent_by_bank(*, order: Order, refund: Refund) -> None:
    """A refund that was owed has left our bank."""
    entries = [Posting(PENDING, refund.currency, debit=refund.amount), Posting("bank", refund.currency, credit=refund.amount)]
    _write(f"refund:{refund.pk}:sent", order, f"Order {order.number}: refund transferred", entries)


def _received_at(payment: Payment) -> str:
    return "bank" if payment.method == Payment.Method.BANK else CLEARING


def post_refund_movement(*, order: Order, refund: Refund, movement: Movement | None, back: bool = False) -> None:
    """The refund's money leaves Stripe's balance, or returns to it."""
    if movement is None:
        return
    payments.record_movement(movement=movement, about=f"refund:{refund.pk}")
    entries = [Posting(PENDING, refund.currency, debit=refund.amount), Posting(CLEARING, refund.currency, credit=refund.amount)]
    entries = _mirrored(entries) if back else entries
    amount = refund.amount if back else -refund.amount
    text = f"Order {order.number}: refund {'returned' if back else 'sent'}"
    _write(
        f"refund:{refund.pk}:{'back' if back else 'out'}",
        order,
        text,
        [*entries, *_fee(movement), *_exchange(amount, refund.currency, movement)],
    )


def post_dispute_movement(*, order: Order, dispute: Dispute, movement: Movement) -> None:
    """The bank takes money for a dispute (and Stripe a fee), or gives it back."""
    payments.record_movement(movement=movement, about=f"dispute:{dispute.pk}")
    amount = movement.amount
    if movement.currency != dispute.currency and amount:
        amount = dispute.amount if amount > 0 else -dispute.amount
    entries = [two_sided(DISPUTES, -amount, dispute.currency), two_sided(CLEARING, amount, dispute.currency)]
    text = f"Order {order.number}: dispute money"
    _write(f"dispute-txn:{movement.id}", order, text, [*entries, *_fee(movement), *_exchange(amount, dispute.currency, movement)])


def post_dispute_lost(*, order: Order, dispute: Dispute, back: bool = False) -> None:
    """A lost dispute takes its money from revenue and tax; `back` where an appeal was won after all."""
    lines = list(dispute.lines.select_related("component").order_by("pk"))
    entries = _given_up(dispute, [(line.component.kind, line.net, line.tax) for line in lines])
    entries.append(Posting(DISPUTES, dispute.currency, credit=dispute.amount))
    if back:
        _write(f"dispute:{dispute.pk}:regained", order, f"Order {order.number}: lost dispute regained", _mirrored(entries))
    else:
        _write(f"dispute:{dispute.pk}:lost", order, f"Order {order.number}: dispute lost", entries)


def post_balance_movement(*, row: BalanceTransaction) -> bool:
    """A movement that no payment, refund or dispute explains. Whether its type has an account; `suspense` takes the rest."""
    account = ACCOUNTS.get(row.type, SUSPENSE)
    entries = [
        two_sided(CLEARING, row.amount - row.fee, row.currency),
        two_sided(account, -row.amount, row.currency),
        two_sided("stripe_fees", row.fee, row.currency),
    ]
    if any(entry.debit or entry.credit for entry in entries):
        post(key=f"balance:{row.provider_id}", source=f"balance:{row.pk}", text=f"Stripe's balance: {row.type}", entries=entries)
    return row.type in ACCOUNTS


def _given_up(what: Refund | Dispute, parts: Iterable[tuple[str, int, int]]) -> list[Posting]:
    """Debits that sum to its amount: what parts and shipping do not cover was never revenue and comes from suspense."""
    parts, currency = list(parts), what.currency
    debits = [Posting(f"revenue:{kind}", currency, debit=net) for kind, net, _tax in parts]
    debits.append(Posting("tax_payable", currency, debit=sum(tax for _kind, _net, tax in parts) + what.shipping_tax))
    debits.append(Posting("revenue:shipping", currency, debit=what.shipping_amount - what.shipping_tax))
    debits.append(Posting(SUSPENSE, currency, debit=what.amount - sum(entry.debit for entry in debits)))
    return debits


def _fee(movement: Movement) -> list[Posting]:
    """Stripe's fee, in the settlement currency; negative where Stripe gives one back."""
    return [two_sided("stripe_fees", movement.fee, movement.currency), two_sided(CLEARING, -movement.fee, movement.currency)]


def _exchange(amount: int, currency: str, movement: Movement) -> list[Posting]:
    """`amount` was booked in `currency`, but Stripe's balance moved in another: the difference passes through `exchange`."""
    if movement.currency == currency:
        return []
    return [
        two_sided(CLEARING, -amount, currency),
        two_sided("exchange", amount, currency),
        two_sided(CLEARING, movement.amount, movement.currency),
        two_sided("exchange", -movement.amount, movement.currency),
    ]


def _mirrored(entries: Iterable[Posting]) -> list[Posting]:
    return [Posting(entry.account, entry.currency, debit=entry.credit, credit=entry.debit) for entry in entries]


def _write(key: str, order: Order, text: str, entries: list[Posting]) -> None:
    if any(entry.debit or entry.credit for entry in entries):
        post(key=key, source=order.holder, text=text, entries=entries)
