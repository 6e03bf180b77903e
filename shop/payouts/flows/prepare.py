"""Collect what is ready to be paid into payouts, one a payee and currency, commission and teachers' shares together."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from kit import audit
from kit.clock import now
from kit.money import format_money
from notices.flows import Words, notify
from shop.payouts.models import Earning, PayeeAccount, PayeeBank, Payout, PayoutEntry
from shop.payouts.reads import payables, unpaid_commissions, unpaid_earnings
from shop.payouts.rules import is_due
from shop.referrals.models import Commission

Line = Commission | Earning


def prepare_payouts(*, actor: Any) -> list[Payout]:
    """Payouts for every balance at or above its currency's minimum; what is negative is offset against what is earned.

    Running it twice, or twice at once, takes each line once (I18): payees are locked one by one, and their lines read
    under the lock. Balances below the minimum wait.
    """
    made: list[Payout] = []
    for payee_id in sorted({row.payee.pk for row in payables()}):
        made.extend(_prepare_for(payee_id, actor))
    return made


@transaction.atomic
def _prepare_for(payee_id: int, actor: Any) -> list[Payout]:
    lock_payee(payee_id)
    lines: dict[str, list[Line]] = {}
    for line in [
        *unpaid_commissions().filter(payee=payee_id).order_by("pk"),
        *unpaid_earnings().filter(payee=payee_id).order_by("pk"),
    ]:
        lines.setdefault(line.currency, []).append(line)
    return [
        _make(payee_id, currency, rows, actor)
        for currency, rows in lines.items()
        if is_due(sum(row.amount for row in rows), currency)
    ]


def lock_payee(payee_id: int) -> None:
    """One payout run at a time for a person; other rows may still point at them meanwhile."""
    User.objects.select_for_update(no_key=True).get(pk=payee_id)


def _make(payee_id: int, currency: str, lines: Sequence[Line], actor: Any) -> Payout:
    number = Payout.objects.filter(payee=payee_id, currency=currency).count() + 1
    payout = Payout.objects.create(
        payee_id=payee_id,
        currency=currency,
        amount=sum(line.amount for line in lines),
        key=f"payout:{payee_id}:{currency}:{number}",
        prepared_by=actor,
        created_at=now(),
    )
    PayoutEntry.objects.bulk_create(_entry(payout, line) for line in lines)
    _ask_where(payout)
    audit.record(
        actor=actor,
        action="payout.prepared",
        target=f"payout:{payout.pk}",
        after={"amount": payout.amount, "currency": currency},
    )
    return payout


def _ask_where(payout: Payout) -> None:
    """Money is due: whoever has named no bank and no account is asked now, and not before."""
    known = PayeeBank.objects.filter(user=payout.payee_id, ended_at=None).exists()
    if not known and not PayeeAccount.objects.filter(user=payout.payee_id, payouts_enabled=True).exists():
        notify(
            user=payout.payee,
            kind="money",
            key=f"payout:{payout.pk}:where",
            url="/promote/payouts/",
            words=Words(
                gettext_noop("%(amount)s is due: where shall it go?"),
                gettext_noop("Tell us your bank account, and it is paid with the next run."),
                {"amount": format_money(payout.amount, payout.currency)},
            ),
        )


def _entry(payout: Payout, line: Line) -> PayoutEntry:
    what = {"earning": line} if isinstance(line, Earning) else {"commission": line}
    return PayoutEntry(payout=payout, amount=line.amount, **what)
