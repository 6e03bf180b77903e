"""Many buyers at once with one single-use code, over HTTP on gunicorn; with the control that shows the race without the lock."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from kit.clock import now
from shop.catalogue.models import Coupon
from shop.checkout.flows import CannotOrder
from shop.orders import coupons
from shop.orders.models import CouponUse, Order
from tests.factories import make_coupon, make_offer, make_sku, make_user
from tests.shop.crowd import at_once
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 50
ROOT = Path(__file__).resolve().parents[2]
HOME = {
    "country": "TW",
    "name": "王小明",
    "phone": "0912345678",
    "region": "台北市",
    "city": "大安區",
    "street": "和平東路一段 1 號",
    "agree": "on",
}


@contextmanager
def site(stripe: str) -> Iterator[str]:
    """The site on gunicorn, over this test's own database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    parts = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    database = parts._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "BIND": address,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "STRIPE_API_BASE": stripe,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "site/gunicorn.conf.py", "--no-control-socket"]
    process = subprocess.Popen([*command, "--workers", "4", "--bind", address, "--log-level", "error"], cwd=ROOT, env=environment)
    try:
        _wait(process, address)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    for _attempt in range(300):
        assert process.poll() is None, "gunicorn ended at once"
        try:
            urllib.request.urlopen(f"http://{address}/healthz/", timeout=5)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("gunicorn did not answer within 30 s")


class Buyer:
    """A browser that has filled a basket and stands before the pay button."""

    def __init__(self, site: str, number: int) -> None:
        self.site, self.number = site, number
        handlers = [urllib.request.HTTPCookieProcessor(CookieJar()), StaysHere(), ComesFrom(f"127.0.1.{number + 1}")]
        self.open = urllib.request.build_opener(*handlers).open
        self.form = self._page("/en/shop/kit/")
        self._post("/en/basket/add/", {"offer": "kit"})
        self.form = self._page("/en/checkout/")

    def _page(self, path: str) -> dict[str, str]:
        page = self.open(f"{self.site}{path}", timeout=60).read().decode()
        hidden = r'<input type="hidden" name="(key|csrfmiddlewaretoken)" value="([^"]+)"'
        return dict(re.findall(hidden, page))

    def _post(self, path: str, data: dict[str, str]) -> int:
        body = urllib.parse.urlencode({**self.form, **data}).encode()
        try:
            return int(self.open(f"{self.site}{path}", body, timeout=60).status)
        except urllib.error.HTTPError as error:
            return error.code

    def buy(self) -> int:
        wish = {**HOME, "coupon": "ONCE", "seen_total": "53910", "email": f"buyer{self.number}@demo.test"}
        return self._post("/en/checkout/", wish)


class ComesFrom(urllib.request.HTTPHandler):
    """Every buyer has an address of their own, so that nobody is counted for another's codes."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(partial(http.client.HTTPConnection, source_address=(self.address, 0)), request)  # type: ignore[arg-type]


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None


def test_fifty_buyers_with_one_single_use_code_use_it_once(till: Till) -> None:
    make_offer(slug="kit", sku=make_sku(on_hand=BUYERS))
    make_coupon("ONCE", max_uses=1)
    with site(till.stand_in.base) as address:
        buyers = [Buyer(address, number) for number in range(BUYERS)]
        answers = at_once([buyer.buy for buyer in buyers])
    # 303: on to Stripe's page. 409, or the page again: somebody was quicker.
    assert answers.count(303) == 1, answers
    assert set(answers) <= {200, 303, 409}, answers
    order = Order.objects.get()
    assert (order.discount, CouponUse.objects.get().order) == (5990, order)
    assert Coupon.objects.get().used == 1
    check_audit()


@pytest.fixture
def rush(till: Till) -> Any:
    """Twelve people place an order with the code at once, each stopping a moment between looking and taking."""
    offer = make_offer(sku=make_sku(on_hand=20))
    make_coupon("ONCE", max_uses=1)
    works = [
        partial(till.place, basket=till.basket(offer), user=make_user(), coupon="ONCE", key=f"rush-{number}")
        for number in range(12)
    ]
    return lambda: at_once(works)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = coupons.check_uses

    def slow(*args: Any) -> None:
        honest(*args)
        time.sleep(0.2)

    monkeypatch.setattr(coupons, "check_uses", slow)


def test_with_the_lock_one_of_twelve_flows_takes_it(rush: Any, slowly: None) -> None:
    answers = rush()
    assert sum(isinstance(answer, Order) for answer in answers) == 1, answers
    assert sum(isinstance(answer, CannotOrder) for answer in answers) == 11, answers
    check_audit()


def test_control_without_the_lock_a_single_use_code_is_used_more_than_once(
    rush: Any, slowly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coupons are read without FOR UPDATE, and the database's own last line of defence is down."""
    honest = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self if self.model is Coupon else honest(self, **how))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_coupon DROP CONSTRAINT coupon_within_its_uses")
    answers = rush()
    assert sum(isinstance(answer, Order) for answer in answers) > 1, answers
    CouponUse.objects.update(released_at=now())
    Coupon.objects.update(used=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE catalogue_coupon ADD CONSTRAINT coupon_within_its_uses CHECK (max_uses IS NULL OR used <= max_uses)"
        )
