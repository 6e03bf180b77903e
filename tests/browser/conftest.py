"""A real browser before a real server: Chromium, gunicorn's place taken by Django's threaded test server.

Celery runs eagerly, so that what follows a commit has happened when the page is there. Playwright's loop runs in this
thread, hence DJANGO_ALLOW_ASYNC_UNSAFE. Screenshots go to tests/browser/screenshots/.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.street import Street
from tests.stripe_stand_in import StandIn

SCREENSHOTS = Path(__file__).parent / "screenshots"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
# Sound goes nowhere: waiting for a sound card that is not there, a recording may stand still for as long as it likes.
FLAGS += ["--mute-audio"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("Chromium is missing: the browser tests cannot run (Debian: apt-get install chromium)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server(stand_in_server: StandIn, django_db_setup: None) -> Iterator[LiveServer]:
    """pytest-django's, begun when the payment service's address is known: the CSP names it."""
    with override_settings(STRIPE_API_BASE=stand_in_server.base):
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def street(stand_in: StandIn, live_server: LiveServer, settings: Any) -> Street:
    """The school's address and its payment service."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return Street(live_server.url, stand_in)


@pytest.fixture(params=["phone", "desk"])
def window(request: pytest.FixtureRequest) -> str:
    return str(request.param)


OpenWindow = Callable[..., Page]


@pytest.fixture
def open_window(chromium: Browser, street: Street, window: str, client_of: Any) -> Iterator[OpenWindow]:
    """open_window(user): a page of that person's own browser; a visitor's without a user. Script errors fail the test."""
    contexts, errors = [], []
    SCREENSHOTS.mkdir(exist_ok=True)

    def opened(user: User | None = None) -> Page:
        context = chromium.new_context(base_url=street.url, locale="en-GB", **(PHONE if window == "phone" else DESK))
        contexts.append(context)
        if user is not None:
            key = client_of(user).cookies[django_settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": key, "url": street.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    yield opened
    for number, context in enumerate(contexts):
        # Where a step failed, this is what the person saw last.
        context.pages[0].screenshot(path=SCREENSHOTS / f"last-{number}-{window}.png")
        context.close()
    assert errors == []


@pytest.fixture
def shot(window: str, request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """shot(page, "name"): a picture of the whole page; fails where the page is wider than the window."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=SCREENSHOTS / f"{name}-{window}.png", full_page=True)
        if "/admin/" not in page.url:
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{page.url} is {wide} px too wide"

    return take
