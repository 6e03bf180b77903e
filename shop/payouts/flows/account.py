"""Where a payee is paid: an account at Stripe, made, kept up to date, cut off; or bank details. A change rests for 72 hours."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import User
from kit import audit
from kit.clock import now
from notices.flows import Words, notify
from shop.payments import connect, stripe
from shop.payments.connect import AccountFacts
from shop.payouts.models import PayeeAccount, PayeeBank

REST = timedelta(hours=72)


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
        if row.rests_until is not None or PayeeBank.objects.filter(user=row.user_id, ended_at=None).exists():
            row.rests_until = now() + REST
        row.save(update_fields=["account_id", "payouts_enabled", "rests_until"])
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
    row.account_id, row.key, row.rests_until = None, uuid.uuid4().hex, now()
    row.save(update_fields=["account_id", "key", "rests_until"])
    return True


@transaction.atomic
def name_bank(*, user: Any, holder: str, bank: str, account: str) -> PayeeBank:
    """A payee's bank details. The same again change nothing; others end the old ones and rest for 72 hours.

    Who calls it has made sure that it is the payee, just now (accounts.proof): a borrowed browser must not redirect money.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    old = PayeeBank.objects.filter(user=user, ended_at=None).first()
    if old is not None and (old.holder, old.bank, old.account) == (holder, bank, account):
        return old
    # An account that was cut off (it rests since) was a destination, too.
    paid_at_stripe = PayeeAccount.objects.filter(Q(payouts_enabled=True) | Q(rests_until__isnull=False), user=user)
    changed = old is not None or paid_at_stripe.exists()
    PayeeBank.objects.filter(user=user, ended_at=None).update(ended_at=now())
    row = PayeeBank.objects.create(
        user=user, holder=holder, bank=bank, account=account, created_at=now(), rests_until=now() + REST if changed else None
    )
    before, after = old and str(old), {"bank": str(row), "rests_until": row.rests_until and row.rests_until.isoformat()}
    audit.record(actor=user, action="payee.bank", target=f"user:{user.pk}", before=before, after=after)
    if changed:
        notify(
            user=user,
            kind="money",
            key=f"payee.bank:{row.pk}",
            words=Words(
                gettext_noop("Your bank details were changed"),
                gettext_noop("Nothing is paid there for 72 hours. If it was not you, change your password and write to us now."),
                {},
            ),
        )
    return row


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
