"""From which balance on a payout is made."""

from django.conf import settings


def minimum(currency: str) -> int:
    """Minor units; a currency that the settings do not name pays from its smallest coin on."""
    return int(settings.PAYOUT_MINIMUMS.get(currency, 1))
