"""The Stripe stand-in's webhooks and its memory: signed, retried, played with, kept over a SIGKILL."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.stripe_stand_in import StandIn
from tests.stripe_stand_in.clock import parse_offset

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(webhook_secret="whsec_test") as stand_in:
        yield stand_in


def client_of(base: str) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_1", base_addresses={"api": base})


def new_session(base: str) -> str:
    line = {"price_data": {"currency": "twd", "unit_amount": 159900, "product_data": {"name": "烏克麗麗"}}}
    params: Any = {"mode": "payment", "line_items": [line], "success_url": "http://shop.test/"}
    return client_of(base).v1.checkout.sessions.create(params).id


def types(stand_in: StandIn) -> list[str]:
    return [event["type"] for _, _, event in stand_in.take_webhooks()]


class Receiver:
    """A site that notes each webhook and answers what it is told to."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.seen.append((body, self.headers["Stripe-Signature"]))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/webhooks/"

    @contextmanager
    def listening(self) -> Iterator["Receiver"]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.seen]


def wait_for(condition: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_webhooks_bear_a_signature_the_sdk_accepts(stand_in: StandIn) -> None:
    stand_in.pay(new_session(stand_in.base))
    body, header, event = stand_in.take_webhooks()[-1]
    verified = stripe.Webhook.construct_event(body, header, "whsec_test")
    assert (verified.id, verified.type) == (event["id"], "checkout.session.completed")
    assert verified.data.object["payment_status"] == "paid"
    for bad_body, bad_header in [
        (body + b" ", header),
        (body, stand_in.sign(body, secret="whsec_other")),
        (body, stand_in.sign(body, timestamp=int(time.time()) - 301)),
    ]:
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(bad_body, bad_header, "whsec_test")
    both = stand_in.sign(body, secret="whsec_old,whsec_test")
    assert stripe.Webhook.construct_event(body, both, "whsec_test").id == event["id"]
    assert stand_in.take_webhooks() == []


def test_events_that_were_lost_can_be_swept(stand_in: StandIn) -> None:
    stand_in.drop_next("payment_intent.succeeded")
    stand_in.pay(new_session(stand_in.base))
    assert "payment_intent.succeeded" not in types(stand_in)
    events = client_of(stand_in.base).v1.events
    missed = events.list({"delivery_success": False})
    assert [event.type for event in missed.data] == ["payment_intent.succeeded"]
    assert len(events.list({"delivery_success": True}).data) == 3
    assert [event.type for event in events.list({"types": ["charge.*"]}).data] == ["charge.succeeded"]
    assert events.retrieve(missed.data[0].id).data.object["object"] == "payment_intent"
    stand_in.expire(new_session(stand_in.base))
    stand_in.take_webhooks(delivered=False)
    assert len(events.list({"delivery_success": False}).data) == 2


def test_webhooks_can_be_doubled_reordered_delayed_dropped_and_forged(stand_in: StandIn) -> None:
    stand_in.pay(new_session(stand_in.base))
    ids = {event["type"]: event["id"] for event in stand_in.events()}
    stand_in.duplicate(ids["charge.succeeded"])
    stand_in.drop(ids["payment_intent.created"])
    stand_in.delay(ids["payment_intent.succeeded"], seconds=600)
    stand_in.reorder([ids["checkout.session.completed"], ids["charge.succeeded"]])
    assert types(stand_in) == ["checkout.session.completed", "charge.succeeded", "charge.succeeded"]
    stand_in.clock_offset = 601
    assert types(stand_in) == ["payment_intent.succeeded"]
    stand_in.forge(ids["charge.succeeded"])
    ((body, header, _),) = stand_in.take_webhooks()
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, header, "whsec_test")
    stand_in.pause()
    stand_in.duplicate(ids["charge.succeeded"])
    assert types(stand_in) == []
    stand_in.resume()
    assert types(stand_in) == ["charge.succeeded"]


