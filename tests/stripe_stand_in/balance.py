"""The platform's balance: each movement of money is a balance transaction, and money is available at once."""

from .errors import bad_request
from .events import emit
from .forms import STR
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World

CATEGORIES = {
    "payment": "charge",
    "payment_refund": "refund",
    "transfer_refund": "transfer_reversal",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
}


def stripe_fee(amount: int) -> int:
    """What the stand-in keeps of a payment: 2.9 % and 30 minor units, rounded down."""
    return amount * 29 // 1000 + 30


def record(
    world: World,
    type: str,
    amount: int,
    currency: str,
    source: Obj,
    *,
    fee: int = 0,
    description: str = "",
    category: str = "",
    account: str | None = None,
) -> Obj:
    """Move `amount` (minor units, negative for money that leaves) with `fee` taken from it."""
    now = world.clock.now()
    details = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    transaction: Obj = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description or None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": amount - fee,
        "reporting_category": category or CATEGORIES.get(type, type),
        "source": source["id"],
        "status": "available",
        "type": type,
        "_payout": None,
    }
    owner = source.get("_account", "") if account is None else account
    if owner:
        transaction["_account"] = owner
    return world.store.save(transaction)


def unpaid(world: World, currency: str, account: str = "") -> list[Obj]:
    """Balance transactions that no payout has taken yet."""
    return [
        row
        for row in world.store.oldest_first("balance_transaction")
        if row["currency"] == currency and row["_payout"] is None and row.get("_account", "") == account
    ]


def available(world: World, currency: str, account: str = "") -> int:
    """What could be transferred or paid out, in minor units."""
    return sum(row["net"] for row in unpaid(world, currency, account))


def check_funds(call: Call, amount: int, currency: str) -> None:
    """Raises ApiError 400 `balance_insufficient`, as transfers and payouts do."""
    have = available(call.world, currency, call.account)
    if amount > have:
        raise bad_request(
            f"You have insufficient funds in your Stripe account: {have} {currency} are available.",
            "balance_insufficient",
        )


def top_up(world: World, amount: int, currency: str, account: str = "") -> Obj:
    """Money from the bank into the balance, so that transfers need no sale first."""
    topup: Obj = {
        "id": new_id("tu"),
        "object": "topup",
        "amount": amount,
        "created": world.clock.now(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "status": "succeeded",
    }
    if account:
        topup["_account"] = account
    topup["balance_transaction"] = record(world, "topup", amount, currency, topup)["id"]
    emit(world, "topup.succeeded", world.store.save(topup))
    return topup


@route("GET", "/v1/balance_transactions/{}")
def retrieve_balance_transaction(call: Call) -> Obj:
    return call.own("balance_transaction", call.ids[0])


@route("GET", "/v1/balance_transactions", {**PAGING, "currency": STR, "payout": STR, "source": STR, "type": STR})
def list_balance_transactions(call: Call) -> Obj:
    payout = call.params.get("payout")
    if payout:
        call.own("payout", payout, "payout")
    return call.listed(
        "balance_transaction",
        "currency",
        "source",
        "type",
        where=lambda row: payout is None or row["_payout"] == payout,
    )


@route("GET", "/v1/balance")
def retrieve_balance(call: Call) -> Obj:
    rows = list(call.world.store.oldest_first("balance_transaction"))
    currencies = sorted({row["currency"] for row in rows if row.get("_account", "") == call.account})
    amounts = [
        {
            "amount": available(call.world, currency, call.account),
            "currency": currency,
            "source_types": {"card": available(call.world, currency, call.account)},
        }
        for currency in currencies
    ]
    nothing = [{"amount": 0, "currency": currency, "source_types": {"card": 0}} for currency in currencies]
    return {"object": "balance", "available": amounts, "livemode": False, "pending": nothing}
