"""Steps of the story, as people take them. Pages are in English, so that a step can name what it presses."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.street import Street


def press(page: Page, name: str) -> None:
    """The first visible button of that name."""
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).locator("visible=true").first.click()


def sign_up_at_the_checkout(page: Page, email: str, mailbox: list[Any]) -> None:
    """From the one-page checkout through the code in the mail, and back to it."""
    page.get_by_text("Sign in or make an account with a code").click()
    page.locator("#code-email").fill(email)
    press(page, "I am new here")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.get_by_label("Code").fill(code_in(mailbox[-1]))
    press(page, "Continue")
    expect(page).to_have_url(re.compile(r"/checkout/$"))


def code_in(mail: Any) -> str:
    """The code of a sign-in mail: in its subject."""
    found = re.search(r"[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}", mail.subject)
    assert found, mail.subject
    return found[0]


def fill_in_taiwan(page: Page, *, street: str = "松仁路 100 號 3 樓") -> None:
    """Recipient, 縣市, 區: each choice brings the next field; the postcode fills itself."""
    page.get_by_label("Recipient's name").fill("王小明")
    page.get_by_label("Phone").fill("0912345678")
    page.get_by_label("City or county").select_option("台北市")
    district = page.locator("select[name=city] option[value=信義區], select[name=district] option[value=信義區]")
    district.first.wait_for(state="attached")
    page.locator("select:has(option[value=信義區])").select_option("信義區")
    expect(page.get_by_label("Postcode")).to_have_value("110")
    page.get_by_label("Street").fill(street)


def pay(page: Page, street: Street) -> None:
    """Agree, go to Stripe's page, pay, and come back to an order that is paid."""
    page.get_by_label("I have read what is promised above").check()
    page.get_by_role("button", name=re.compile("on Stripe's page$")).click()
    page.wait_for_url(re.compile("/c/pay/"))
    page.locator("button#pay").click()
    page.wait_for_url(re.compile(f"^{re.escape(street.url)}"))
    street.deliver_webhooks()
    page.wait_for_url(re.compile(r"/orders/CY-"))


def order_number(page: Page) -> str:
    found = re.search(r"/orders/(CY-[^/?]+)", page.url)
    assert found, page.url
    return found[1]


def refund(page: Page, number: str, what: str) -> str:
    """The owner previews and sends a refund; the amount that the buyer gets."""
    page.goto(f"/en/admin/shop/orders/{number}/refund/")
    page.get_by_label(what).check()
    press(page, "Show what it means")
    amount = page.get_by_role("heading", name=re.compile("^The buyer gets")).inner_text().removeprefix("The buyer gets ")
    page.get_by_label("Why").fill("Asked for by the buyer")
    press(page, f"Refund {amount}")
    page.wait_for_url(re.compile(rf"/orders/{number}/$"))
    return amount
