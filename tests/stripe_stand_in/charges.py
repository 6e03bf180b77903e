"""Charges: what a payment method was asked for, and what came of it."""

from typing import Any

from .balance import record, stripe_fee
from .cards import card_details, decline, fingerprint
from .events import emit
from .forms import META, STR, merge_metadata
from .render import SUBLISTS, listing
from .routing import PAGING, Call, route
from .search import SEARCH, search_page
from .store import Obj, Store, new_id
from .world import World

EMPTY_BILLING: Obj = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


def method_details(method: str, number: str) -> Obj:
    """`payment_method_details`: the card, or the wallet with a fingerprint of its own."""
    if method == "card":
        return {"type": "card", "card": card_details(number)}
    print_of_wallet = fingerprint(f"{method} {number}")
    return {"type": method, method: {"fingerprint": print_of_wallet, "transaction_id": new_id("wallet", 12)}}


def new_charge(world: World, intent: Obj, status: str) -> Obj:
    """A charge for the intent's amount in status pending, succeeded or failed; not yet captured."""
    payer: Obj = intent["_payer"]
    charge: Obj = {
        "id": new_id("ch" if payer["method"] == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {**EMPTY_BILLING, **payer["billing"]},
        "calculated_statement_descriptor": "STAND-IN",
        "captured": False,
        "created": world.clock.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome("authorized"),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method_details(payer["method"], payer["number"]),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": None,
        "status": status,
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
        "_number": payer["number"],
    }
    if intent.get("_account"):
        charge["_account"] = intent["_account"]
    intent["latest_charge"] = charge["id"]
    return world.store.save(charge)


def _outcome(type: str, reason: str | None = None) -> Obj:
    message = "Payment complete." if type == "authorized" else "The bank declined this charge."
    status = "approved_by_network" if type == "authorized" else "declined_by_network"
    return {"network_status": status, "reason": reason, "risk_level": "normal", "seller_message": message, "type": type}


def capture(world: World, charge: Obj, amount: int) -> None:
    """Take `amount` of an authorised charge into the balance."""
    charge.update(captured=True, paid=True, status="succeeded", amount_captured=amount)
    type = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    row = record(world, type, amount, charge["currency"], charge, fee=stripe_fee(amount))
    charge["balance_transaction"] = row["id"]
    world.store.save(charge)


def fail_charge(world: World, charge: Obj, reason: str) -> Obj:
    """Turn the charge down and announce it. Returns the card error for `last_payment_error`."""
    error = decline(reason)
    charge.update(
        status="failed",
        paid=False,
        captured=False,
        failure_code=error["code"],
        failure_message=error["message"],
        outcome=_outcome("issuer_declined", reason),
    )
    emit(world, "charge.failed", world.store.save(charge))
    return error


@route("GET", "/v1/charges/search", SEARCH)
def search_charges(call: Call) -> Obj:
    return search_page(call, "charge")


@route("GET", "/v1/charges/{}")
def retrieve_charge(call: Call) -> Obj:
    return call.own("charge", call.ids[0])


@route("GET", "/v1/charges", {**PAGING, "customer": STR, "payment_intent": STR, "transfer_group": STR})
def list_charges(call: Call) -> Obj:
    return call.listed("charge", "customer", "payment_intent", "transfer_group")


@route(
    "POST", "/v1/charges/{}", {"description": STR, "metadata": META, "receipt_email": STR, "transfer_group": STR, "customer": STR}
)
def update_charge(call: Call) -> Obj:
    charge = call.own("charge", call.ids[0])
    changes: dict[str, Any] = dict(call.params)
    if "metadata" in changes:
        changes["metadata"] = merge_metadata(charge["metadata"], changes["metadata"])
    charge.update(changes)
    emit(call.world, "charge.updated", call.world.store.save(charge))
    return charge


def _refunds(store: Store, charge: Obj) -> Obj:
    rows = (refund for refund in store.newest_first("refund") if refund["charge"] == charge["id"])
    return listing(rows, f"/v1/charges/{charge['id']}/refunds")


SUBLISTS["charge", "refunds"] = _refunds
