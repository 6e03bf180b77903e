"""/admin/shop/orders/<number>/refund/: the preview names who loses what, the letter is the owner's, and the order must stand."""

import html
import re
import uuid
from typing import Any

import pytest

from kit.money import format_money
from kit.outbox import deliver, due_message_ids
from shop.catalogue.flows import set_policy, set_tax_rate
from shop.catalogue.policies import BY_LESSONS
from shop.checkout.flows import CannotRefund, preview_refund, refund_order
from shop.checkout.flows.refund_preview import left_of
from shop.checkout.refund_words import invoice_note
from shop.fulfilment.flows import inspect_return, mark_delivered, request_return, ship
from shop.fulfilment.models import Shipment
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Refund
from shop.payouts.flows import change_split
from shop.payouts.models import Earning
from shop.referrals.models import Commission
from tests.factories import make_offer, make_sku
from tests.shop.test_taxes import to
from tests.shop.till import Till

pytestmark = pytest.mark.django_db


def look(browser: Any, order: Order, **query: Any) -> str:
    response = browser.get(f"/en/admin/shop/orders/{order.number}/refund/", query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def fields(page: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<input type="hidden" name="(what|part|line|amount|amount_wanted|condition|left|key)" value="([^"]*)"', page
    )


def chosen_at_first(browser: Any, order: Order) -> set[str]:
    """What stands ticked before the owner has chosen anything."""
    return set(re.findall(r'(kit|keeps_course)"(?: required)? checked', look(browser, order)))


def confirm(browser: Any, order: Order, page: str, **said: str) -> Any:
    data: dict[str, Any] = {}
    for name, value in fields(page):
        data.setdefault(name, []).append(value)
    return browser.post(f"/en/admin/shop/orders/{order.number}/refund/", {**data, "reason": "asked", "message": "", **said})


def deliver_all() -> None:
    while ids := due_message_ids():
        for message_id in ids:
            deliver(message_id=message_id)


@pytest.fixture
def browser(owner: Any, client_of: Any) -> Any:
    return client_of(owner)


def test_the_preview_says_what_each_loses_and_changes_nothing(
    till: Till, bundle: Any, student: Any, owner: Any, browser: Any, visitor_of_referrer: uuid.UUID
) -> None:
    set_tax_rate(country="TW", rate=500, name="VAT", actor=owner)
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, shipping=1500, delivery=to("TW"))
    deliver_all()
    page = look(browser, order, what="all")
    earned = sum(Commission.objects.values_list("amount", flat=True))
    net = sum(OrderComponent.objects.filter(line__order=order).values_list("net", flat=True))
    money = f"¥{(net - earned) // 100}.{(net - earned) % 100:02d}".rstrip("0").rstrip(".")
    assert "The buyer gets ¥614" in page
    assert f"Sales of Lin, after tax and commission</dt><dd>{money}</dd>" in page
    assert "Taken back from the referrer" in page
    assert "Tax in it</dt><dd>¥29.23" in page
    assert "Taiwan: the e-invoice becomes void" in page
    assert "Ends:" in page
    assert "paid out already" not in page
    assert "an allowance (折讓) is due" in look(browser, order, what="kit")
    Commission.objects.update(state=Commission.State.PAID)
    assert "was paid out already" in look(browser, order, what="all")
    assert not Refund.objects.exists()


def test_without_an_invoice_there_is_nothing_to_correct(till: Till, bundle: Any, english: None) -> None:
    order = till.place(bundle)
    assert "No invoice was issued" in invoice_note(order, preview_refund(order=order))


def test_the_policys_amount_comes_with_its_reason_and_the_letter_is_in_the_buyers_language(
    till: Till, bundle: Any, owner: Any, browser: Any, clock: Any, mailoutbox: Any
) -> None:
    set_policy(offer=bundle, policy=BY_LESSONS, actor=owner)
    bundle.refresh_from_db()
    order = till.bought(bundle, email="mei@demo.test", language="zh-hant")
    clock.advance(days=8)
    page = look(browser, order, what="policy", condition="unopened")
    assert "0 of 0 lessons were opened: 80 % by the table" in page
    assert f"The buyer gets ¥{469 * 80 // 100 + 130}" in page
    letter = re.search(r'<textarea id="id_message"[^>]*>(.*?)</textarea>', page, re.S)
    assert letter is not None
    assert order.number in letter[1]
    assert "為什麼：" in letter[1]
    assert "按表退 80 %" in letter[1]
    assert "按表退 80 %" in page[page.index('id="id_reason"') : page.index("<textarea")]
    response = confirm(browser, order, page, reason="依退款規則", message=letter[1].strip() + "\n\n又及：祝一切順利 & 平安")
    assert response.status_code == 302
    till.deliver()
    deliver_all()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (37520 + 13000, "依退款規則")
    (mail,) = [mail for mail in mailoutbox if "又及" in mail.body]
    assert mail.to == ["mei@demo.test"]
    assert "祝一切順利 & 平安" in mail.body
    assert "祝一切順利 &amp; 平安" in mail.alternatives[0][0]


