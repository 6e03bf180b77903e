"""What a teacher earned, line by line. Every read costs the same few queries, however many lines there are."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from shop.payouts.models import Earning, PayeeAccount, PayoutEntry, SplitShare

PAGE = 30
State = Earning.State


def has_income(user: Any) -> bool:
    """Whether this person has, or had, a share in anything. One query."""
    return SplitShare.objects.filter(payee=user).exists()


def account_of(user: Any) -> PayeeAccount | None:
    """The payee's account at Stripe, as Stripe told of it last. One query."""
    return PayeeAccount.objects.filter(user=user).exclude(account_id=None).first()


def sums_of(user: Any) -> dict[str, dict[str, int]]:
    """currency → state → minor units. One query."""
    found: dict[str, dict[str, int]] = {}
    rows = Earning.objects.filter(payee=user).values("currency", "state").annotate(sum=Sum("amount"))
    for row in rows.order_by("currency"):
        found.setdefault(row["currency"], {})[row["state"]] = row["sum"]
    return found


def earnings_of(user: Any, before: int | None = None) -> list[Earning]:
    """Lines newest first, PAGE + 1 at most, with what explains them, and when each was paid (`paid_at`). One query."""
    paid = PayoutEntry.objects.filter(earning=OuterRef("pk"), is_live=True).values("payout__paid_at")
    rows = Earning.objects.filter(payee=user).select_related("component__line__order").annotate(paid_at=Subquery(paid[:1]))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: PAGE + 1])


def reason(line: Earning) -> str:
    """Why a line is in its state, in one plain sentence without the date."""
    if line.kind == Earning.Kind.REVERSAL:
        return _reason_of_reversal(line)
    if line.state == State.FROZEN:
        return _("The buyer's bank is asking questions about this payment.")
    if line.state == State.PENDING and line.available_at is None:
        return _("The parcel has not been delivered yet.")
    if line.state == State.PENDING:
        return _("The buyer may still return the order.")
    if line.state == State.PAID:
        return _("Paid out to you.")
    return _("The time for refunds and returns is over.")


def _reason_of_reversal(line: Earning) -> str:
    piece = line.component
    if piece.refunded_net + piece.refunded_tax == 0:
        return _("The payment's fee or a commission on it changed.")
    if (piece.refunded_net, piece.refunded_tax) == (piece.net, piece.tax):
        return _("The buyer got this money back, so nothing is earned on it.")
    return _("The buyer got part of this money back, so its share was taken back.")


def moment_of(line: Earning) -> datetime:
    """The date that goes with the reason of one of `earnings_of`: when it is or was free, when it was paid, else when it was
    written."""
    if line.kind == Earning.Kind.REVERSAL:
        return line.created_at
    if line.state == State.PAID:
        return line.paid_at or line.created_at  # type: ignore[attr-defined,no-any-return]
    if line.state in (State.PENDING, State.AVAILABLE):
        return line.available_at or line.created_at
    return line.created_at
