"""/orders/<number>/papers/<paper>.pdf and /admin/shop/invoices/<paper>.pdf: the file, and who gets it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from kit.clock import FALLBACK_ZONE, local_date
from kit.models import AuditEntry
from shop.catalogue.flows import set_tax_rate
from shop.checkout.flows import kit_only, refund_order
from shop.invoices.flows import set_seller
from shop.invoices.models import Paper
from shop.invoices.pdf import paper_pdf
from shop.orders import links
from shop.orders.einvoice import EInvoice
from shop.orders.models import Order
from tests.factories import make_coupon, make_offer, make_sku
from tests.invoices.conftest import pdf_text
from tests.invoices.test_issue_papers import HOME, refund
from tests.shop.till import Till

pytestmark = pytest.mark.django_db


def path_of(order: Order, number: str = "") -> str:
    return f"/orders/{order.number}/papers/{number or Paper.objects.get(order=order, kind='invoice').number}.pdf"


def test_the_buyer_finds_the_invoice_on_the_order_page_and_reads_everything_on_it(
    till: Till, bundle: Any, student: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    set_seller(actor=owner, name="木琴書院有限公司", address="台北市大安區\n和平東路 2 號", tax_number="22099131", note="謝謝您")
    set_tax_rate(country="TW", name="營業稅", rate=500, actor=owner)
    make_coupon("SAVE10")
    order = till.bought(bundle, user=student, delivery=HOME, shipping=1500, language="zh-hant", coupon="SAVE10", name="王小明")
    browser = client_of(student)
    assert path_of(order) in browser.get(f"/orders/{order.number}/").content.decode()
    response = browser.get(path_of(order))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]
    text = pdf_text(response.content)
    number = Paper.objects.get().number
    for words in (
        number,
        order.number,
        "木琴書院有限公司",
        "和平東路 2 號",
        "22099131",
        "王小明",
        "和平東路 1 號",
        "Ukulele class with kit",
        "Ukulele 21 inch",
        "599.00",
        "-59.90",
        "15.00",
        "CNY 554.10",
        "營業稅 5 %",
        "26.38",
        "謝謝您",
        "發票",
    ):
        assert words in text, words


def test_a_credit_note_names_its_invoice_what_came_back_and_why(till: Till, bundle: Any, student: User) -> None:
    order = till.bought(bundle, user=student)
    refund(till, order, kit_only(order), reason="琴身有裂痕")
    credit = Paper.objects.get(kind="credit")
    text = pdf_text(paper_pdf(credit))
    for words in ("Credit note", f"Corrects INV-{order.paid_at.year}-000001", "Ukulele 21 inch", "CNY 130.00", "琴身有裂痕"):
        assert words in text, words


@pytest.mark.parametrize(
    ("currency", "price", "printed"),
    [("JPY", 500, "JPY 500"), ("ISK", 990000, "ISK 9,900"), ("TWD", 120000, "TWD 1,200"), ("USD", 1990, "USD 19.90")],
)
def test_a_paper_writes_the_decimals_that_its_currency_has(till: Till, currency: str, price: int, printed: str) -> None:
    till.bought(make_offer(sku=make_sku(currency=currency), price=price, currency=currency))
    text = pdf_text(paper_pdf(Paper.objects.get()))
    assert re.search(rf"{printed}(?![.,\d])", text), text


def test_a_paper_is_the_same_file_whatever_changes_afterwards(till: Till, bundle: Any, owner: User, clock: Any) -> None:
    order = till.bought(bundle)
    paper = Paper.objects.get()
    before = paper_pdf(paper)
    set_seller(actor=owner, name="Somebody else")
    bundle.title = "Another title"
    bundle.save()
    order.name = ""
    order.save()
    clock.advance(days=400)
    assert paper_pdf(Paper.objects.get()) == before
    later = till.bought(make_offer())
    assert "Somebody else" in pdf_text(paper_pdf(later.papers.get()))
    # The year is the site's: at UTC's end of December it has begun in Taipei.
    assert later.papers.get().number.endswith(f"{local_date(later.paid_at, FALLBACK_ZONE).year}-000001")


def test_a_long_order_goes_on_on_a_second_page(till: Till, student: User) -> None:
    offers = [make_offer(title=f"烏克麗麗初級班與教材組合第{number}號") for number in range(30)]
    till.bought(*offers, user=student)
    text = pdf_text(paper_pdf(Paper.objects.get()))
    assert "第29號" in text.replace("\n", "")
    assert " / 2" in text


def test_a_guest_downloads_it_by_the_signed_link(till: Till, bundle: Any, client: Client) -> None:
    order = till.bought(bundle)
    page = client.get(links.order_path(order)).content.decode()
    address = f"{path_of(order)}?key={links.key_of(order)}"
    assert address in page.replace("&amp;", "&")
    assert client.get(address).status_code == 200


def test_strangers_get_404_for_a_paper_as_for_a_missing_one(
    till: Till, bundle: Any, student: User, visitor: User, client_of: Callable[[User], Client]
) -> None:
    mine, theirs = till.bought(bundle, user=student), till.bought(make_offer(), user=visitor)
    for client in (Client(), client_of(visitor)):
        for address in (path_of(mine), f"{path_of(mine)}?key=forged", f"{path_of(mine)}?key={links.key_of(theirs)}"):
            assert client.get(address).status_code == 404
    number_of_mine = Paper.objects.get(order=mine).number
    assert client_of(visitor).get(path_of(theirs, number_of_mine)).status_code == 404
    assert client_of(student).get(path_of(mine, "INV-2026-999999")).status_code == 404
    assert client_of(student).post(path_of(mine)).status_code == 405


def test_the_owner_downloads_any_and_sees_that_none_is_missing(
    till: Till, bundle: Any, student: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    order = till.bought(bundle, user=student)
    refund_order(order=order, actor=owner, reason="")
    number = Paper.objects.get().number
    browser = client_of(owner)
    page = browser.get("/en/admin/shop/invoices/").content.decode()
    assert number in page
    assert "INV-" in page
    assert "none missing" in page
    assert browser.get(f"/admin/shop/invoices/{number}.pdf")["Content-Type"] == "application/pdf"
    assert f"/admin/shop/invoices/{number}.pdf" in browser.get(f"/admin/shop/orders/{order.number}/").content.decode()
    found = browser.get(f"/admin/shop/invoices/?q={order.number}&state=invoice").content.decode()
    assert number in found
    assert number not in browser.get("/admin/shop/invoices/?state=credit").content.decode()


def test_the_owner_writes_down_who_sells_and_the_trail_keeps_it(owner: User, client_of: Callable[[User], Client]) -> None:
    browser = client_of(owner)
    assert browser.post("/admin/shop/invoices/seller/", {"name": ""}).status_code == 200
    sent = {"name": "木琴書院", "address": "台北市", "tax_number": "22099131", "email": "shop@demo.test", "note": ""}
    assert browser.post("/admin/shop/invoices/seller/", sent)["Location"].endswith("/admin/shop/invoices/")
    entry = AuditEntry.objects.get(action="seller.changed")
    assert (entry.actor_id, entry.before["name"], entry.after["name"]) == (owner.pk, "Courseyard", "木琴書院")
    browser.post("/admin/shop/invoices/seller/", sent)
    assert AuditEntry.objects.filter(action="seller.changed").count() == 1


def test_the_list_costs_the_same_for_three_and_for_thirty_papers(
    till: Till, owner: User, client_of: Callable[[User], Client]
) -> None:
    browser, offer = client_of(owner), make_offer(sku=make_sku(on_hand=40))
    counts: list[int] = []
    for _round in range(2):
        for _n in range(3 if not counts else 9):
            till.bought(offer)
        with CaptureQueriesContext(connection) as seen:
            browser.get("/admin/shop/invoices/")
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def test_a_company_s_tax_number_stands_once_on_its_invoice(till: Till, bundle: Any) -> None:
    till.bought(bundle, einvoice=EInvoice("company", "22099131", "木琴書院"))
    assert pdf_text(paper_pdf(Paper.objects.get())).count("22099131") == 1


def test_a_mobile_barcode_stands_on_the_invoice(till: Till, bundle: Any) -> None:
    till.bought(bundle, einvoice=EInvoice("mobile", "/ABC1234"))
    assert "/ABC1234" in pdf_text(paper_pdf(Paper.objects.get()))
