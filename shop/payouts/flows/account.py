"""A payee's account at Stripe: made, kept up to date, cut off."""

import uuid
from typing import Any

from django.db import transaction

from kit import audit
from kit.clock import now
from shop.payments import connect, stripe
from shop.payments.connect import AccountFacts
from shop.payouts.models import PayeeAccount


def connect_payee(*, user: Any, country: str, return_url: str) -> str:
    """The address of Stripe's form for this person's account, which is made where there is none: once, however often asked.

    Raises StripeUnavailable; StripeRefused where Stripe pays nobody in that country.
    """
    row = _begin(user, country)
    if row.account_id is None:
        try:
            facts = connect.create_account(email=user.email, country=row.country, key=row.key)
        except stripe.StripeRefused:
            PayeeAccount.objects.filter(pk=row.pk, account_id=None).delete()  # another country may be tried
            raise
        _note_made(row.pk, facts, user)
        row.account_id = facts.id
    return connect.onboarding_url(account_id=row.account_id, return_url=return_url)


@transaction.atomic
def _begin(user: Any, country: str) -> PayeeAccount:
    defaults = {"country": country, "key": uuid.uuid4().hex, "created_at": now()}
    return PayeeAccount.objects.get_or_create(user=user, defaults=defaults)[0]


@transaction.atomic
def _note_made(pk: int, facts: AccountFacts, user: Any) -> None:
    row = PayeeAccount.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.account_id is None:
        row.account_id, row.payouts_enabled = facts.id, facts.is_ready
        row.save(update_fields=["account_id", "payouts_enabled"])
        audit.record(actor=user, action="payee.account", target=f"user:{row.user_id}", after={"account": facts.id})


@transaction.atomic
def note_account(*, facts: AccountFacts) -> bool:
    """Stripe has changed an account. False where it is nobody's here."""
    row = PayeeAccount.objects.select_for_update(of=("self",)).filter(account_id=facts.id).first()
    if row is not None and row.payouts_enabled != facts.is_ready:
        _change(row, facts.is_ready)
    return row is not None


@transaction.atomic
def end_account(*, account_id: str) -> bool:
    """The payee has cut us off: nothing is sent there any more, and a new account may be made. False for nobody's."""
    row = PayeeAccount.objects.select_for_update(of=("self",)).filter(account_id=account_id).first()
    if row is None:
        return False
    _change(row, False)
    row.account_id, row.key = None, uuid.uuid4().hex
    row.save(update_fields=["account_id", "key"])
    return True


def _change(row: PayeeAccount, enabled: bool) -> None:
    before, row.payouts_enabled = row.payouts_enabled, enabled
    row.save(update_fields=["payouts_enabled"])
    audit.record(
        actor=None,
        action="payee.account",
        target=f"user:{row.user_id}",
        before={"account": row.account_id, "payouts_enabled": before},
        after={"account": row.account_id, "payouts_enabled": enabled},
    )
