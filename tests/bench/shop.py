"""How fast the shop takes orders: the checkout's POST with few and with very many orders, webhooks, settling."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

from tests.bench.data import build
from tests.bench.load import Request, fetch
from tests.bench.orders import make_orders
from tests.bench.servers import gunicorn
from tests.stripe_stand_in import StandIn

ROUNDS, POSTS, EVENTS, SETTLED = 5, 20, 100, 60
WIDEST = 1.3
HIDDEN = re.compile(r'name="(key|csrfmiddlewaretoken)" value="([^"]+)"')
COOKIE = re.compile(r"^Set-Cookie: ([^=]+=[^;]+)", re.MULTILINE)
HOME = (
    "country=TW&name=An&phone=0912345678&region=台北市&city=大安區&street=和平東路一段 1 號"
    "&agree=on&consent=on&email=an@demo.test"
)


def measure(orders: int) -> int:
    """Prints three lines; 1 where the checkout with `orders` in the database is more than 1.3 times as slow."""
    with StandIn(webhook_secret=settings.STRIPE_WEBHOOK_SECRETS[0]) as stripe:
        settings.STRIPE_API_BASE = stripe.base
        build()
        _fill_shelves()
        few = str(settings.DATABASES["default"]["NAME"])
        many = f"{few}_many"
        connection.close()
        with _database("postgres"), connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{many}" TEMPLATE "{few}"')
        try:
            with _database(many):
                make_orders(orders)
            ratio = _checkout(stripe, few, many, orders)
            _intake(stripe, few)
        finally:
            with _database("postgres"), connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{many}" WITH (FORCE)')
        _settle(stripe)
    return 1 if ratio > WIDEST else 0


@contextmanager
def _database(name: str) -> Iterator[None]:
    """This process speaks to another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _fill_shelves() -> None:
    from stock.flows import set_on_hand
    from stock.models import StockItem

    for ref in list(StockItem.objects.values_list("ref", flat=True)):
        set_on_hand(ref=ref, on_hand=100_000)


def _site(stripe: StandIn, name: str) -> Any:
    database = settings.DATABASES["default"]
    address = f"postgresql://{database['USER']}@/{name}?host={database['HOST']}"
    return gunicorn("-c", "site/gunicorn.conf.py", more={"DATABASE_URL": address, "STRIPE_API_BASE": stripe.base})


def _checkout(stripe: StandIn, few: str, many: str, orders: int) -> float:
    found: dict[str, list[float]] = {few: [], many: []}
    with _site(stripe, few) as first, _site(stripe, many) as second:
        ports = {few: first, many: second}
        for port in ports.values():
            _p95([_buyer(port) for _warming in range(5)])
        for _round in range(ROUNDS):
            for name, port in ports.items():
                found[name].append(_p95([_buyer(port) for _post in range(POSTS)]))
    low, high = statistics.median(found[few]), statistics.median(found[many])
    print(f"checkout POST p95: {low:.0f} ms with 0 orders, {high:.0f} ms with {orders:,}: {high / low:.2f} ×, aim {WIDEST} ×")
    return high / low


def _buyer(port: int) -> Callable[[], object]:
    """A guest with a full basket before the pay button, who goes on to Stripe's page."""
    cookies: dict[str, str] = {}

    def send(method: str, path: str, body: str = "", expect: int = 200) -> str:
        jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
        answer = fetch(port, Request(method, path, jar, body, expect).encoded(port)).decode()
        if not answer.startswith(f"HTTP/1.1 {expect} "):
            raise RuntimeError(f"{method} {path}: {answer[:300]}")
        cookies.update(pair.split("=", 1) for pair in COOKIE.findall(answer.partition("\r\n\r\n")[0]))
        return answer

    def form(path: str) -> str:
        return "&".join(f"{name}={value}" for name, value in dict(HIDDEN.findall(send("GET", path))).items())

    send("POST", "/basket/add/", f"{form('/shop/ukulele/')}&offer=ukulele", 302)
    wish = f"{form('/checkout/')}&{HOME}&seen_total=59900"
    return lambda: send("POST", "/checkout/", wish, 303)


def _intake(stripe: StandIn, name: str) -> None:
    from tests.bench.load import post

    with _site(stripe, name) as port:

        def one(number: int) -> Callable[[], object]:
            event = stripe.send_event("payment_intent.succeeded", {"id": f"pi_bench{number}", "object": "payment_intent"})
            (body, signature, _event), *_none = [row for row in stripe.take_webhooks() if row[2]["id"] == event["id"]]
            return lambda: post(port, "/webhooks/stripe/", body, {"Stripe-Signature": signature}, expect=204)

        found = [_p95([one(turn * EVENTS + number) for number in range(EVENTS)]) for turn in range(ROUNDS)]
    print(f"webhook intake p95: {statistics.median(found):.0f} ms")


def _settle(stripe: StandIn) -> None:
    """One worker: from the stored events to orders that are paid, in the books, handed over."""
    from shop.catalogue.models import Offer
    from shop.checkout.flows import process_event
    from shop.payments.flows import store_event
    from shop.payments.stripe import verify_event
    from tests.shop.till import Till

    till, offer = Till(stripe), Offer.objects.get(slug="ukulele")
    stripe.take_webhooks()
    for number in range(SETTLED):
        till.pay(till.place(offer, email=f"settle{number}@demo.test"))
    events = [store_event(facts=verify_event(body, signature))[0].pk for body, signature, _event in stripe.take_webhooks()]
    began = time.perf_counter()
    for event in events:
        process_event(event_id=event)
    seconds = time.perf_counter() - began
    print(f"settle: {SETTLED / seconds:.1f} orders/s, one worker ({len(events) / SETTLED:.0f} events each)")


def _p95(works: list[Callable[[], object]]) -> float:
    """Milliseconds, one after another."""
    took = []
    for work in works:
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=20)[-1]
