"""The gateway to Stripe Connect: accounts of people whom we pay, and transfers to them.

https://docs.stripe.com/connect/express-accounts, https://docs.stripe.com/connect/separate-charges-and-transfers
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.payments.stripe import call


@dataclass(frozen=True)
class AccountFacts:
    """A connected account. `is_ready`: it takes transfers, and Stripe pays it out."""

    id: str
    is_ready: bool


@dataclass(frozen=True)
class TransferFacts:
    """A transfer; `key` is the one it was made by, `reversed` how much of it came back. Currencies are upper case."""

    id: str
    key: str
    amount: int
    reversed: int
    currency: str


def create_account(*, email: str, country: str, key: str) -> AccountFacts:
    """An Express account, which Stripe's own form fills in. The same key gives the same account.

    Raises StripeUnavailable, StripeRefused (a country that Stripe does not pay to).
    """
    params: Any = {
        "type": "express",
        "email": email,
        "country": country,
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"payee": key},
    }
    return _account(call(lambda api: api.v1.accounts.create(params, {"idempotency_key": key})))


def read_account(account_id: str) -> AccountFacts:
    """The account as it stands now. Raises StripeUnknown, StripeUnavailable."""
    return _account(call(lambda api: api.v1.accounts.retrieve(account_id)))


def onboarding_url(*, account_id: str, return_url: str) -> str:
    """Where the account's owner tells Stripe what it asks; good for a few minutes, once.

    https://docs.stripe.com/api/account_links. Raises StripeUnavailable, StripeRefused.
    """
    params: Any = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": return_url,
    }
    return str(call(lambda api: api.v1.account_links.create(params))["url"])


def create_transfer(*, account_id: str, amount: int, currency: str, key: str) -> TransferFacts:
    """Send `amount` minor units from our balance. The same key gives the same transfer.

    Raises StripeUnavailable, StripeRefused.
    """
    params: Any = {
        "destination": account_id,
        "amount": amount,
        "currency": currency.lower(),
        "transfer_group": key,
        "metadata": {"payout": key},
    }
    return _transfer(call(lambda api: api.v1.transfers.create(params, {"idempotency_key": key})))


def read_transfer(transfer_id: str) -> TransferFacts:
    """The transfer as it stands now. Raises StripeUnknown, StripeUnavailable."""
    return _transfer(call(lambda api: api.v1.transfers.retrieve(transfer_id)))


def find_transfer(key: str) -> TransferFacts | None:
    """The transfer that was made by this key, for a call whose answer never came; None where there is none."""
    found = call(lambda api: api.v1.transfers.list({"transfer_group": key, "limit": 1}))
    return _transfer(found["data"][0]) if found["data"] else None


def _account(data: Mapping[str, Any]) -> AccountFacts:
    takes = (data.get("capabilities") or {}).get("transfers") == "active"
    return AccountFacts(id=data["id"], is_ready=takes and bool(data.get("payouts_enabled")))


def _transfer(data: Mapping[str, Any]) -> TransferFacts:
    return TransferFacts(
        id=data["id"],
        key=data.get("transfer_group") or "",
        amount=data["amount"],
        reversed=data["amount_reversed"],
        currency=data["currency"].upper(),
    )
