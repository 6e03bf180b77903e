"""What a refund would take from teachers' shares; flows/share.py writes the same once it counts. Changes nothing."""

from collections.abc import Mapping

from django.db.models import Sum

from shop.orders.models import Order, OrderComponent
from shop.payments.reads import charge_of
from shop.payouts.models import Earning, Split
from shop.payouts.rules import Fee, divide, pool
from shop.referrals.models import Commission


def shares_lost(
    order: Order, given: Mapping[OrderComponent, tuple[int, int]], commission_lost: Mapping[OrderComponent, int]
) -> dict[OrderComponent, dict[str, int]]:
    """Component → payee's name → minor units, for those `given` back (net, tax) whose revenue is shared."""
    if order.paid_at is None:
        return {}
    rows = Split.objects.filter(offer__in=[part.line.offer_id for part in given], created_at__lte=order.paid_at)
    splits = {row.offer_id: row for row in rows.order_by("number").prefetch_related("shares__payee")}
    charge = charge_of(order)
    fee = Fee(charge.fee, charge.amount) if charge else Fee()
    return {
        part: _lost(part, sums, commission_lost.get(part, 0), splits[part.line.offer_id], fee)
        for part, sums in given.items()
        if part.line.offer_id in splits
    }


def _lost(part: OrderComponent, given: tuple[int, int], commission_lost: int, split: Split, fee: Fee) -> dict[str, int]:
    """From what the payees' lines say now to what they are due of what is kept."""
    net, tax = part.net - part.refunded_net - given[0], part.tax - part.refunded_tax - given[1]
    commission = (Commission.objects.filter(component=part).aggregate(sum=Sum("amount"))["sum"] or 0) - commission_lost
    shares = list(split.shares.all())
    due = divide(pool(net=net, gross=net + tax, commission=commission, fee=fee), [share.basis_points for share in shares])
    has = dict(Earning.objects.filter(component=part).values_list("payee").annotate(sum=Sum("amount")))
    return {
        share.payee.display_name: has.get(share.payee_id, 0) - amount
        for share, amount in zip(shares, due, strict=True)
        if share.payee is not None
    }
