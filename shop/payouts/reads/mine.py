"""What a payee sees: payouts, statements, where the money goes. Only one's own."""

from typing import Any

from django.db.models import QuerySet

from shop.payouts.models import PayeeAccount, PayeeBank, Payout, PayoutEntry


def payouts_of(user: Any) -> QuerySet[Payout]:
    """One's payouts, newest first."""
    return Payout.objects.filter(payee=user).order_by("-pk")


def bank_of(user: Any) -> PayeeBank | None:
    """The bank details in force, or resting."""
    return PayeeBank.objects.filter(user=user, ended_at=None).first()


def must_ask(user: Any) -> bool:
    """Whether money is due and nobody knows where to send it. Three queries at most."""
    due = Payout.objects.filter(payee=user, state=Payout.State.PREPARED).exists()
    return due and bank_of(user) is None and not PayeeAccount.objects.filter(user=user, payouts_enabled=True).exists()


def may_name_bank(user: Any) -> bool:
    """Bank details are asked for once money is due, and can be changed once there are some."""
    return Payout.objects.filter(payee=user).exists() or bank_of(user) is not None


def entries_of(payout: Payout) -> list[PayoutEntry]:
    """What a payout consists of, with the orders. One query."""
    rows = payout.entries.select_related("commission__component__line__order", "earning__component__line__order")
    return list(rows.order_by("pk"))
