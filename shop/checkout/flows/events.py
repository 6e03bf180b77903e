"""Stripe's events: stored as they come, processed afterwards from a fresh look at the object they are about."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q

from kit.clock import now
from shop.checkout.flows.catch_up import catch_up, read_story, session_of
from shop.checkout.flows.settle import settle_payment
from shop.checkout.flows.tell import tell_staff
from shop.payments import connect, stripe
from shop.payments.flows import store_event
from shop.payments.models import Payment, WebhookEvent
from shop.payments.shapes import EventFacts
from shop.payouts.flows import end_account, note_account, settle_transfer

logger = logging.getLogger(__name__)
State = WebhookEvent.State
# Applies what was fetched, inside the transaction; False where nothing of ours is concerned.
Effect = Callable[[], bool]
Handler = Callable[[WebhookEvent], Effect]
MAX_ATTEMPTS = 25
MISSED_SPAN = timedelta(days=3)


def process_event(*, event_id: int) -> str:
    """Bring us to where Stripe is with the object of this event, once. Returns the event's state.

    Stripe is asked outside the transaction. An event about something unknown is parked; a type that we do not use is
    ignored; trouble leaves it `failed`, for the sweep.
    """
    event = WebhookEvent.objects.get(pk=event_id)
    if event.state in (State.DONE, State.IGNORED):
        return event.state
    handler = HANDLERS.get(event.type)
    if handler is None:
        return _finish(event_id, None)
    try:
        return _finish(event_id, handler(event))
    except stripe.StripeUnknown:
        return _finish(event_id, lambda: False)
    except stripe.StripeUnavailable as error:
        _note_trouble(event_id, error)
        return State.FAILED
    except Exception as error:
        _note_trouble(event_id, error)
        # What a database says may quote people's data: its kind is enough.
        known = isinstance(error, DatabaseError)
        logger.error(
            "event could not be processed", extra={"event": event.event_id, "error": type(error).__name__}, exc_info=not known
        )
        return State.FAILED


@transaction.atomic
def _finish(event_id: int, effect: Effect | None) -> str:
    """One transaction: the event's lock, the order's, and all that follows."""
    event = WebhookEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.state in (State.DONE, State.IGNORED):
        return event.state
    if effect is None:
        event.state = State.IGNORED
    else:
        event.state = State.DONE if effect() else State.PARKED
    event.attempts += 1
    event.done_at, event.note = now(), ""
    event.save(update_fields=["state", "attempts", "done_at", "note"])
    logger.info("event processed", extra={"event": event.event_id, "event_type": event.type, "state": str(event.state)})
    return event.state


@transaction.atomic
def _note_trouble(event_id: int, error: Exception) -> None:
    event = WebhookEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.state in (State.DONE, State.IGNORED):
        return
    event.state, event.note = State.FAILED, type(error).__name__
    event.attempts += 1
    event.save(update_fields=["state", "note", "attempts"])


def _object_of(event: WebhookEvent) -> dict[str, object]:
    found: dict[str, object] = (event.payload.get("data") or {}).get("object") or {}
    return found


def _id(event: WebhookEvent, name: str = "id") -> str:
    value = _object_of(event).get(name)
    return str(value.get("id", "") if isinstance(value, dict) else value or "")


def _session(event: WebhookEvent) -> Effect:
    session = stripe.read_session(_id(event))
    return lambda: settle_payment(session=session)


def _intent(event: WebhookEvent) -> Effect:
    session = session_of(_id(event))
    return lambda: session is not None and settle_payment(session=session)


def _story(event: WebhookEvent) -> Effect:
    """A refund or a dispute: what is told of it is a trigger only, the payment's whole story is asked for."""
    intent = _id(event, "payment_intent")
    if not intent:
        return lambda: False
    story = read_story(intent)
    return lambda: catch_up(story=story)


def _fraud_warning(event: WebhookEvent) -> Effect:
    def effect() -> bool:
        payment = Payment.objects.select_related("order").filter(provider_id=_id(event, "payment_intent")).first()
        if payment is not None:
            tell_staff(order=payment.order, kind="fraud_warning", key=f"fraud_warning:{_id(event)}")
        return payment is not None

    return effect


def _account(event: WebhookEvent) -> Effect:
    facts = connect.read_account(_id(event))
    return lambda: note_account(facts=facts)


def _cut_off(event: WebhookEvent) -> Effect:
    """Its object is our application; the account that left it is named beside."""
    return lambda: end_account(account_id=str(event.payload.get("account") or ""))


def _transfer(event: WebhookEvent) -> Effect:
    facts = connect.read_transfer(_id(event))
    return lambda: settle_transfer(facts=facts)


HANDLERS: dict[str, Handler] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session,
    "checkout.session.expired": _session,
    "payment_intent.processing": _intent,
    "payment_intent.succeeded": _intent,
    "payment_intent.payment_failed": _intent,
    "payment_intent.canceled": _intent,
    "refund.created": _story,
    "refund.updated": _story,
    "refund.failed": _story,
    "charge.refunded": _story,
    "charge.dispute.created": _story,
    "charge.dispute.updated": _story,
    "charge.dispute.funds_withdrawn": _story,
    "charge.dispute.funds_reinstated": _story,
    "charge.dispute.closed": _story,
    "radar.early_fraud_warning.created": _fraud_warning,
    "account.updated": _account,
    "account.application.deauthorized": _cut_off,
    "transfer.created": _transfer,
    "transfer.updated": _transfer,
    "transfer.reversed": _transfer,
}


@transaction.atomic
def receive_event(*, facts: EventFacts) -> WebhookEvent:
    """Store a verified event and queue its processing on commit. A repeat is the same row, and harmless."""
    event, _created = store_event(facts=facts)
    if event.state not in (State.DONE, State.IGNORED):
        transaction.on_commit(lambda: _queue(event.pk))
    return event


def _queue(event_id: int) -> None:
    from shop.checkout.tasks import process_webhook_event  # tasks import this module

    try:
        process_webhook_event.apply_async(args=[event_id], retry=False)
    except Exception:
        # A dead broker never fails the webhook; the sweep processes it later.
        logger.warning("broker unreachable, event left to the sweep", extra={"event_id": event_id})


def sweep_webhooks(*, limit: int = 200) -> int:
    """Process events whose task was lost or failed, each later than the time before; how many were tried."""
    rows = WebhookEvent.objects.filter(Q(state=State.RECEIVED) | Q(state=State.FAILED), attempts__lt=MAX_ATTEMPTS).order_by(
        "received_at"
    )
    moment, tried = now(), 0
    for event in rows.only("pk", "received_at", "attempts")[:limit]:
        if moment - event.received_at >= timedelta(seconds=min(10 * 2**event.attempts, 6 * 3600)):
            tried += 1
            if process_event(event_id=event.pk) == State.FAILED and _stripe_is_silent(event.pk):
                break  # each of the others would wait as long; the next run tries them
    return tried


def _stripe_is_silent(event_id: int) -> bool:
    return WebhookEvent.objects.filter(pk=event_id, note=stripe.StripeUnavailable.__name__).exists()


def sweep_missed_events() -> int:
    """Fetch from Stripe the events that never reached us, and process them; how many were new."""
    new = 0
    for facts in stripe.undelivered_events(since=now() - MISSED_SPAN, types=list(HANDLERS)):
        event, created = store_event(facts=facts)
        if created:
            new += 1
            process_event(event_id=event.pk)
    return new
