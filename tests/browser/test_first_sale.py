"""An instructor with an empty account comes to a first sale, alone and without the page explorer (PRODUCT.md)."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser import steps
from tests.browser.street import Street
from tests.pages.guided_walk import KIT, NAME, WORDS, price_values

pytestmark = pytest.mark.django_db(transaction=True)
TITLE, CLASS = NAME["title"], "Class 1"


class Screens(list[str]):
    """The address of every page that the window showed, in order; one shown twice counts twice."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        page.on("domcontentloaded", lambda shown: self.append(shown.url))


def fill_in(page: Page, values: dict[str, Any]) -> None:
    """Each field by its name, in the order of `values`."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"main [name={name}][value={value}]").check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def go_on(page: Page, next_step: str) -> None:
    steps.press(page, "Save and go on")
    page.wait_for_url(re.compile(rf"/new-course/\d+/{next_step}/$"))


def picture() -> FilePayload:
    file = BytesIO()
    Image.new("RGB", (1200, 900), "#b5651d").save(file, "JPEG")
    return {"name": "ukulele.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def make_a_course(page: Page, shot: Any) -> str:
    """From the back office's first page to a course that is for sale; the short link to hand on."""
    page.goto("/en/admin/")
    shot(page, "31-empty-account")
    steps.follow(page, "New course")
    fill_in(page, NAME)
    page.locator("main [name=cover]").set_input_files(picture())
    shot(page, "32-name")
    go_on(page, "outline")
    fill_in(page, WORDS)
    shot(page, "33-outline")
    go_on(page, "price")
    fill_in(page, price_values(start_rule="delivery"))
    shot(page, "34-price")
    go_on(page, "kit")
    fill_in(page, KIT)
    shot(page, "35-kit")
    go_on(page, "referral")
    fill_in(page, {"seat": "30", "stock": "5"})
    expect(page.locator("[data-guided-result]").get_by_text("¥147.20").first).to_be_visible()
    shot(page, "36-referral")
    go_on(page, "check")
    expect(page.frame_locator("iframe.guided-phone").get_by_role("heading", name=TITLE)).to_be_visible()
    shot(page, "37-check")
    steps.press(page, "Publish and sell")
    expect(page.get_by_role("heading", name="Your course is for sale")).to_be_visible()
    shot(page, "38-for-sale")
    return page.get_by_label("Link to share").input_value()


def test_from_an_empty_account_to_a_first_sale_in_eight_screens(
    open_window: Any, street: Street, shot: Any, mailoutbox: list[Any], teacher: User
) -> None:
    assert not Course.objects.exists()
    page, visitor = open_window(teacher), open_window()
    screens = Screens(page)
    link = make_a_course(page, shot)
    assert 2 <= len(screens) <= 8, screens
    assert not [address for address in screens if "/admin/pages/" in address]

    visitor.goto(link)
    expect(visitor.get_by_role("heading", name=TITLE).first).to_be_visible()
    shot(visitor, "39-new-course")
    steps.follow(visitor, "Try the first lesson free")
    expect(visitor.get_by_text("Put it on your <lap>.")).to_be_visible()
    visitor.go_back()
    steps.press(visitor, "Buy now")
    steps.sign_up_at_the_checkout(visitor, "first@buyer.test", mailoutbox)
    steps.fill_in_taiwan(visitor)
    steps.pay(visitor, street)
    visitor.goto("/en/learn/")
    expect(visitor.get_by_text(TITLE).first).to_be_visible()

    page.goto("/en/teach/")
    expect(page.get_by_text("1 of 12 seats")).to_be_visible()
    steps.follow(page, CLASS)
    expect(page.get_by_role("rowheader", name="王小明")).to_be_visible()
    shot(page, "40-first-student")
