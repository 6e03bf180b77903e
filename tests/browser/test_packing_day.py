"""A packer's Monday: forty parcels leave, two that changed after printing stay, in at most twelve page loads (issue 3)."""

import csv
import io
import re
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from accounts.models import User
from shop.fulfilment.models import Shipment
from tests.browser import steps
from tests.browser.street import Street
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import HOME
from tests.profile import FULL
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db(transaction=True)
PARCELS, MOST_LOADS = 40, 12
LIST = "/en/admin/shop/parcels/"


class Loads(list[str]):
    """Every page that any window of this browser asked the server for, PDF and files among them; redirects are one load."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        page.context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.append(f"{request.method} {request.url}")


@pytest.fixture
def parcels(street: Street, teacher: User) -> list[Shipment]:
    """Forty paid orders of one kit each, as Stripe told of them."""
    till, numbers = Till(street.stand_in), count(1)
    offer = make_offer(sku=make_sku(seller=teacher, code="UKE", on_hand=PARCELS))
    for number in range(PARCELS):
        till.pay(till.place(offer, delivery=HOME, email=f"buyer{next(numbers)}@demo.test", name=f"Buyer {number}"))
    street.deliver_webhooks()
    found = list(Shipment.objects.filter(state="to_pack").select_related("order").order_by("pk"))
    assert len(found) == PARCELS
    return found


def print_everything(page: Page) -> None:
    page.goto(LIST)
    page.get_by_label("All on this page").check()
    with page.context.expect_page():
        steps.press(page, "Print slips and labels")


def refund_and_readdress(boss: Page, refunded: Shipment, readdressed: Shipment) -> None:
    """Two buyers write to the owner when all slips lie on the pile."""
    steps.refund(boss, refunded.order.number, "Everything: course, goods and delivery")
    boss.goto(f"{LIST}{readdressed.number}/address/")
    boss.get_by_label("Street").fill("和平東路一段 99 號")
    steps.press(boss, "Send it there")
    expect(boss.get_by_text("The new address is written down.")).to_be_visible()


def carriers_answer(page: Page) -> tuple[list[str], str]:
    """Export T-Cat's file; (parcel numbers in it, what the carrier sends back)."""
    page.goto(LIST)
    page.get_by_label("All on this page").check()
    with page.expect_download() as waited:
        steps.press(page, "Carrier's file")
    rows = list(csv.DictReader(io.StringIO(waited.value.path().read_text("utf-8-sig"))))
    numbers = [row["訂單編號"] for row in rows]
    answer = "訂單編號,託運單號\n" + "\n".join(f"{number},9{place:011}" for place, number in enumerate(numbers))
    return numbers, answer


def import_numbers(page: Page, answer: str) -> None:
    steps.follow(page, "Tracking numbers from a file")
    page.get_by_label("Carrier", exact=True).select_option("tcat")
    file = {"name": "back.csv", "mimeType": "text/csv", "buffer": answer.encode()}
    page.get_by_label("The carrier's file (CSV)").set_input_files(file)  # type: ignore[arg-type]
    steps.press(page, "Compare")
    expect(page.get_by_text(f"{PARCELS - 2} parcels fit.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Mark .* as sent$")).click()
    expect(page.get_by_text(f"{PARCELS - 2} parcels are sent.")).to_be_visible()


@pytest.mark.parametrize("window", ["phone", "desk"] if FULL else ["phone"], indirect=True)
def test_forty_parcels_two_of_them_stopped_leave_in_twelve_page_loads(
    parcels: list[Shipment], open_window: Any, street: Street, shot: Any, owner: User, packer: User
) -> None:
    page, boss = open_window(packer), open_window(owner)
    loads = Loads(page)
    refunded, readdressed = parcels[3], parcels[30]
    print_everything(page)
    refund_and_readdress(boss, refunded, readdressed)
    street.deliver_webhooks()

    numbers, answer = carriers_answer(page)
    assert len(numbers) == PARCELS - 2
    assert not {refunded.number, readdressed.number} & set(numbers)
    shot(page, "50-two-are-red")
    alarms = page.locator(".yard-alarm")
    expect(alarms.filter(has_text="Changed after printing").get_by_text(readdressed.number).first).to_be_visible()
    expect(alarms.filter(has_text="Stopped after printing").get_by_text(refunded.number).first).to_be_visible()
    expect(page.locator("tr.yard-alarm-row").filter(has_text=readdressed.number)).to_have_count(1)
    import_numbers(page, answer)

    # Even on purpose, neither leaves.
    page.locator("tr.yard-alarm-row select").select_option("tcat")
    page.locator("tr.yard-alarm-row input[type=text]").fill("900000000001")
    steps.press(page, "Mark as sent")
    expect(page.get_by_text("changed after its slip was printed").first).to_be_visible()
    page.get_by_label(refunded.number, exact=True).check()
    steps.press(page, "These slips are in the bin")
    expect(page.get_by_text("Stopped after printing")).to_have_count(0)
    shot(page, "51-packed")

    assert len(loads) <= MOST_LOADS, loads
    left = Shipment.objects.exclude(state="shipped").order_by("pk").values_list("number", "state")
    assert list(left) == [(refunded.number, "stopped"), (readdressed.number, "to_pack")]
    assert Shipment.objects.filter(state="shipped").exclude(tracking="").count() == PARCELS - 2
    check_audit()
