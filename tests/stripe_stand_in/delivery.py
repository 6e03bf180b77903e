"""Webhooks: signed as Stripe signs them, sent in order by one thread, tried again for three days."""

import hashlib
import hmac
import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

from .render import plain
from .store import Obj
from .world import World

BACKOFF = (1, 5, 30)
EVERY = 60
GIVE_UP = 3 * 86400
Webhook = tuple[bytes, str, dict[str, Any]]


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The Stripe-Signature header: https://docs.stripe.com/webhooks#verify-manually.

    Two secrets, parted by a comma, give two signatures, as while Stripe rolls a secret.
    """
    signed = f"{timestamp}.".encode() + body
    macs = [hmac.new(one.encode(), signed, hashlib.sha256).hexdigest() for one in secret.split(",")]
    return ",".join([f"t={timestamp}", *(f"v1={mac}" for mac in macs)])


def packed(world: World, delivery: Obj) -> Webhook:
    """Body, signature and event of one delivery; a forged one is signed with another secret."""
    event = plain(world.store.find(delivery["event"]))
    body = json.dumps(event, indent=2, ensure_ascii=False).encode()
    secret = "whsec_forged" if delivery["forged"] else world.settings.webhook_secret
    return body, signature(body, secret, world.clock.now()), event


def due_deliveries(world: World) -> list[Obj]:
    """Deliveries whose time has come, in the order of the queue."""
    if world.playing.paused:
        return []
    now = world.clock.exact()
    waiting = [delivery for delivery in world.store.oldest_first("_delivery") if delivery["due"] <= now]
    return sorted(waiting, key=lambda delivery: delivery["rank"])


def note_outcome(world: World, delivery: Obj, status: int) -> None:
    """Record an attempt (`status` 0: no answer): done with 2xx or for a forged one, else due again later."""
    event = world.store.find(delivery["event"])
    good = 200 <= status < 300
    if event:
        event["_attempts"].append({"at": world.clock.now(), "status": status, "forged": delivery["forged"]})
        if good and not delivery["forged"]:
            event["pending_webhooks"] = 0
        world.store.save(event)
    delivery["attempts"] += 1
    now = world.clock.exact()
    if good or delivery["forged"] or event is None or now - delivery["first"] > GIVE_UP:
        world.store.remove(delivery["id"])
    else:
        attempts = delivery["attempts"]
        delivery["due"] = now + (BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else EVERY)
        world.store.save(delivery)


class Courier(threading.Thread):
    """Sends what is due to settings.webhook_url. Holds no lock while it waits for the site."""

    def __init__(self, world: World) -> None:
        super().__init__(name="stripe-stand-in-courier", daemon=True)
        self.world = world
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            with self.world.turn():
                due = due_deliveries(self.world)
                first = (due[0], packed(self.world, due[0])) if due and self.world.settings.webhook_url else None
            if first is None:
                self.world.changed.clear()
                self.world.changed.wait(0.25)
                continue
            delivery, (body, header, _) = first
            status = post(self.world.settings.webhook_url, body, header)
            with self.world.turn():
                if self.world.store.find(delivery["id"]):
                    note_outcome(self.world, delivery, status)

    def stop(self) -> None:
        self.stopped.set()
        self.world.changed.set()
        if self.is_alive():
            self.join(15)


def post(url: str, body: bytes, header: str) -> int:
    """POST one webhook. Returns the HTTP status, 0 if there was no answer within 10 s."""
    parts = urlsplit(url)
    maker = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = maker(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(
            "POST",
            parts.path or "/",
            body,
            {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": header,
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks) stand-in",
            },
        )
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
