"""Out of LINE's and WeChat's own browsers with basket and referral in hand: two cookie jars."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.webviews import in_app_browser
from shop.orders.models import Basket
from shop.referrals.cookies import remember_visitor, visitor_of
from tests.factories import make_offer

pytestmark = pytest.mark.django_db
LINE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari Line/15.6.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0.49 NetType/WIFI"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"


def app_with_basket(agent: str) -> tuple[Client, object]:
    """A cookie jar inside an app, with a basket and a referral."""
    app, visitor = Client(headers={"User-Agent": agent}), uuid4()
    make_offer(slug="ukulele", title="Ukulele from zero")
    app.post("/basket/add/", {"offer": "ukulele"})
    answer = HttpResponse()
    remember_visitor(answer, visitor)
    app.cookies.update(answer.cookies)
    return app, visitor


def link_in(page: str) -> str:
    found = re.search(r'http://[^"<]*(/checkout/jump/[^"<?]+\?openExternalBrowser=1)', page.replace("&amp;", "&"))
    assert found
    return found[1]


@pytest.mark.parametrize("agent", [LINE, WECHAT])
def test_the_link_carries_basket_and_referral_into_another_browser(agent: str) -> None:
    app, visitor = app_with_basket(agent)
    link = link_in(app.get("/en/checkout/").content.decode())
    phone = Client(headers={"User-Agent": SAFARI})
    response = phone.get(link)
    assert response["Location"] == "/checkout/"
    page = phone.get("/en/checkout/").content.decode()
    assert "Ukulele from zero" in page
    assert "/checkout/jump/" not in page
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in phone.cookies.items()}
    assert visitor_of(request) == visitor


def test_after_ten_minutes_the_link_carries_nothing(clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    app, _visitor = app_with_basket(LINE)
    link = link_in(app.get("/en/checkout/").content.decode())
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 601)
    phone = Client()
    response = phone.get(link)
    assert response["Location"] == "/shop/"
    assert "basket" not in phone.cookies
    assert "cy_ref" not in phone.cookies


@pytest.mark.parametrize("token", ["x", "eyJ.x.y", "a:b:c"])
def test_a_forged_token_carries_nothing(token: str) -> None:
    phone = Client()
    assert phone.get(f"/checkout/jump/{token}/")["Location"] == "/shop/"
    assert "basket" not in phone.cookies


def test_a_member_s_own_basket_takes_the_carried_one_in(client_of: Callable[[User], Client], student: User) -> None:
    app, _visitor = app_with_basket(LINE)
    link = link_in(app.get("/en/checkout/").content.decode())
    make_offer(slug="own", title="Own wish")
    phone = client_of(student)
    phone.post("/basket/add/", {"offer": "own"})
    phone.get(link)
    page = phone.get("/en/checkout/").content.decode()
    assert "Ukulele from zero" in page
    assert "Own wish" in page
    assert Basket.objects.get().user == student


def test_other_browsers_are_not_sent_away() -> None:
    app, _visitor = app_with_basket(SAFARI)
    assert "/checkout/jump/" not in app.get("/en/checkout/").content.decode()
    factory = RequestFactory()
    agents = {LINE: "line", WECHAT: "wechat", SAFARI: "", "": "", "Online/1.0": "", "Mozilla AirLine/2": ""}
    assert {agent: in_app_browser(factory.get("/", headers={"User-Agent": agent})) for agent in agents} == agents
