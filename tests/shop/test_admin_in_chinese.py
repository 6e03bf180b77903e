"""The back office in Chinese: states, accounts and texts of the books in words, no English of ours."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils import timezone, translation

from kit.clock import now, zone
from shop.checkout.admin import words
from shop.checkout.flows import kit_only, refund_order
from shop.fulfilment.flows import mark_delivered, ship
from shop.fulfilment.models import Shipment
from shop.ledger.models import Transaction
from shop.orders.models import Order
from shop.payments.models import Dispute, Payment, Refund, WebhookEvent
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db]
# Codes may stand beside their words; names and brands stay.
CODE = re.compile(
    r"\b(?:shipment|order|payment_intent|checkout|charge|refund|commission|payment|payout)[.:][\w.:-]+"
    r"|CY-[\w-]+|(?:INV|CRN|REV)-[\d-]+|KIT-\d+|UKE-S|[\w.+-]+@[\w.-]+|\b(?:pi|cs|re|dp|evt|txn)_\w+|\b[a-z]+_[a-z_]+\b|revenue:\w+|order:\d+|/\S+"
    r"|English|Stripe|Ukulele(?: 21 inch| class with kit)?"
    r"|Packer|Owner|Class \d+|Person \d+|An\b|Lin\b|Mei|CNY|T-Cat|bank|suspense|disputes|exchange|demo"
)


class Text(HTMLParser):
    """What people read inside <main>: texts, and what labels say; a letter's draft is in its reader's language."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.hidden = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.depth += "yard-page" in (named.get("class") or "") or bool(self.depth and tag == "div")
        self.hidden += tag in {"script", "style", "option", "textarea"}
        if self.depth:
            self.found += [str(named[name]) for name in ("placeholder", "data-label", "aria-label", "title") if named.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth and tag == "div")
        self.hidden -= tag in {"script", "style", "option", "textarea"}

    def handle_data(self, data: str) -> None:
        if self.depth and not self.hidden:
            self.found.append(data)


def english_on(browser: Any, address: str) -> list[str]:
    response = browser.get(address)
    assert response.status_code == 200, address
    reader = Text()
    reader.feed(response.content.decode())
    assert reader.found, address
    return [text.strip() for text in reader.found if re.search(r"[A-Za-z]{3,}", CODE.sub("", text))]


@pytest.fixture
def story(till: Till, bundle: Any, student: Any, packer: Any, visitor_of_referrer: Any, stand_in: Any) -> Order:
    """An order with all that can happen to it."""
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer)
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    till.stand_in.next_refund("pending")
    with TestCase.captureOnCommitCallbacks(execute=True):
        failed = refund_order(order=order, components=kit_only(order), actor=packer, reason="壞了")
    till.deliver()
    till.stand_in.finish_refund(failed.provider_id, "failed")
    till.deliver()
    WebhookEvent.objects.filter(pk=WebhookEvent.objects.order_by("pk")[0].pk).update(state="failed", note="StripeUnavailable")
    Dispute.objects.create(
        payment=order.payments.get(),
        provider_id="dp_1",
        amount=100,
        currency="CNY",
        state="needs_response",
        reason="fraudulent",
        opened_at=now(),
    )
    return order


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_the_owners_and_packers_pages_hold_no_english_of_ours(
    language: str, story: Order, owner: Any, packer: Any, client_of: Any
) -> None:
    for user, addresses in (
        (owner, ["orders/", f"orders/{story.number}/", f"orders/{story.number}/refund/?what=all", "commissions/"]),
        (
            owner,
            ["ledger/", "ledger/?account=revenue:seat", "troubles/", "payouts/", "invoices/", "invoices/seller/", "disputes/"],
        ),
        (packer, ["parcels/?state=all", f"parcels/{story.shipments.get().number}/", "returns/", "stock/"]),
    ):
        user.language = language
        user.save()
        for address in addresses:
            assert english_on(client_of(user), f"/admin/shop/{address}") == [], address


def test_every_text_in_the_books_has_its_words(story: Order) -> None:
    texts = set(Transaction.objects.values_list("text", flat=True))
    assert len(texts) >= 6
    for language in ("zh-hant", "zh-hans"):
        with translation.override(language):
            for text in texts:
                said = words.ledger_words(text)
                assert story.number in said
                assert not re.search(r"[A-Za-z]{3,}", CODE.sub("", said)), said


def test_every_state_has_its_word() -> None:
    for states, known in ((Payment.State, words.PAYMENTS), (Refund.State, words.REFUNDS)):
        assert set(states.values) == set(known)
    assert words.word(words.DISPUTES, "a state of next year") == "a state of next year"
    assert words.ledger_words("Something by hand") == "Something by hand"


def test_staff_read_all_times_in_the_sites_zone(story: Order, owner: Any, client_of: Any, visitor_of_referrer: Any) -> None:
    owner.time_zone = "America/Los_Angeles"
    owner.save()
    page = client_of(owner).get(f"/admin/shop/orders/{story.number}/").content.decode()
    for moment in (story.placed_at, story.attribution.link.clicks.get().at):
        assert timezone.localtime(moment, zone(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M") in page
        assert moment.strftime("%Y-%m-%d %H:%M") not in page
