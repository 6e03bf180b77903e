"""/v1/checkout/sessions: https://docs.stripe.com/api/checkout/sessions. Only mode=payment is played."""

from typing import Any

from .currencies import checked_amount, checked_charge, known_currency
from .errors import bad_request, missing_param
from .forms import ANY, BOOL, INT, META, STR, UNPLAYED, Spec, merge_metadata
from .intents import TYPES, methods_for
from .render import SUBLISTS, listing
from .routing import PAGING, Call, route
from .store import Obj, Store, new_id
from .visits import expire

SHORTEST, LONGEST = 30 * 60, 24 * 3600
LINE: Spec = {
    "quantity": INT,
    "metadata": META,
    "adjustable_quantity": UNPLAYED,
    "price": UNPLAYED,
    "tax_rates": UNPLAYED,
    "price_data": {
        "currency": STR,
        "unit_amount": INT,
        "tax_behavior": STR,
        "product": STR,
        "product_data": {"name": STR, "description": STR, "images": [STR], "metadata": META, "tax_code": STR, "unit_label": STR},
    },
}
INTENT_DATA: Spec = {
    "metadata": META,
    "description": STR,
    "receipt_email": STR,
    "capture_method": STR,
    "shipping": ANY,
    "statement_descriptor": STR,
    "statement_descriptor_suffix": STR,
    "transfer_group": STR,
    "setup_future_usage": STR,
    "application_fee_amount": UNPLAYED,
    "on_behalf_of": UNPLAYED,
    "transfer_data": UNPLAYED,
}
CREATE: Spec = {
    **TYPES,
    "mode": STR,
    "ui_mode": STR,
    "line_items": [LINE],
    "currency": STR,
    "client_reference_id": STR,
    "metadata": META,
    "customer": STR,
    "customer_email": STR,
    "customer_creation": STR,
    "success_url": STR,
    "cancel_url": STR,
    "expires_at": INT,
    "payment_intent_data": INTENT_DATA,
    "locale": STR,
    "submit_type": STR,
    "branding_settings": {
        "display_name": STR,
        "background_color": STR,
        "button_color": STR,
        "border_style": STR,
        "font_family": STR,
    },
    # Taken and echoed or ignored: they change the look of the page, not what is paid.
    "billing_address_collection": STR,
    "payment_method_options": ANY,
    "phone_number_collection": {"enabled": BOOL},
    "custom_text": ANY,
    "adaptive_pricing": {"enabled": BOOL},
    "allow_promotion_codes": BOOL,
    "integration_identifier": STR,
    "origin_context": STR,
    **dict.fromkeys(
        (
            "after_expiration",
            "automatic_tax",
            "consent_collection",
            "custom_fields",
            "discounts",
            "invoice_creation",
            "optional_items",
            "setup_intent_data",
            "shipping_address_collection",
            "shipping_options",
            "subscription_data",
            "tax_id_collection",
        ),
        UNPLAYED,
    ),
}


@route("POST", "/v1/checkout/sessions", CREATE)
def create_session(call: Call) -> Obj:
    items = _checked_items(call)
    lines, currency = _lines(items)
    total = sum(line["amount_total"] for line in lines)
    if total:
        checked_charge(total, currency, "line_items")
    session = call.new(_new_session(call, call.world.clock.now(), currency, total))
    session["_lines"] = [call.new(line)["id"] for line in lines]
    call.world.set_timer(session, "session_expires", session["expires_at"])
    return session


