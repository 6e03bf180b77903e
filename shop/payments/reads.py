"""What was captured, and how much of it can still be given back."""

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from kit.settled import settled
from shop.orders.models import Order, OrderComponent
from shop.payments.models import BalanceTransaction, BankAccount, Dispute, DisputeLine, Payment, Refund, RefundLine


def refundable(payment: Payment) -> int:
    """Captured, less refunds under way or done, less what a bank took back for good (I11). Minor units."""
    if payment.state != Payment.State.SUCCEEDED:
        return 0
    given = payment.refunds.filter(state__in=Refund.LIVE).aggregate(sum=Sum("amount"))["sum"] or 0
    lost = payment.disputes.filter(state=Dispute.LOST).aggregate(sum=Sum("amount"))["sum"] or 0
    return max(0, payment.amount - given - lost)


def paying(order: Order) -> list[Payment]:
    """What was received for an order, oldest first: Stripe's one payment, or all the transfers that add up."""
    rows = list(order.payments.filter(state=Payment.State.SUCCEEDED).order_by("settled_at", "pk"))
    if rows and rows[0].method == Payment.Method.BANK:
        return [row for row in rows if (row.method, row.currency) == (rows[0].method, rows[0].currency)]
    return rows[:1]


def owed_by_bank(orders: Collection[int]) -> QuerySet[Refund]:
    """Refunds of these orders (by id) that staff have not transferred yet."""
    waiting = [Refund.State.STARTED, Refund.State.PENDING]
    rows = Refund.objects.filter(payment__order__in=orders, payment__method=Payment.Method.BANK, state__in=waiting)
    return rows.select_related("payment").order_by("pk")


def parts_left(order: Order) -> dict[OrderComponent, tuple[int, int]]:
    """Component → (net, tax) that was paid and not given back, refunds on their way to Stripe counted as given."""
    started = RefundLine.objects.filter(refund__state=Refund.State.STARTED, component__line__order=order)
    waiting: dict[int, tuple[int, int]] = {}
    for line in started:
        net, tax = waiting.get(line.component_id, (0, 0))
        waiting[line.component_id] = (net + line.net, tax + line.tax)
    found = {}
    rows = OrderComponent.objects.filter(line__order=order).select_related("line__offer__seller", "component__cohort")
    for part in rows.order_by("pk"):
        net, tax = waiting.get(part.pk, (0, 0))
        found[part] = (max(0, part.net - part.refunded_net - net), max(0, part.tax - part.refunded_tax - tax))
    return found


def shipping_left(order: Order) -> tuple[int, int]:
    """(net, tax) of delivery that was paid and not given back."""
    sums = {"gross": Sum("shipping_amount", default=0), "tax": Sum("shipping_tax", default=0)}
    given = Refund.objects.filter(payment__order=order, state__in=Refund.LIVE).aggregate(**sums)
    lost = Dispute.objects.filter(payment__order=order, state=Dispute.LOST).aggregate(**sums)
    tax = max(0, order.shipping_tax - given["tax"] - lost["tax"])
    return max(0, order.shipping_gross - given["gross"] - lost["gross"] - tax), tax


def parts_named(order: Order) -> set[int]:
    """Components that an accepted refund or a lost dispute names, by id."""
    refunds = RefundLine.objects.filter(component__line__order=order, refund__state__in=Refund.ACCEPTED)
    disputes = DisputeLine.objects.filter(component__line__order=order, dispute__state=Dispute.LOST)
    return {*refunds.values_list("component_id", flat=True), *disputes.values_list("component_id", flat=True)}


def charge_of(order: Order) -> BalanceTransaction | None:
    """What Stripe's balance took in for the payment that pays for the order, and kept as its fee; None where that is not
    known yet, or where Stripe had no part in it."""
    payment = order.payments.filter(state=Payment.State.SUCCEEDED).order_by("settled_at", "pk").first()
    return BalanceTransaction.objects.filter(about=f"payment:{payment.pk}").first() if payment else None


def bank_account(currency: str) -> BankAccount | None:
    """Where transfers in this currency go, if the owner takes them now. A query at most."""
    return next((account for account in _accounts() if account.currency == currency), None)


@settled(BankAccount)
def _accounts() -> list[BankAccount]:
    return list(BankAccount.objects.filter(is_on=True))
