"""/v1/payouts: money from the balance to the bank, by hand or as Stripe's automatic payout."""

from .balance import available, check_funds, record, unpaid
from .currencies import checked_amount, known_currency
from .errors import bad_request, unexpected_state
from .events import emit
from .forms import INT, META, STR
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World

WHOLE_HUNDREDS = ("huf", "twd", "isk", "ugx")
DAYS_TO_BANK = 2
MOVES = {
    "in_transit": ("pending",),
    "paid": ("pending", "in_transit"),
    "failed": ("pending", "in_transit", "paid"),
    "canceled": ("pending",),
}


def new_payout(world: World, amount: int, currency: str, *, automatic: bool, account: str = "", **members: object) -> Obj:
    """A pending payout with its balance transaction. Raises ApiError 400 for parts that banks cannot take.

    HUF and TWD pay out in whole hundreds: https://docs.stripe.com/currencies#special-cases.
    """
    checked_amount(amount, currency)
    if currency in WHOLE_HUNDREDS and amount % 100:
        raise bad_request(f"Payouts in {currency} must be multiples of 100.", "invalid_amount", "amount")
    now = world.clock.now()
    payout: Obj = {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now + DAYS_TO_BANK * 86400,
        "automatic": automatic,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": None,
        "destination": "ba_stand_in",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
        **members,
    }
    if account:
        payout["_account"] = account
    row = record(world, "payout", -amount, currency, payout)
    payout["balance_transaction"] = row["id"]
    if automatic:
        row["_payout"] = payout["id"]
    emit(world, "payout.created", world.store.save(payout))
    return payout


def automatic_payout(world: World, currency: str, account: str = "") -> Obj:
    """Pay out all that is available, and tie its balance transactions to the payout. Raises ApiError 400 if nothing is.

    What the bank cannot take (fractions of a hundred in TWD) stays behind, as a movement of its own next time.
    """
    rows = unpaid(world, currency, account)
    total = available(world, currency, account)
    amount = total - total % 100 if currency in WHOLE_HUNDREDS else total
    if amount <= 0:
        raise bad_request("There is nothing to pay out.", "balance_insufficient")
    payout = new_payout(world, amount, currency, automatic=True, account=account)
    for row in rows:
        row["_payout"] = payout["id"]
        world.store.save(row)
    if total != amount:
        _leave_rest(world, payout, total - amount)
    payout["reconciliation_status"] = "completed"
    emit(world, "payout.reconciliation_completed", world.store.save(payout))
    return payout


def _leave_rest(world: World, payout: Obj, rest: int) -> None:
    """Hold the rest out of this payout and release it at once into the next."""
    held = record(world, "payout_minimum_balance_hold", -rest, payout["currency"], payout)
    held["_payout"] = payout["id"]
    record(world, "payout_minimum_balance_release", rest, payout["currency"], payout)


def move_payout(world: World, payout: Obj, status: str, code: str = "account_closed") -> Obj:
    """Move to in_transit, paid, failed (even after paid) or canceled; the last two bring the money back."""
    if payout["status"] not in MOVES.get(status, ()):
        raise unexpected_state("payout", payout, status)
    payout["status"] = status
    if status in ("failed", "canceled"):
        type = "payout_failure" if status == "failed" else "payout_cancel"
        row = record(world, type, payout["amount"], payout["currency"], payout)
        payout["failure_balance_transaction"] = row["id"]
    if status == "failed":
        payout.update(failure_code=code, failure_message="The bank account has been closed.")
    emit(world, "payout.updated" if status == "in_transit" else f"payout.{status}", world.store.save(payout))
    return payout


@route(
    "POST",
    "/v1/payouts",
    {
        "amount": INT,
        "currency": STR,
        "description": STR,
        "metadata": META,
        "method": STR,
        "destination": STR,
        "statement_descriptor": STR,
        "source_type": STR,
    },
)
def create_payout(call: Call) -> Obj:
    amount, currency = call.require("amount", "currency")
    currency = known_currency(currency)
    check_funds(call, amount, currency)
    members = {name: value for name, value in call.params.items() if name not in ("amount", "currency") and value is not None}
    return new_payout(call.world, amount, currency, automatic=False, account=call.account, **members)


@route("GET", "/v1/payouts/{}")
def retrieve_payout(call: Call) -> Obj:
    return call.own("payout", call.ids[0], "payout")


@route("GET", "/v1/payouts", {**PAGING, "status": STR, "destination": STR})
def list_payouts(call: Call) -> Obj:
    return call.listed("payout", "status", "destination")


@route("POST", "/v1/payouts/{}/cancel")
def cancel_payout(call: Call) -> Obj:
    return move_payout(call.world, call.own("payout", call.ids[0], "payout"), "canceled")
