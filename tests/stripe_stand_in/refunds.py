"""Refunds, in every state Stripe has for them: https://docs.stripe.com/refunds."""

from .balance import record
from .cards import REFUND_FAILS, REFUND_PENDING
from .currencies import checked_amount
from .errors import bad_request, unexpected_state
from .events import emit
from .forms import INT, META, STR, UNPLAYED, merge_metadata
from .routing import PAGING, Call, only_one, route
from .store import Obj, new_id
from .world import TIMERS, World

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
OPEN = ("pending", "requires_action")


@route(
    "POST",
    "/v1/refunds",
    {
        "amount": INT,
        "charge": STR,
        "payment_intent": STR,
        "metadata": META,
        "reason": STR,
        "instructions_email": STR,
        "reverse_transfer": UNPLAYED,
        "refund_application_fee": UNPLAYED,
    },
)
def create_refund(call: Call) -> Obj:
    charge = _refundable_charge(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise bad_request(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    amount = call.params.get("amount", left)
    checked_amount(amount, charge["currency"])
    if amount > left:
        raise bad_request(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            "amount_too_large",
            "amount",
        )
    reason = call.params.get("reason")
    if reason and reason not in REASONS:
        raise bad_request(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    return _refund(call, charge, amount, reason)


def _refundable_charge(call: Call) -> Obj:
    if only_one(call, "charge", "payment_intent") == "charge":
        charge = call.own("charge", call.params["charge"], "charge")
    else:
        intent = call.own("payment_intent", call.params["payment_intent"], "payment_intent")
        if not intent["latest_charge"]:
            raise bad_request("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        charge = call.own("charge", intent["latest_charge"])
    if not charge["captured"] or charge["status"] != "succeeded":
        raise bad_request("This charge has not been captured and cannot be refunded.", "charge_not_refundable")
    for dispute in call.world.store.oldest_first("dispute"):
        if dispute["charge"] == charge["id"] and not dispute["is_charge_refundable"]:
            raise bad_request(f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge_disputed")
    return charge


def _refund(call: Call, charge: Obj, amount: int, reason: str | None) -> Obj:
    world = call.world
    method = charge["payment_method_details"]["type"]
    status = _first_status(world, charge)
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    refund: Obj = call.new(
        {
            "id": new_id("re"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "created": world.clock.now(),
            "currency": charge["currency"],
            "destination_details": {"type": method, method: card if method == "card" else {}},
            "failure_balance_transaction": None,
            "failure_reason": None,
            "metadata": call.params.get("metadata") or {},
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "pending" if status == "failed" else status,
            "transfer_reversal": None,
        }
    )
    type = "refund" if method == "card" else "payment_refund"
    refund["balance_transaction"] = record(world, type, -amount, charge["currency"], refund)["id"]
    _describe(refund)
    _count_refunded(world, charge, amount)
    emit(world, "refund.created", refund)
    emit(world, "charge.refunded", charge)
    if status == "failed":
        finish_refund(world, refund, "failed")
    elif charge["_number"] == REFUND_FAILS:
        world.set_timer(refund, "refund_fails", world.clock.exact() + (world.settings.settle_after or 0))
    return refund


def _first_status(world: World, charge: Obj) -> str:
    ordered = world.playing.refund_statuses.pop(0) if world.playing.refund_statuses else ""
    return ordered or ("pending" if charge["_number"] == REFUND_PENDING else "succeeded")


def _describe(refund: Obj) -> None:
    refund.pop("pending_reason", None)
    refund["next_action"] = None
    if refund["status"] == "pending":
        refund["pending_reason"] = "processing"
    if refund["status"] == "requires_action":
        sent = {"email_sent_at": refund["created"], "email_sent_to": refund.get("instructions_email")}
        expires = refund["created"] + 45 * 86400
        refund["next_action"] = {
            "type": "display_details",
            "display_details": {"email_sent": sent, "expires_at": expires},
        }


def _count_refunded(world: World, charge: Obj, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    world.store.save(charge)


def finish_refund(world: World, refund: Obj, status: str, reason: str = "lost_or_stolen_card") -> Obj:
    """Move a refund to succeeded, failed or canceled; failed and canceled give the money back to the balance.

    A refund that succeeded may still fail, weeks later: https://docs.stripe.com/refunds#failed-refunds.
    """
    if refund.get("failure_balance_transaction") or refund["status"] == "canceled":
        raise unexpected_state("refund", refund, status)
    before = refund["status"]
    refund["status"] = status
    _describe(refund)
    if status in ("failed", "canceled"):
        refund["failure_reason"] = reason if status == "failed" else None
        row = record(world, "refund_failure", refund["amount"], refund["currency"], refund)
        refund["failure_balance_transaction"] = row["id"]
        charge = world.store.find(refund["charge"])
        if charge:
            _count_refunded(world, charge, -refund["amount"])
    world.store.save(refund)
    emit(world, "refund.updated", refund, previous={"status": before})
    if status == "failed":
        emit(world, "refund.failed", refund)
    return refund


def _fail_later(world: World, refund: Obj) -> None:
    finish_refund(world, refund, "failed")


TIMERS["refund_fails"] = _fail_later


@route("GET", "/v1/refunds/{}")
def retrieve_refund(call: Call) -> Obj:
    return call.own("refund", call.ids[0], "refund")


@route("GET", "/v1/refunds", {**PAGING, "charge": STR, "payment_intent": STR})
def list_refunds(call: Call) -> Obj:
    return call.listed("refund", "charge", "payment_intent")


@route("POST", "/v1/refunds/{}", {"metadata": META})
def update_refund(call: Call) -> Obj:
    refund = call.own("refund", call.ids[0], "refund")
    if "metadata" in call.params:
        refund["metadata"] = merge_metadata(refund["metadata"], call.params["metadata"])
    emit(call.world, "refund.updated", call.world.store.save(refund))
    return refund


@route("POST", "/v1/refunds/{}/cancel")
def cancel_refund(call: Call) -> Obj:
    """Only a refund that waits for the customer can be cancelled."""
    refund = call.own("refund", call.ids[0], "refund")
    if refund["status"] != "requires_action":
        raise unexpected_state("refund", refund, "canceled")
    return finish_refund(call.world, refund, "canceled")
