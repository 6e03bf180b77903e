"""/v1/payment_intents and /v1/payment_methods."""

from .cards import GOOD, NAMED
from .charges import capture
from .currencies import checked_amount, checked_charge, known_currency, payable_methods
from .errors import ApiError, bad_request, no_such, unexpected_state, unknown_param
from .events import emit
from .forms import ANY, BOOL, INT, META, STR, UNPLAYED, Spec, merge_metadata
from .paying import attach_payer, attempt, cancel, new_intent
from .routing import PAGING, Call, route
from .search import SEARCH, search_page
from .store import Obj

WAITING = ("requires_payment_method", "requires_confirmation", "requires_action")
DESCRIBED: Spec = {
    "customer": STR,
    "description": STR,
    "metadata": META,
    "receipt_email": STR,
    "shipping": ANY,
    "statement_descriptor": STR,
    "statement_descriptor_suffix": STR,
    "transfer_group": STR,
}
METHOD: Spec = {
    "payment_method": STR,
    "payment_method_data": {"type": STR, "billing_details": ANY, "card": {"number": STR}},
    "return_url": STR,
    "off_session": BOOL,
    "error_on_requires_action": BOOL,
}
TYPES: Spec = {"allowed_payment_method_types": [STR], "payment_method_types": [STR], "excluded_payment_method_types": [STR]}
CREATE: Spec = {
    **DESCRIBED,
    **METHOD,
    **TYPES,
    "amount": INT,
    "currency": STR,
    "confirm": BOOL,
    "capture_method": STR,
    "confirmation_method": STR,
    "automatic_payment_methods": {"enabled": BOOL, "allow_redirects": STR},
    "application_fee_amount": UNPLAYED,
    "on_behalf_of": UNPLAYED,
    "transfer_data": UNPLAYED,
}


def allowed_types(call: Call) -> list[str] | None:
    """The payment methods asked for, by the name the call's API version has for them.

    `payment_method_types` went with 2026-09-30.endive: https://docs.stripe.com/changelog/endive.
    """
    modern = call.version >= "2026-09-30"
    if modern and "payment_method_types" in call.params:
        raise bad_request(
            "payment_method_types is no longer supported in this API version; use allowed_payment_method_types.",
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        )
    if not modern and "allowed_payment_method_types" in call.params:
        raise unknown_param("allowed_payment_method_types")
    allowed: list[str] | None = call.params.get("allowed_payment_method_types" if modern else "payment_method_types")
    excluded = call.params.get("excluded_payment_method_types") or []
    return allowed if not excluded else [name for name in (allowed or ["card", "alipay", "wechat_pay"]) if name not in excluded]


def methods_for(call: Call, currency: str) -> list[str]:
    """Payment method types that fit. Raises ApiError 400 if none of those asked for takes the currency."""
    methods = payable_methods(currency, allowed_types(call))
    if not methods:
        raise bad_request(f"No valid payment method types for this currency ({currency}).", param="currency")
    return methods


@route("POST", "/v1/payment_intents", CREATE)
def create_payment_intent(call: Call) -> Obj:
    amount, currency = call.require("amount", "currency")
    currency = known_currency(currency)
    checked_charge(amount, currency)
    methods = methods_for(call, currency)
    members = {name: call.params[name] for name in DESCRIBED if call.params.get(name) is not None}
    if members.get("customer"):
        call.own("customer", members["customer"], "customer")
    if call.account:
        members["_account"] = call.account
    payer = _payer(call) if call.params.get("confirm") else None
    capture_method = call.params.get("capture_method") or "automatic_async"
    automatic = call.params.get("automatic_payment_methods") or {"enabled": True, "allow_redirects": "always"}
    intent = new_intent(
        call.world, amount, currency, methods, capture_method=capture_method, automatic_payment_methods=automatic, **members
    )
    return _confirm(call, intent, payer) if payer else intent


@route("GET", "/v1/payment_intents/search", SEARCH)
def search_payment_intents(call: Call) -> Obj:
    return search_page(call, "payment_intent")


@route("GET", "/v1/payment_intents/{}", {"client_secret": STR})
def retrieve_payment_intent(call: Call) -> Obj:
    return call.own("payment_intent", call.ids[0], "intent")


