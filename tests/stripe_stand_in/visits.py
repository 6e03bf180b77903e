"""What a buyer does on the hosted page, and what then becomes of the Checkout Session."""

from .cards import checked_number
from .customers import new_customer
from .errors import ApiError, bad_request
from .events import emit
from .paying import attach_payer, attempt, cancel, fail, new_intent, start_processing, succeed
from .store import Obj
from .world import TIMERS, World


def find_session(world: World, id: str) -> Obj:
    session = world.store.find(id)
    if session is None or session["object"] != "checkout.session":
        raise ApiError(404, f"No such checkout.session: '{id}'", code="resource_missing", param="session")
    return session


def _open_session(world: World, id: str) -> Obj:
    session = find_session(world, id)
    if session["status"] != "open":
        raise bad_request(f"This Checkout Session is {session['status']}.", "session_not_open", "session")
    return session


def _intent(world: World, session: Obj, method: str, card: str, payer: Obj) -> Obj:
    """The session's PaymentIntent, made at the first attempt as Stripe does since 2022-08-01."""
    checked_number(card)
    if method not in session["payment_method_types"]:
        raise bad_request(f"{method} cannot pay this session.", param="payment_method")
    details = {"address": None, "phone": None, "tax_exempt": "none", "tax_ids": None, **(session["customer_details"] or {})}
    details["email"] = session["customer_email"] or payer.get("email") or details.get("email")
    details["name"] = payer.get("name") or details.get("name")
    session["customer_details"] = details
    _make_customer(world, session)
    intent = world.store.find(session["payment_intent"] or "")
    if intent is None:
        members = {**session["_intent_data"], "customer": session["customer"]}
        members["metadata"] = members.get("metadata") or {}
        if session.get("_account"):
            members["_account"] = session["_account"]
        intent = new_intent(world, session["amount_total"], session["currency"], session["payment_method_types"], **members)
        session["payment_intent"] = intent["id"]
    world.store.save(session)
    attach_payer(world, intent, method, card, {"email": details["email"], "name": details["name"]})
    return intent


def _make_customer(world: World, session: Obj) -> None:
    if session["customer"] or session["customer_creation"] != "always":
        return
    details = session["customer_details"]
    session["customer"] = new_customer(world, email=details["email"], name=details["name"])["id"]


def pay(
    world: World,
    session_id: str,
    *,
    card: str,
    method: str = "card",
    payer: Obj | None = None,
    challenge: bool = False,
) -> Obj:
    """The buyer presses Pay: charged, declined or sent to 3-D Secure, as the number says. Pays at most once."""
    session = _open_session(world, session_id)
    if not session["amount_total"]:
        return _complete(world, session, "no_payment_required")
    intent = attempt(world, _intent(world, session, method, card, payer or {}), challenge=challenge)
    if intent["status"] in ("succeeded", "requires_capture"):
        _complete(world, session, "paid" if intent["status"] == "succeeded" else "unpaid")
    return session


def decline(world: World, session_id: str, *, card: str, reason: str = "generic_decline") -> Obj:
    """The bank says no; the session stays open for another try."""
    session = _open_session(world, session_id)
    fail(world, _intent(world, session, "card", card, {}), reason)
    return session


def answer_challenge(world: World, session_id: str, *, ok: bool) -> Obj:
    """The 3-D Secure page's outcome."""
    session = _open_session(world, session_id)
    intent = world.store.find(session["payment_intent"] or "")
    if intent is None or intent["status"] != "requires_action":
        raise bad_request("This session does not wait for 3-D Secure.", param="session")
    if ok:
        succeed(world, intent)
        return _complete(world, session, "paid" if intent["status"] == "succeeded" else "unpaid")
    fail(world, intent, "payment_intent_authentication_failure")
    return session


def delay_payment(
    world: World,
    session_id: str,
    *,
    card: str,
    method: str = "card",
    payer: Obj | None = None,
    ok: bool = True,
    settles: bool = True,
) -> Obj:
    """A delayed method: complete but unpaid. Settles itself as `ok` says if settings.settle_after is given, unless
    `settles` is false: then it waits for `settle`."""
    session = _open_session(world, session_id)
    start_processing(world, _intent(world, session, method, card, payer or {}))
    _complete(world, session, "unpaid")
    if settles and world.settings.settle_after is not None:
        due = world.clock.exact() + world.settings.settle_after
        world.set_timer(session, "settles" if ok else "settles_badly", due)
    return session


def settle(world: World, session_id: str, *, ok: bool) -> Obj:
    """The outcome of a delayed payment."""
    session = find_session(world, session_id)
    intent = world.store.find(session["payment_intent"] or "")
    if session["status"] != "complete" or intent is None or intent["status"] != "processing":
        raise bad_request("This session does not wait for a delayed payment.", param="session")
    if ok:
        succeed(world, intent)
        session["payment_status"] = "paid"
    else:
        fail(world, intent, "processing_error")
    outcome = "succeeded" if ok else "failed"
    emit(world, f"checkout.session.async_payment_{outcome}", world.store.save(session))
    return session


def _complete(world: World, session: Obj, payment_status: str) -> Obj:
    session.update(status="complete", payment_status=payment_status, url=None)
    session.get("_timers", {}).pop("session_expires", None)
    emit(world, "checkout.session.completed", world.store.save(session))
    return session


def expire(world: World, session: Obj) -> Obj:
    """End an open session; what was begun is cancelled first."""
    intent = world.store.find(session["payment_intent"] or "")
    if intent and intent["status"] not in ("succeeded", "canceled", "processing"):
        cancel(world, intent, "automatic")
    session.update(status="expired", url=None)
    session.get("_timers", {}).pop("session_expires", None)
    emit(world, "checkout.session.expired", world.store.save(session))
    return session


def _expire_when_due(world: World, session: Obj) -> None:
    if session["status"] == "open":
        expire(world, session)


def _settle_when_due(ok: bool, world: World, session: Obj) -> None:
    intent = world.store.find(session["payment_intent"])
    if intent and intent["status"] == "processing":
        settle(world, session["id"], ok=ok)


TIMERS["session_expires"] = _expire_when_due
TIMERS["settles"] = lambda world, session: _settle_when_due(True, world, session)
TIMERS["settles_badly"] = lambda world, session: _settle_when_due(False, world, session)
