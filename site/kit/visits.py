"""Somebody goes from one thing to another: an upper room may note it down, and give the answer a cookie.

A lower room calls `tell`; upper rooms register in `AppConfig.ready()`.
"""

from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]
_listeners: list[Listener] = []


def on(listener: Listener) -> None:
    """Register `listener(request, response, source=…, to=…)`; each once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(request: Any, response: Any, *, source: str, to: str) -> None:
    """The person behind `request` goes from `source` (`note:5`) to `to` (`offer:3`); `response` leads them there."""
    for listener in _listeners:
        listener(request, response, source=source, to=to)
