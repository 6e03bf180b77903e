"""How a PaymentIntent moves: charged, declined, sent to 3-D Secure, kept waiting, settled, cancelled."""

from typing import Any

from .cards import DECLINES, DISPUTED, GOOD, THREE_D_SECURE, checked_number
from .charges import EMPTY_BILLING, capture, fail_charge, method_details, new_charge
from .disputes import open_dispute
from .events import emit
from .store import Obj, new_id
from .world import World


def new_intent(world: World, amount: int, currency: str, methods: list[str], **members: Any) -> Obj:
    """A PaymentIntent that waits for a payment method."""
    id = new_id("pi")
    intent: Obj = {
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{id}_secret_{new_id('x', 16)[2:]}",
        "confirmation_method": "automatic",
        "created": world.clock.now(),
        "currency": currency,
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": methods,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
        **members,
    }
    emit(world, "payment_intent.created", world.store.save(intent))
    return intent


def attach_payer(world: World, intent: Obj, method: str, card: str, billing: Obj | None = None) -> None:
    """Note with what the intent is to be paid. Raises ApiError 402 for a card number that cannot be one."""
    number = checked_number(card or GOOD)
    details = method_details(method, number)
    billing = {key: value for key, value in (billing or {}).items() if value}
    payment_method: Obj = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {**EMPTY_BILLING, **billing},
        "created": world.clock.now(),
        "customer": intent["customer"],
        "livemode": False,
        "metadata": {},
        **details,
        "_number": number,
    }
    if intent.get("_account"):
        payment_method["_account"] = intent["_account"]
    world.store.save(payment_method)
    intent.update(payment_method=payment_method["id"], _payer={"method": method, "number": number, "billing": billing})
    world.store.save(intent)


def attempt(world: World, intent: Obj, *, challenge: bool = False) -> Obj:
    """Try the payment method: the number decides (https://docs.stripe.com/testing). `challenge` asks for 3-D Secure."""
    number = intent["_payer"]["number"]
    if challenge or number in THREE_D_SECURE:
        return require_action(world, intent)
    if number in DECLINES:
        return fail(world, intent, DECLINES[number])
    return succeed(world, intent)


def succeed(world: World, intent: Obj) -> Obj:
    """Charge the intent; with capture_method manual it only holds the money."""
    charge = _pending_charge(world, intent) or new_charge(world, intent, "succeeded")
    intent.update(next_action=None, processing=None, last_payment_error=None)
    charge.update(status="succeeded", paid=True)
    if intent["capture_method"] == "manual":
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        world.store.save(intent)
        emit(world, "charge.succeeded", world.store.save(charge))
        emit(world, "payment_intent.amount_capturable_updated", intent)
        return intent
    capture(world, charge, intent["amount"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    world.store.save(intent)
    emit(world, "charge.succeeded", charge)
    emit(world, "payment_intent.succeeded", intent)
    if charge["_number"] in DISPUTED:
        open_dispute(world, charge, reason=DISPUTED[charge["_number"]])
    return intent


def fail(world: World, intent: Obj, reason: str) -> Obj:
    """Turn the payment down; the intent waits for another payment method."""
    charge = _pending_charge(world, intent) or new_charge(world, intent, "failed")
    error = fail_charge(world, charge, reason)
    payment_method = world.store.find(intent["payment_method"] or "")
    intent.update(
        status="requires_payment_method",
        next_action=None,
        processing=None,
        payment_method=None,
        last_payment_error={**error, "charge": charge["id"], "payment_method": payment_method},
    )
    emit(world, "payment_intent.payment_failed", world.store.save(intent))
    return intent


def require_action(world: World, intent: Obj) -> Obj:
    url = f"{world.settings.public_url}/c/three-d-secure/{intent['id']}"
    intent.update(
        status="requires_action",
        next_action={"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}},
    )
    emit(world, "payment_intent.requires_action", world.store.save(intent))
    return intent


def start_processing(world: World, intent: Obj) -> Obj:
    """A delayed method: the outcome comes later, by `succeed` or `fail`."""
    charge = new_charge(world, intent, "pending")
    intent.update(status="processing", processing={"type": intent["_payer"]["method"]})
    world.store.save(intent)
    emit(world, "charge.pending", charge)
    emit(world, "payment_intent.processing", intent)
    return intent


def cancel(world: World, intent: Obj, reason: str | None = None) -> Obj:
    """Cancel; what was held but not captured is let go."""
    intent.update(
        status="canceled",
        canceled_at=world.clock.now(),
        cancellation_reason=reason,
        amount_capturable=0,
        next_action=None,
    )
    emit(world, "payment_intent.canceled", world.store.save(intent))
    return intent


def _pending_charge(world: World, intent: Obj) -> Obj | None:
    charge = world.store.find(intent["latest_charge"] or "")
    return charge if charge and charge["status"] == "pending" else None