def test_a_thread_delivers_in_order_and_tries_again() -> None:
    with Receiver().listening() as site, StandIn(webhook_url=site.url) as stand_in:
        site.answers = [500]
        stand_in.pay(new_session(stand_in.base))
        wait_for(lambda: len(site.seen) == 5)
        in_order = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]
        assert site.types() == [*in_order, "payment_intent.created"]
        stripe.Webhook.construct_event(*site.seen[-1], "whsec_test")
        events = client_of(stand_in.base).v1.events
        wait_for(lambda: not events.list({"delivery_success": False}).data)


def test_delayed_payments_settle_by_themselves_when_asked() -> None:
    with StandIn(settle_after=60) as stand_in:
        session = new_session(stand_in.base)
        stand_in.delay_payment(session, ok=False)
        stand_in.clock_offset = 61
        assert types(stand_in)[-1] == "checkout.session.async_payment_failed"


def test_the_clock_offset_is_read_from_the_environment(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [parse_offset(text) for text in ("", "90", "3d", "12h", "-2h", "1d12h")] == [
        0,
        90,
        259200,
        43200,
        -7200,
        129600,
    ]
    monkeypatch.setenv("CLOCK_OFFSET", "3d")
    created = client_of(stand_in.base).v1.payment_intents.create({"amount": 100, "currency": "usd"}).created
    assert abs(created - time.time() - 259200) < 5
    with pytest.raises(ValueError, match="CLOCK_OFFSET"):
        parse_offset("soon")


def test_state_outlives_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "stripe.sqlite3")
    key: Any = {"idempotency_key": "k"}
    with StandIn(state=state) as stand_in:
        session = new_session(stand_in.base)
        stand_in.pay(session)
        intent = client_of(stand_in.base).v1.payment_intents.create({"amount": 100, "currency": "usd"}, key)
        other = new_session(stand_in.base)
    with StandIn(state=state) as stand_in:
        client = client_of(stand_in.base)
        assert client.v1.payment_intents.create({"amount": 100, "currency": "usd"}, key).id == intent.id
        assert client.v1.checkout.sessions.retrieve(session).payment_status == "paid"
        assert [event["type"] for event in stand_in.events()][-2:] == ["checkout.session.completed", "payment_intent.created"]
        assert len(stand_in.take_webhooks()) == 5
        stand_in.clock_offset = 86401
        assert client.v1.checkout.sessions.retrieve(other).status == "expired"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(port: int, state: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.stripe_stand_in", "--port", str(port), "--state", str(state), *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "CLOCK_OFFSET": ""}) as child:
        assert child.stdout
        assert "stand-in on" in child.stdout.readline()
        try:
            yield child
        finally:
            child.kill()


def test_a_killed_server_loses_nothing_and_takes_its_port_again(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "stripe.sqlite3"
    base = f"http://127.0.0.1:{port}"
    made: list[str] = []

    def create_until_it_dies() -> None:
        client = client_of(base)
        while True:
            try:
                made.append(client.v1.payment_intents.create({"amount": 100, "currency": "usd"}).id)
            except stripe.APIConnectionError:
                return

    with server(port, state) as child:
        worker = threading.Thread(target=create_until_it_dies)
        worker.start()
        wait_for(lambda: len(made) > 20)
        child.send_signal(signal.SIGKILL)
        worker.join()
    with server(port, state) as child:
        client = client_of(base)
        assert all(client.v1.payment_intents.retrieve(id).id == id for id in made)
        child.terminate()
        assert child.wait(10) == 0


def test_controls_answer_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_x")  # never on the command line, which everybody may read
    with Receiver().listening() as site:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        with server(port, tmp_path / "s.sqlite3", "--webhook-url", site.url):
            control(base, "pay", session_id=new_session(base), card="5555555555554444")
            wait_for(lambda: "checkout.session.completed" in site.types())
            stripe.Webhook.construct_event(*site.seen[0], "whsec_x")
            charge = client_of(base).v1.charges.list().data[0]
            assert control(base, "open_dispute", charge_id=charge.id)["status"] == "needs_response"
            with pytest.raises(urllib.error.HTTPError, match="404"):
                control(base, "close")


def control(base: str, name: str, **arguments: Any) -> Any:
    request = urllib.request.Request(f"{base}/_control/{name}", json.dumps(arguments).encode())
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)
