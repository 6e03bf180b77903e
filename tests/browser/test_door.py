"""The door on a phone: what the camera reads goes in; without a network scans wait in the browser and are sent later."""

from typing import Any

import pytest
from playwright.sync_api import expect

from community.flows.tickets import reserve_seat
from community.models import Ticket
from community.ticket_codes import door_address
from kit.clock import now
from tests.browser.conftest import OpenWindow
from tests.community.event_cast import make_event
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
# Headless Chromium on Linux has neither a camera nor a reader of codes: both are stood in for, before the page's script runs.
CAMERA = """
window.seen = [];
window.BarcodeDetector = class {
  detect() { const code = window.seen.shift(); return Promise.resolve(code ? [{ rawValue: code }] : []); }
};
HTMLMediaElement.prototype.play = () => Promise.resolve();
navigator.mediaDevices.getUserMedia = () => Promise.resolve(document.createElement("canvas").captureStream());
"""


@pytest.mark.parametrize("window", ["phone"])
def test_scans_go_in_and_those_without_a_network_are_sent_when_it_is_back(open_window: OpenWindow, teacher: Any) -> None:
    event = make_event(teacher, seats=5, hours=1, place="offline", venue="Tea house")
    first, second = (reserve_seat(user=make_user(name=name), event=event) for name in ("Mei", "Hao"))
    page = open_window(teacher)
    page.add_init_script(CAMERA)
    page.goto(f"/en/events/{event.pk}/door/")
    page.get_by_role("button", name="Start the camera").click()
    page.evaluate("code => window.seen.push(code)", door_address(first))
    answer = page.locator("[data-door-answer]")
    expect(answer).to_contain_text("Mei")
    expect(answer).to_contain_text("Welcome. In at")
    page.context.set_offline(True)
    scanned = now()
    page.evaluate("code => window.seen.push(code)", door_address(second))
    expect(answer).to_contain_text("Kept here")
    expect(page.locator("[data-door-queue]")).to_contain_text("not sent yet")
    assert Ticket.objects.get(pk=second.pk).came_at is None
    page.context.set_offline(False)
    expect(answer).to_contain_text("Hao")
    expect(page.locator("[data-door-queue]")).to_be_hidden()
    came = Ticket.objects.get(pk=second.pk).came_at
    assert came is not None
    assert abs((came - scanned).total_seconds()) < 30
    page.get_by_label("Code of a ticket").fill(first.printed_code)
    page.get_by_role("button", name="Let this person in", exact=True).first.click()
    expect(answer).to_contain_text("Already in at")