def test_an_empty_letter_sends_the_usual_one(till: Till, bundle: Any, student: Any, browser: Any, mailoutbox: Any) -> None:
    order = till.bought(bundle, user=student)
    confirm(browser, order, look(browser, order, what="kit"))
    till.deliver()
    deliver_all()
    assert Refund.objects.get().message == ""
    assert any("We have refunded ¥130" in mail.body for mail in mailoutbox)


def test_a_line_an_amount_and_an_amount_of_a_part(till: Till, bundle: Any, student: Any, browser: Any) -> None:
    other = make_offer(sku=make_sku(), price=20000, title="Strings")
    order = till.bought(bundle, other, user=student)
    line = order.lines.get(offer=bundle)
    page = look(browser, order, what="parts", line=line.pk)
    assert "The buyer gets ¥599" in page
    page = look(browser, order, what="amount", amount_wanted="12.34")
    assert confirm(browser, order, page).status_code == 302
    till.deliver()
    assert Refund.objects.get().amount == 1234
    strings = OrderComponent.objects.get(line__offer=other)
    page = look(browser, order, what="amount", amount_wanted="50", part=strings.pk)
    confirm(browser, order, page)
    till.deliver()
    strings.refresh_from_db()
    refund = Refund.objects.latest("pk")
    assert (refund.amount, [row.component_id for row in refund.lines.all()]) == (5000, [strings.pk])
    for wrong in ("", "much", "1.005", "99999"):
        assert "The buyer gets" not in look(browser, order, what="amount", amount_wanted=wrong)


def test_what_changed_since_the_preview_is_not_refunded_even_where_the_amount_still_fits(
    till: Till, bundle: Any, student: Any, owner: Any, browser: Any
) -> None:
    order = till.bought(bundle, user=student)
    page = look(browser, order, what="amount", amount_wanted="10")
    refund_order(order=order, components={OrderComponent.objects.filter(line__order=order)[0]: (500, 0)}, actor=owner, reason="")
    till.deliver()
    response = confirm(browser, order, page)
    assert "The order has changed since" in browser.get(response["Location"]).content.decode()
    assert Refund.objects.count() == 1


def test_the_same_confirmation_twice_is_one_refund(till: Till, bundle: Any, student: Any, browser: Any) -> None:
    order = till.bought(bundle, user=student)
    page = look(browser, order, what="amount", amount_wanted="10")
    for _again in range(2):
        confirm(browser, order, page)
        till.deliver()
    assert Refund.objects.get().amount == 1000


def test_the_flow_itself_refuses_what_changed_since(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    part = OrderComponent.objects.filter(line__order=order)[0]
    left = left_of(order)
    assert refund_order(order=order, components={part: (500, 0)}, actor=None, reason="", left=left).amount == 500
    with pytest.raises(CannotRefund):
        refund_order(order=order, components={part: (500, 0)}, actor=None, reason="", left=left)


def test_the_preview_says_what_leaves_each_teachers_share_to_the_last_unit(
    till: Till, bundle: Any, student: Any, owner: Any, teacher: Any, browser: Any, visitor_of_referrer: uuid.UUID
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 6667, None: 3333}, actor=owner)
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, shipping=1500)
    for query in ({"what": "amount", "amount_wanted": "123.45"}, {"what": "kit"}, {"what": "all"}):
        page = look(browser, order, **query)
        before = sum(Earning.objects.values_list("amount", flat=True))
        assert confirm(browser, order, page).status_code == 302
        till.deliver()
        lost = before - sum(Earning.objects.values_list("amount", flat=True))
        assert lost > 0
        assert f"Share of Lin</dt><dd>{format_money(lost, 'CNY')}</dd>" in page, query
        assert "Sales of" not in page


def test_goods_are_named_by_where_they_are(
    till: Till, bundle: Any, student: Any, packer: Any, owner: Any, client_of: Any
) -> None:
    """Not sent: stopped, and no access that ends. Sent: with the buyer. Inspected: back with us."""
    order, browser = till.bought(bundle, user=student), client_of(owner)
    titles = dict(OrderComponent.objects.values_list("kind", "title"))
    page = look(browser, order, what="all")
    assert f"Not sent yet, the parcel is stopped:</strong> {titles['stock']}" in page
    assert re.search(rf"Ends:</strong> {titles['seat']}\s*<", page)
    assert f"Not sent any more: {titles['stock']}" in page
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    assert f"unless it comes back:</strong> {titles['stock']}" in look(browser, order, what="all")
    piece = OrderComponent.objects.get(kind="stock")
    assert not chosen_at_first(browser, order)
    back = request_return(order=order, component=piece)
    inspect_return(ret=back, pieces=1, restock=True, seen=0, actor=packer)
    assert chosen_at_first(browser, order) == {"kit", "keeps_course"}, (
        "the kit is back, so the course stays unless it is asked for"
    )
    page = look(browser, order, what="all")
    assert f"Came back to us:</strong> {titles['stock']}" in page
    assert "unless it comes back" not in page
