"""The outbox: an effect that must not be lost is a row written in the same transaction as its cause.

`write()` inside a transaction; after commit a task is queued, and where the broker is dead a beat sweep picks the
row up. Handlers are registered by topic in `AppConfig.ready()`, run in a transaction of their own, and must be
idempotent on the row's key: delivery is at least once.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import get_script_prefix, set_script_prefix

from kit.clock import now
from kit.models import OutboxMessage

logger = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = {}
MAX_ATTEMPTS = 20
SWEEP_SECONDS = 9.0
AT_ONCE = timedelta()


class Later(Exception):
    """Raised by a handler whose time has not come (quiet hours): the row is tried again `at`, and no failure counted."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"not before {at}")
        self.at = at


def on(topic: str, handler: Handler) -> None:
    """Register `handler(payload)` for a topic."""
    handlers = _handlers.setdefault(topic, [])
    if handler not in handlers:
        handlers.append(handler)


def write(*, topic: str, key: str, payload: dict[str, Any], delay: timedelta = AT_ONCE) -> None:
    """Record an effect once per (topic, key); a repeated write is silently the same row. Needs a transaction.

    With a `delay` nothing is queued now: the sweep delivers when it is due.
    """
    message, created = OutboxMessage.objects.get_or_create(
        topic=topic, key=key, defaults={"payload": payload, "due_at": now() + delay}
    )
    if created and not delay:
        transaction.on_commit(lambda: _queue(message.pk))


def write_many(*, topic: str, payloads: Mapping[str, dict[str, Any]], delay: timedelta = AT_ONCE) -> None:
    """Record many effects {key: payload} in one statement, each once; the sweep delivers them. Needs a transaction."""
    due_at = now() + delay
    rows = [OutboxMessage(topic=topic, key=key, payload=payload, due_at=due_at) for key, payload in payloads.items()]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)


def _queue(message_id: int) -> None:
    from kit.tasks import deliver_outbox  # tasks import this module

    try:
        deliver_outbox.apply_async(args=[message_id], retry=False)
    except Exception:
        # A dead broker never fails a request; the sweep delivers later.
        logger.warning("broker unreachable, outbox row left to the sweep", extra={"outbox": message_id})


def deliver(*, message_id: int) -> bool:
    """Run a row's handlers once, under its lock. False where it was done already or failed this time."""
    with transaction.atomic():
        message = OutboxMessage.objects.select_for_update(skip_locked=True).filter(pk=message_id, done_at=None).first()
        if message is None:
            return False
        try:
            with transaction.atomic(), _plain_addresses():
                handle(topic=message.topic, payload=message.payload)
        except Later as later:
            message.due_at = later.at
            message.save(update_fields=["due_at"])
            return False
        except Exception:
            _postpone(message)
            return False
        message.done_at = now()
        message.save(update_fields=["done_at"])
        return True


def handle(*, topic: str, payload: dict[str, Any]) -> None:
    """Call a topic's handlers, in the caller's transaction."""
    for handler in _handlers.get(topic, []):
        handler(payload)


@contextmanager
def _plain_addresses() -> Iterator[None]:
    """What an effect writes holds no language prefix of the request that happened to carry it out."""
    outer = get_script_prefix()
    set_script_prefix("/")
    try:
        yield
    finally:
        set_script_prefix(outer)


def _postpone(message: OutboxMessage) -> None:
    message.attempts += 1
    message.due_at = now() + timedelta(seconds=min(3600, 5 * 2**message.attempts))
    message.save(update_fields=["attempts", "due_at"])
    logger.exception("outbox handler failed", extra={"outbox": message.pk, "topic": message.topic})


def due_message_ids(limit: int = 200) -> list[int]:
    """Rows that are due and undone, oldest first."""
    rows = OutboxMessage.objects.filter(done_at=None, due_at__lte=now(), attempts__lt=MAX_ATTEMPTS)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])


def sweep(*, seconds: float = SWEEP_SECONDS) -> int:
    """Deliver what is due until nothing is or the time is over; how many were. Ten thousand mails must not wait their
    turn through fifty beats. Rows that fail or are locked by another sweep are not tried twice in one.
    """
    ends, tried, done = time.monotonic() + seconds, set[int](), 0
    while fresh := [pk for pk in due_message_ids() if pk not in tried]:
        for message_id in fresh:
            if time.monotonic() > ends:
                return done
            done += deliver(message_id=message_id)
        tried.update(fresh)
    return done
