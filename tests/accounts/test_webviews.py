"""Which social sign-ins are offered in which browser."""

from typing import Any

import pytest
from django.test import RequestFactory

from accounts.webviews import in_app_browser, working_providers

AGENTS = {
    "line-ios": (
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/13.10.0",
        "line",
    ),
    "line-android": (
        "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Line/13.20.0/IAB",
        "line",
    ),
    "wechat": (
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.44(0x18002c2f)",
        "wechat",
    ),
    "facebook": ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/440.0]", "facebook"),
    "safari": (
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1",
        "",
    ),
    "outline": ("Outline/1.0 Chrome/120.0", ""),
    "none": ("", ""),
}


class Provider:
    def __init__(self, ident: str) -> None:
        self.id = ident


@pytest.mark.parametrize(("agent", "name"), AGENTS.values(), ids=AGENTS)
def test_chat_apps_are_known_by_their_user_agent(agent: str, name: str) -> None:
    assert in_app_browser(RequestFactory(headers={"User-Agent": agent}).get("/")) == name


@pytest.mark.parametrize(
    ("key", "shown"), [("line-ios", ["line"]), ("wechat", []), ("facebook", ["line"]), ("safari", ["google", "line"])]
)
def test_sign_ins_that_fail_in_a_browser_are_not_offered_there(key: str, shown: list[str]) -> None:
    request: Any = RequestFactory(headers={"User-Agent": AGENTS[key][0]}).get("/")
    assert [provider.id for provider in working_providers(request, [Provider("google"), Provider("line")])] == shown
