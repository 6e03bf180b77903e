"""Disputes: a bank takes a payment back, we answer with evidence, the bank decides."""

from .balance import record
from .errors import bad_request
from .events import emit
from .forms import ANY, BOOL, META, STR, Spec, merge_metadata
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World

FEE = 1500
ANSWER_WITHIN = 7 * 86400
LONGEST = 20_000
# What waits for evidence, and what it becomes once that is submitted.
ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
EVIDENCE_TEXT = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal"
    " customer_communication customer_email_address customer_name customer_purchase_ip customer_signature"
    " duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt"
    " refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation"
    " shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number"
    " uncategorized_file uncategorized_text"
)
EVIDENCE = EVIDENCE_TEXT.split()
EVIDENCE_FILES = [
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
]
FILES_TOGETHER = 4_500_000
UPDATE: Spec = {
    "evidence": {**dict.fromkeys(EVIDENCE, STR), "enhanced_evidence": ANY},
    "metadata": META,
    "submit": BOOL,
}


def open_dispute(world: World, charge: Obj, *, amount: int | None = None, reason: str = "fraudulent") -> Obj:
    """The bank withdraws `amount` (by default all that is not refunded) and its fee.

    Raises ApiError 400 for a charge that is disputed already, not captured, or smaller than `amount`.
    """
    if charge["disputed"] or not charge["captured"]:
        raise bad_request("This charge cannot be disputed.", "charge_disputed", "charge")
    amount = amount or charge["amount_captured"] - charge["amount_refunded"] or charge["amount_captured"]
    if amount > charge["amount_captured"]:
        raise bad_request("A dispute cannot be above the charge.", "amount_too_large", "amount")
    now = world.clock.now()
    dispute: Obj = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
        },
        "reason": reason,
        "status": "needs_response",
    }
    if charge.get("_account"):
        dispute["_account"] = charge["_account"]
    _move(world, dispute, -dispute["amount"], fee=FEE, words="Chargeback withdrawal", category="dispute")
    charge["disputed"] = True
    world.store.save(charge)
    emit(world, "charge.dispute.created", dispute)
    emit(world, "charge.dispute.funds_withdrawn", dispute)
    emit(world, "charge.updated", charge, previous={"disputed": False})
    return dispute


def close_dispute(world: World, dispute: Obj, *, won: bool) -> Obj:
    """The bank decides. Won: the amount comes back, the fee does not. Raises ApiError 400 if it is closed."""
    if dispute["status"] in ("won", "lost"):
        raise bad_request("This dispute is already closed.", "dispute_already_closed", "dispute")
    dispute["status"] = "won" if won else "lost"
    if won:
        _move(world, dispute, dispute["amount"], fee=0, words="Chargeback reversal", category="dispute_reversal")
        charge = world.store.find(dispute["charge"])
        dispute["is_charge_refundable"] = bool(charge and not charge["refunded"])
        emit(world, "charge.dispute.funds_reinstated", dispute)
    emit(world, "charge.dispute.closed", world.store.save(dispute))
    return dispute


def _move(world: World, dispute: Obj, amount: int, *, fee: int, words: str, category: str) -> None:
    """Balance transactions stand whole in a dispute, newest last."""
    row = record(
        world,
        "adjustment",
        amount,
        dispute["currency"],
        dispute,
        fee=fee,
        category=category,
        description=f"{words} for {dispute['charge']}",
    )
    dispute["balance_transactions"].append(row)
    world.store.save(dispute)


@route("GET", "/v1/disputes/{}")
def retrieve_dispute(call: Call) -> Obj:
    return call.own("dispute", call.ids[0], "dispute")


@route("GET", "/v1/disputes", {**PAGING, "charge": STR, "payment_intent": STR})
def list_disputes(call: Call) -> Obj:
    return call.listed("dispute", "charge", "payment_intent")


@route("POST", "/v1/disputes/{}", UPDATE)
def update_dispute(call: Call) -> Obj:
    """`uncategorized_text` of winning_evidence or losing_evidence decides at once: docs.stripe.com/testing#evidence."""
    dispute = call.own("dispute", call.ids[0], "dispute")
    evidence = call.params.get("evidence")
    if evidence:
        _check_evidence(call.world, dispute, evidence)
    if "metadata" in call.params:
        dispute["metadata"] = merge_metadata(dispute["metadata"], call.params["metadata"])
    if evidence:
        dispute["evidence"].update(evidence)
        dispute["evidence_details"]["has_evidence"] = True
        if call.params.get("submit", True):
            dispute["evidence_details"]["submission_count"] += 1
            dispute["status"] = ANSWERED[dispute["status"]]
    emit(call.world, "charge.dispute.updated", call.world.store.save(dispute))
    decides = {"winning_evidence": True, "losing_evidence": False}
    text = (evidence or {}).get("uncategorized_text")
    if dispute["status"] == "under_review" and text in decides:
        close_dispute(call.world, dispute, won=decides[text])
    return dispute


def _check_evidence(world: World, dispute: Obj, evidence: Obj) -> None:
    """Raises ApiError 400 once it was submitted, past its day, and for a text that is too long."""
    if dispute["status"] not in ANSWERED or world.clock.now() > dispute["evidence_details"]["due_by"]:
        raise bad_request("Evidence can no longer be given for this dispute.", "dispute_evidence_closed", "evidence")
    for name in EVIDENCE:
        if len(evidence.get(name) or "") > LONGEST:
            raise bad_request(f"{name} has more than {LONGEST} characters.", "parameter_invalid_string", f"evidence[{name}]")
    named = {name: world.store.find(str(evidence[name])) for name in EVIDENCE_FILES if evidence.get(name)}
    for name, file in named.items():
        if file is None or file["object"] != "file" or file["purpose"] != "dispute_evidence":
            raise bad_request(f"No such file upload: '{evidence[name]}'", "resource_missing", f"evidence[{name}]")
    if sum(file["size"] for file in named.values() if file) > FILES_TOGETHER:
        raise bad_request("The files have more than 4.5 MB together.", "evidence_too_large", "evidence")


@route("POST", "/v1/disputes/{}/close")
def accept_dispute(call: Call) -> Obj:
    """Accept the dispute: it is lost."""
    return close_dispute(call.world, call.own("dispute", call.ids[0], "dispute"), won=False)