def _checked_items(call: Call) -> list[Any]:
    """The line items as given, once all else is found to be in order. Raises ApiError 400."""
    params = call.params
    mode, _, items = call.require("mode", "success_url", "line_items")
    if mode != "payment":
        raise bad_request("The stand-in plays mode=payment only.", param="mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad_request("Invalid ui_mode: the stand-in plays hosted_page only.", param="ui_mode")
    if params.get("customer") and params.get("customer_email"):
        raise bad_request("You may only specify one of these parameters: customer, customer_email.", param="customer")
    if params.get("customer"):
        call.own("customer", params["customer"], "customer")
    for name in ("success_url", "cancel_url"):
        if params.get(name) and not params[name].startswith(("http://", "https://")):
            raise bad_request("Not a valid URL", "url_invalid", name)
    if "@" not in params.get("customer_email", "@"):
        raise bad_request(f"Invalid email address: {params['customer_email']}", "email_invalid", "customer_email")
    return list(items)


def _new_session(call: Call, now: int, currency: str, total: int) -> Obj:
    params = call.params
    id = new_id("cs_test", 58)
    customer_details = (
        {"address": None, "email": params["customer_email"], "name": None, "phone": None, "tax_exempt": "none", "tax_ids": None}
        if params.get("customer_email")
        else None
    )
    return {
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "branding_settings": params.get("branding_settings"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {},
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation") or "if_required",
        "customer_details": customer_details,
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": _expiry(params, now),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata") or {},
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": methods_for(call, currency),
        "payment_status": "unpaid" if total else "no_payment_required",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{call.world.settings.public_url}/c/pay/{id}",
        "wallet_options": None,
        "_intent_data": params.get("payment_intent_data") or {},
    }


def _expiry(params: Obj, now: int) -> int:
    """Between 30 minutes and 24 hours from now, 24 hours if not given; a second's grace for the way here."""
    expires_at: int = params.get("expires_at") or now + LONGEST
    if not now + SHORTEST - 1 <= expires_at <= now + LONGEST + 1:
        raise bad_request(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


def _lines(items: list[Any]) -> tuple[list[Obj], str]:
    """Line item objects and their one currency. Raises ApiError 400."""
    if not items:
        raise missing_param("line_items")
    if len(items) > 100:
        raise bad_request("A Checkout Session holds at most 100 line items.", "line_items_limit", "line_items")
    lines = [_line(item, f"line_items[{index}]") for index, item in enumerate(items)]
    currencies = {line["currency"] for line in lines}
    if len(currencies) != 1:
        raise bad_request("All line items must have the same currency.", param="line_items")
    return lines, currencies.pop()


def _line(item: Obj, path: str) -> Obj:
    price = item.get("price_data")
    if not price:
        raise missing_param(f"{path}[price_data]")
    for name in ("currency", "unit_amount", "product_data"):
        if price.get(name) is None:
            raise missing_param(f"{path}[price_data][{name}]")
    product = price["product_data"]
    if not product.get("name"):
        raise missing_param(f"{path}[price_data][product_data][name]")
    currency = known_currency(price["currency"], f"{path}[price_data][currency]")
    unit = checked_amount(price["unit_amount"], currency, f"{path}[price_data][unit_amount]", least=0)
    quantity = checked_amount(item.get("quantity", 1), "usd", f"{path}[quantity]", least=0)
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": currency,
        "description": product["name"],
        "metadata": item.get("metadata") or {},
        "quantity": quantity,
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "currency": currency,
            "livemode": False,
            "metadata": {},
            "product": new_id("prod", 14),
            "recurring": None,
            "tax_behavior": price.get("tax_behavior") or "unspecified",
            "type": "one_time",
            "unit_amount": unit,
            "unit_amount_decimal": str(unit),
        },
        "_about": product.get("description"),
    }


@route("GET", "/v1/checkout/sessions/{}")
def retrieve_session(call: Call) -> Obj:
    return call.own("checkout.session", call.ids[0], "session")


@route(
    "GET",
    "/v1/checkout/sessions",
    {**PAGING, "customer": STR, "payment_intent": STR, "status": STR, "customer_details": {"email": STR}},
)
def list_sessions(call: Call) -> Obj:
    email = (call.params.get("customer_details") or {}).get("email")
    return call.listed(
        "checkout.session",
        "customer",
        "payment_intent",
        "status",
        where=lambda session: email is None or (session["customer_details"] or {}).get("email") == email,
    )


@route("POST", "/v1/checkout/sessions/{}", {"metadata": META})
def update_session(call: Call) -> Obj:
    session = call.own("checkout.session", call.ids[0], "session")
    if "metadata" in call.params:
        session["metadata"] = merge_metadata(session["metadata"], call.params["metadata"])
    return call.world.store.save(session)


@route("POST", "/v1/checkout/sessions/{}/expire")
def expire_session(call: Call) -> Obj:
    session = call.own("checkout.session", call.ids[0], "session")
    if session["status"] != "open":
        raise bad_request(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status'
            f" of {session['status']}.",
            param="session",
        )
    return expire(call.world, session)


def line_items(store: Store, session: Obj) -> Obj:
    kept = store.find(session["id"]) or session
    rows = [line for line in map(store.find, kept["_lines"]) if line]
    return listing(rows, f"/v1/checkout/sessions/{session['id']}/line_items")


@route("GET", "/v1/checkout/sessions/{}/line_items", PAGING)
def list_line_items(call: Call) -> Obj:
    return line_items(call.world.store, call.own("checkout.session", call.ids[0], "session"))


SUBLISTS["checkout.session", "line_items"] = line_items
