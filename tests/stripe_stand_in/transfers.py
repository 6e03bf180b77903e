"""/v1/transfers and their reversals: money from the platform's balance to a connected account."""

from .balance import check_funds, record
from .currencies import checked_amount, known_currency
from .errors import bad_request, no_such
from .events import emit
from .forms import INT, META, STR, merge_metadata
from .routing import PAGING, Call, route
from .store import Obj, new_id

CREATE = {
    "amount": INT,
    "currency": STR,
    "destination": STR,
    "description": STR,
    "metadata": META,
    "source_transaction": STR,
    "source_type": STR,
    "transfer_group": STR,
}


@route("POST", "/v1/transfers", CREATE)
def create_transfer(call: Call) -> Obj:
    """Needs available balance; with `source_transaction` it takes from that charge instead."""
    params = call.params
    amount, currency, destination = call.require("amount", "currency", "destination")
    currency = known_currency(currency)
    checked_amount(amount, currency)
    account = call.world.store.find(destination)
    if account is None or account["object"] != "account" or account.get("_deauthorized"):
        raise no_such("destination", destination, "destination")
    if params.get("source_transaction"):
        _check_source(call, params["source_transaction"], amount, currency)
    else:
        check_funds(call, amount, currency)
    id = new_id("tr")
    transfer = call.new(
        {
            "id": id,
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "balance_transaction": None,
            "created": call.world.clock.now(),
            "currency": currency,
            "description": params.get("description"),
            "destination": destination,
            "destination_payment": new_id("py"),
            "livemode": False,
            "metadata": params.get("metadata") or {},
            "reversed": False,
            "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{id}/reversals"},
            "source_transaction": params.get("source_transaction"),
            "source_type": "card",
            "transfer_group": params.get("transfer_group"),
        }
    )
    transfer["balance_transaction"] = record(call.world, "transfer", -amount, currency, transfer)["id"]
    record(call.world, "payment", amount, currency, {"id": transfer["destination_payment"]}, account=destination)
    emit(call.world, "transfer.created", call.world.store.save(transfer))
    return transfer


def _check_source(call: Call, charge_id: str, amount: int, currency: str) -> None:
    charge = call.own("charge", charge_id, "source_transaction")
    taken = sum(
        row["amount"] - row["amount_reversed"]
        for row in call.world.store.oldest_first("transfer")
        if row["source_transaction"] == charge_id
    )
    if charge["currency"] != currency:
        raise bad_request("The currency of source_transaction must be the same.", param="currency")
    if taken + amount > charge["amount_captured"]:
        raise bad_request("Cannot transfer more than the source charge's amount.", "amount_too_large", "amount")


@route("GET", "/v1/transfers/{}")
def retrieve_transfer(call: Call) -> Obj:
    return call.own("transfer", call.ids[0], "transfer")


@route("GET", "/v1/transfers", {**PAGING, "destination": STR, "transfer_group": STR})
def list_transfers(call: Call) -> Obj:
    return call.listed("transfer", "destination", "transfer_group")


@route("POST", "/v1/transfers/{}", {"description": STR, "metadata": META})
def update_transfer(call: Call) -> Obj:
    transfer = call.own("transfer", call.ids[0], "transfer")
    if "metadata" in call.params:
        transfer["metadata"] = merge_metadata(transfer["metadata"], call.params["metadata"])
    if "description" in call.params:
        transfer["description"] = call.params["description"]
    emit(call.world, "transfer.updated", call.world.store.save(transfer))
    return transfer


@route("POST", "/v1/transfers/{}/reversals", {"amount": INT, "description": STR, "metadata": META})
def create_reversal(call: Call) -> Obj:
    """Takes back all that is left, or `amount`; never more than was transferred."""
    transfer = call.own("transfer", call.ids[0], "transfer")
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.params.get("amount", left)
    checked_amount(amount, transfer["currency"], least=min(1, left))
    if amount > left or left == 0:
        raise bad_request(
            f"Reversal amount ({amount}) is greater than the amount left of the transfer ({left}).",
            "amount_too_large" if left else "transfer_already_reversed",
            "amount",
        )
    reversal = call.new(
        {
            "id": new_id("trr"),
            "object": "transfer_reversal",
            "amount": amount,
            "balance_transaction": None,
            "created": call.world.clock.now(),
            "currency": transfer["currency"],
            "destination_payment_refund": None,
            "metadata": call.params.get("metadata") or {},
            "source_refund": None,
            "transfer": transfer["id"],
        }
    )
    row = record(call.world, "transfer_refund", amount, transfer["currency"], reversal)
    reversal["balance_transaction"] = row["id"]
    payment = {"id": transfer["destination_payment"]}
    record(call.world, "payment_refund", -amount, transfer["currency"], payment, account=transfer["destination"])
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, call.world.store.save(reversal))
    emit(call.world, "transfer.reversed", call.world.store.save(transfer))
    return reversal


@route("GET", "/v1/transfers/{}/reversals", PAGING)
def list_reversals(call: Call) -> Obj:
    transfer = call.own("transfer", call.ids[0], "transfer")
    return call.listed("transfer_reversal", where=lambda row: row["transfer"] == transfer["id"])


@route("GET", "/v1/transfers/{}/reversals/{}")
def retrieve_reversal(call: Call) -> Obj:
    reversal = call.own("transfer_reversal", call.ids[1])
    if reversal["transfer"] != call.ids[0]:
        raise no_such("transfer_reversal", call.ids[1])
    return reversal
