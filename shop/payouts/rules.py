"""What is shared, how, and from which balance on a payout is made. Pure arithmetic in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from kit.money import split_by_weight

WHOLE = 10_000


def minimum(currency: str) -> int:
    """Minor units; a currency that the settings do not name pays from its smallest coin on."""
    return int(settings.PAYOUT_MINIMUMS.get(currency, 1))


def is_due(balance: int, currency: str) -> bool:
    """Whether a payout is made of this balance: something, and not less than the minimum."""
    return balance >= max(1, minimum(currency))


def needs_second_person(amount: int, currency: str) -> bool:
    """Whether one person alone may not send so much; a currency that the settings do not name has no such limit."""
    limit = settings.PAYOUT_APPROVAL_FROM.get(currency)
    return limit is not None and amount >= limit


@dataclass(frozen=True)
class Fee:
    """What Stripe kept of a charge, both in the currency in which it settles; nothing where it is not known (yet)."""

    kept: int = 0
    charged: int = 0

    def share_of(self, gross: int) -> int:
        """Its part on `gross`, a part of the charge in the buyer's currency: the ratio converts. Rounded up."""
        return -(-max(0, self.kept) * gross // self.charged) if self.charged > 0 else 0


def pool(*, net: int, gross: int, commission: int, fee: Fee) -> int:
    """What is there to share of a part whose `net` and `gross` were kept: less commission and fee, never below nothing."""
    return max(0, net - commission - fee.share_of(gross))


def divide(amount: int, basis_points: Sequence[int]) -> list[int]:
    """The shares of a pool, in order, exact to the last unit (largest remainder)."""
    return split_by_weight(amount, basis_points)
