"""Browsers inside chat apps, and which social sign-ins fail there."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

_MARKS = {
    "line": re.compile(r"\bLine/\d"),
    "wechat": re.compile(r"\bMicroMessenger/"),
    "facebook": re.compile(r"\bFBA[NV]/"),
    "instagram": re.compile(r"\bInstagram "),
}
# Google answers embedded browsers with 403 disallowed_useragent (its OAuth policy "secure browsers", 2021);
# WeChat blocks LINE's and Google's pages. LINE's own login works inside LINE.
_REFUSED = {
    "line": {"google"},
    "wechat": {"google", "line"},
    "facebook": {"google"},
    "instagram": {"google"},
}


def in_app_browser(request: HttpRequest) -> str:
    """Which chat app's own browser this is, by its User-Agent: line, wechat, facebook, instagram, or ""."""
    agent = request.headers.get("User-Agent", "")
    return next((name for name, mark in _MARKS.items() if mark.search(agent)), "")


def working_providers(request: HttpRequest, providers: Iterable[Any]) -> list[Any]:
    """Those social providers (objects with an `id`) whose sign-in works in this request's browser."""
    refused = _REFUSED.get(in_app_browser(request), set())
    return [provider for provider in providers if provider.id not in refused]
