"""The Stripe stand-in's pages, pressed as a browser would press them."""

import http.client
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import stripe

from tests.stripe_stand_in import StandIn


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def client(stand_in: StandIn) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_1", base_addresses={"api": stand_in.base})


def new_session(client: stripe.StripeClient, **more: Any) -> Any:
    product = {"name": "Ukulele <S>", "description": "Course & kit"}
    line = {"quantity": 2, "price_data": {"currency": "twd", "unit_amount": 159900, "product_data": product}}
    params: Any = {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://shop.test/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/basket",
        **more,
    }
    return client.v1.checkout.sessions.create(params)


def visit(url: str, form: dict[str, str] | None = None, language: str = "en") -> tuple[int, str, str]:
    """Status, place to go to, HTML."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        headers = {"Accept-Language": language, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", parts.path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "") or "", answer.read().decode()
    finally:
        connection.close()


def test_the_page_shows_what_is_paid_to_whom(client: stripe.StripeClient) -> None:
    session = new_session(client, branding_settings={"display_name": "Lin's school"})
    status, _, html = visit(session.url)
    assert status == 200
    for part in (
        "Test payment page",
        "Ukulele &lt;S&gt;",
        "Course &amp; kit",
        "TWD 3,198.00",
        "Lin&#x27;s school",
        'value="4242424242424242"',
        'href="http://shop.test/basket"',
        'name="viewport"',
    ):
        assert part in html
    ids = set(re.findall(r'id="([\w-]+)"', html))
    assert ids >= {"pay", "decline", "three-d-secure", "delayed-success", "delayed-failure", "expire", "back"}
    assert "測試付款頁" in visit(session.url, language="zh-TW,zh;q=0.9")[2]
    assert "测试付款页" in visit(session.url, language="zh-CN")[2]
    assert "測試付款頁" in visit(new_session(client, locale="zh-TW").url, language="en")[2]
    assert visit(session.url + "x")[0] == 404


def test_paying_twice_at_once_pays_once(stand_in: StandIn, client: stripe.StripeClient) -> None:
    session = new_session(client)
    answers: list[tuple[int, str, str]] = []
    presses = [threading.Thread(target=lambda: answers.append(visit(session.url, {"action": "pay"}))) for _ in range(6)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert {answer[:2] for answer in answers} == {(303, f"http://shop.test/done?s={session.id}")}
    assert len(client.v1.charges.list().data) == 1
    assert "paid for already" in visit(session.url)[2]


def test_a_wrong_or_declined_card_says_so_and_can_be_tried_again(client: stripe.StripeClient) -> None:
    session = new_session(client)
    assert "card number is incorrect" in visit(session.url, {"action": "pay", "card": "4242424242424241"})[2]
    assert "insufficient funds" in visit(session.url, {"action": "pay", "card": "4000000000009995"})[2]
    assert "declined" in visit(session.url, {"action": "decline"})[2]
    assert visit(session.url, {"action": "pay", "email": "ana@example.com"})[0] == 303
    details = client.v1.checkout.sessions.retrieve(session.id).customer_details
    assert details
    assert details.email == "ana@example.com"


def test_three_d_secure_can_be_passed_or_failed(stand_in: StandIn, client: stripe.StripeClient) -> None:
    session = new_session(client)
    status, place, _ = visit(session.url, {"action": "three-d-secure"})
    assert status == 303
    challenge = stand_in.base + place
    assert {"three-d-secure-complete", "three-d-secure-fail"} <= set(re.findall(r'id="([\w-]+)"', visit(challenge)[2]))
    assert "unable to authenticate" in visit(challenge, {"ok": ""})[2]
    assert visit(session.url, {"action": "pay", "card": "4000002760003184"})[1] == place
    assert visit(challenge, {"ok": "1"})[:2] == (303, f"http://shop.test/done?s={session.id}")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_delayed_payments_return_to_the_shop_unpaid(stand_in: StandIn, client: stripe.StripeClient) -> None:
    for action in ("delayed-success", "delayed-failure"):
        session = new_session(client)
        assert visit(session.url, {"action": action})[0] == 303
        assert "on its way" in visit(session.url)[2]
        kept = client.v1.checkout.sessions.retrieve(session.id)
        assert (kept.status, kept.payment_status) == ("complete", "unpaid")


def test_an_expired_page_leads_back_to_the_basket(client: stripe.StripeClient) -> None:
    session = new_session(client)
    status, place, _ = visit(session.url, {"action": "expire"})
    assert (status, place) == (303, f"/c/pay/{session.id}")
    html = visit(session.url)[2]
    assert "has expired" in html
    assert 'href="http://shop.test/basket"' in html
    assert 'id="pay"' not in html
    assert visit(session.url, {"action": "pay"})[1] == f"/c/pay/{session.id}"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert not client.v1.charges.list().data


def test_addresses_with_other_letters_survive_the_redirect(client: stripe.StripeClient) -> None:
    session = new_session(client, success_url="http://shop.test/完成/?a=1&b=%20")
    assert visit(session.url, {"action": "pay"})[1] == f"http://shop.test/{quote('完成')}/?a=1&b=%20"


def test_wallets_pay_with_their_own_fingerprint(client: stripe.StripeClient) -> None:
    line = {"price_data": {"currency": "cny", "unit_amount": 9900, "product_data": {"name": "課"}}}
    session = new_session(client, line_items=[line])
    assert '<option value="alipay">' in visit(session.url)[2]
    visit(session.url, {"action": "pay", "method": "alipay"})
    charge: Any = client.v1.charges.list({"expand": ["data.balance_transaction"]}).data[0]
    assert (charge.payment_method_details.type, charge.balance_transaction.type) == ("alipay", "payment")
    assert charge.payment_method_details.alipay.fingerprint


def test_the_desk_shows_objects_and_runs_controls(stand_in: StandIn, client: stripe.StripeClient) -> None:
    stand_in.pay(new_session(client).id)
    stand_in.take_webhooks()
    status, _, html = visit(stand_in.base + "/")
    assert status == 200
    for part in ("checkout.session.completed", "TWD 3,198.00", "Dispute", "Forge", "Again", "Next refund pending"):
        assert part in html
    charge = client.v1.charges.list().data[0].id
    assert visit(stand_in.base + "/", {"control": "open_dispute", "charge_id": charge})[:2] == (303, "/")
    assert client.v1.disputes.list().data[0].charge == charge
    assert "cannot be disputed" in visit(stand_in.base + "/", {"control": "open_dispute", "charge_id": charge})[2]
    event = stand_in.events("checkout.session.completed")[0]["id"]
    stand_in.take_webhooks()
    visit(stand_in.base + "/", {"control": "duplicate", "event_id": event})
    assert [taken[2]["id"] for taken in stand_in.take_webhooks()] == [event]
    assert visit(stand_in.base + "/nowhere")[0] == 404


def buttons(html: str, event: str) -> list[str]:
    """What can be done by hand with an event."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if f"<code>{event}</code>" in row)
    return re.findall(r'<button name="control" value="(\w+)">', row)


