"""Who gets what of a price: computed by the functions that the order and its commission will use."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.money import take_rate
from shop.catalogue.models import Component
from shop.catalogue.taxes import contained_tax, tax_for
from shop.orders.shares import line_shares
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class PartShare:
    """A part of the price: net, and what a referrer earns on it, in minor units."""

    kind: str
    net: int
    commission: int


@dataclass(frozen=True)
class Split:
    """One sale, in minor units: price = tax + referrer + keep."""

    price: int
    currency: str
    tax: int
    parts: tuple[PartShare, ...]

    @property
    def referrer(self) -> int:
        return sum(part.commission for part in self.parts)

    @property
    def keep(self) -> int:
        return self.price - self.tax - self.referrer


def split_of(price: int, currency: str, parts: Sequence[Component], rules: Rules) -> Split:
    """What one sale of these parts gives, exactly as orders.create_order divides it and referrals.accrue pays on it."""
    tax = contained_tax(price, tax_for("").rate)
    shares = line_shares(price - tax, tax, [part.weight for part in parts], currency)
    found = [
        PartShare(part.kind, share.net, take_rate(share.net, rules.rate_of(part.kind)))
        for part, share in zip(parts, shares, strict=True)
    ]
    return Split(price, currency, tax, tuple(found))


def part_amounts(price: int, currency: str, parts: Sequence[Component]) -> dict[str, int]:
    """kind of part → its part of the price, tax included."""
    shares = line_shares(price, 0, [part.weight for part in parts], currency)
    return {part.kind: share.net + share.tax for part, share in zip(parts, shares, strict=True)}