@route("GET", "/v1/payment_intents", {**PAGING, "customer": STR})
def list_payment_intents(call: Call) -> Obj:
    return call.listed("payment_intent", "customer")


@route("POST", "/v1/payment_intents/{}", {**DESCRIBED, **TYPES, "amount": INT, "currency": STR})
def update_payment_intent(call: Call) -> Obj:
    intent = call.own("payment_intent", call.ids[0], "intent")
    changes = {name: value for name, value in call.params.items() if name not in TYPES}
    if ("amount" in changes or "currency" in changes) and intent["status"] not in WAITING:
        raise unexpected_state("payment_intent", intent, "updated")
    currency = known_currency(changes.get("currency") or intent["currency"])
    checked_charge(changes.get("amount") or intent["amount"], currency)
    if "metadata" in changes:
        changes["metadata"] = merge_metadata(intent["metadata"], changes["metadata"])
    intent.update(changes, currency=currency)
    return call.world.store.save(intent)


@route("POST", "/v1/payment_intents/{}/confirm", {**METHOD, **TYPES, "receipt_email": STR, "shipping": ANY})
def confirm_payment_intent(call: Call) -> Obj:
    intent = call.own("payment_intent", call.ids[0], "intent")
    if intent["status"] not in WAITING:
        raise unexpected_state("payment_intent", intent, "confirmed")
    return _confirm(call, intent, _payer(call))


def _payer(call: Call) -> tuple[str, str, Obj | None]:
    """Method, card number and billing details: of `pm_card_visa` and its kin, of a kept payment method, or given."""
    given = call.params.get("payment_method_data") or {}
    named = call.params.get("payment_method")
    number = given.get("card", {}).get("number") or NAMED.get(named or "", "")
    billing = given.get("billing_details")
    if named and named not in NAMED:
        kept = call.world.store.find(named)
        if kept is None or kept["object"] != "payment_method":
            raise no_such("PaymentMethod", named, "payment_method")
        return kept["type"], kept["_number"], kept["billing_details"]
    if not named and not given:
        raise bad_request("You must provide a payment method to confirm.", "parameter_missing", "payment_method")
    return given.get("type") or "card", number or GOOD, billing


def _confirm(call: Call, intent: Obj, payer: tuple[str, str, Obj | None]) -> Obj:
    attach_payer(call.world, intent, *payer)
    attempt(call.world, intent)
    if intent["status"] == "requires_payment_method":
        raise ApiError(402, **intent["last_payment_error"], payment_intent=dict(intent))
    return intent


@route("POST", "/v1/payment_intents/{}/capture", {"amount_to_capture": INT, "metadata": META, "statement_descriptor": STR})
def capture_payment_intent(call: Call) -> Obj:
    intent = call.own("payment_intent", call.ids[0], "intent")
    if intent["status"] != "requires_capture":
        raise unexpected_state("payment_intent", intent, "captured")
    amount = call.params.get("amount_to_capture") or intent["amount_capturable"]
    checked_amount(amount, intent["currency"], "amount_to_capture")
    if amount > intent["amount_capturable"]:
        raise bad_request("The amount to capture is above the amount held.", "amount_too_large", "amount_to_capture")
    charge = call.own("charge", intent["latest_charge"])
    capture(call.world, charge, amount)
    if "metadata" in call.params:
        intent["metadata"] = merge_metadata(intent["metadata"], call.params["metadata"])
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    call.world.store.save(intent)
    emit(call.world, "charge.captured", charge)
    emit(call.world, "payment_intent.succeeded", intent)
    return intent


@route("POST", "/v1/payment_intents/{}/cancel", {"cancellation_reason": STR})
def cancel_payment_intent(call: Call) -> Obj:
    intent = call.own("payment_intent", call.ids[0], "intent")
    if intent["status"] not in (*WAITING, "requires_capture"):
        raise unexpected_state("payment_intent", intent, "canceled")
    return cancel(call.world, intent, call.params.get("cancellation_reason"))


@route("GET", "/v1/payment_methods/{}")
def retrieve_payment_method(call: Call) -> Obj:
    return call.own("payment_method", call.ids[0], "payment_method")