def test_at_the_desk_an_event_is_doubled_reordered_delayed_dropped_and_forged(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    desk = stand_in.base + "/"
    stand_in.pay(new_session(client).id)
    waiting = [event["id"] for event in stand_in.events()]
    assert buttons(visit(desk)[2], waiting[0]) == ["duplicate", "forge", "send_first", "send_last", "delay", "drop"]
    first, last, late, lost = waiting[-1], waiting[0], waiting[1], waiting[2]
    for control, event in (("send_first", first), ("send_last", last), ("delay", late), ("drop", lost)):
        assert visit(desk, {"control": control, "event_id": event})[0] == 303
    sent = [taken[2]["id"] for taken in stand_in.take_webhooks()]
    assert (sent[0], sent[-1]) == (first, last)
    assert not {late, lost} & set(sent)
    assert buttons(visit(desk)[2], first) == ["duplicate", "forge"]
    stand_in.shift_clock(61)
    assert [taken[2]["id"] for taken in stand_in.take_webhooks()] == [late]
    for control in ("duplicate", "forge"):
        visit(desk, {"control": control, "event_id": first})
    (honest, forged) = stand_in.take_webhooks()
    assert honest[2]["id"] == forged[2]["id"] == first
    assert stand_in.sign(honest[0]).split(",")[1] == honest[1].split(",")[1]
    assert stand_in.sign(forged[0]).split(",")[1] != forged[1].split(",")[1]


def test_at_the_desk_all_webhooks_may_be_held_back_and_let_go(stand_in: StandIn, client: stripe.StripeClient) -> None:
    desk = stand_in.base + "/"
    assert "Delay webhooks 1 min" in visit(desk)[2]
    visit(desk, {"control": "delay", "seconds": "60"})
    assert "No delay" in visit(desk)[2]
    stand_in.pay(new_session(client).id)
    assert stand_in.take_webhooks() == []
    visit(desk, {"control": "delay", "seconds": "0"})
    assert "Delay webhooks 1 min" in visit(desk)[2]


def test_the_desk_shows_every_kind_of_object_whole(stand_in: StandIn, client: stripe.StripeClient) -> None:
    stand_in.pay(new_session(client).id)
    charge = client.v1.charges.list().data[0].id
    stand_in.control("warn_of_fraud", {"charge_id": charge})
    stand_in.open_dispute(charge)
    html = visit(stand_in.base + "/")[2]
    for kind in ("checkout.session", "payment_intent", "charge", "dispute", "balance_transaction", "radar.early_fraud_warning"):
        assert f"<h2>{kind}</h2>" in html, kind
    for kind in stand_in.world.store.kinds():
        assert kind.startswith("_") or kind == "event" or f"<h2>{kind}</h2>" in html, kind
    assert "&quot;network_reason_code&quot;: &quot;10.4&quot;" in html
