"""States of a payout in words."""

from typing import Any

from django.utils.translation import gettext_lazy

STATES: dict[str, Any] = {
    "prepared": gettext_lazy("prepared"),
    "sending": gettext_lazy("on its way"),
    "paid": gettext_lazy("paid"),
    "failed": gettext_lazy("failed"),
}


def state_word(state: str) -> str:
    """What a person reads for it."""
    return str(STATES[state])
