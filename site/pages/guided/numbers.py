"""Who gets what of a price: computed by the functions that the order, its commission and its shares will use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kit.money import take_rate
from shop.catalogue.models import Component
from shop.catalogue.taxes import contained_tax, tax_for
from shop.orders.shares import line_shares
from shop.payouts.rules import Fee, divide, pool
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class PartShare:
    """A part of the price: net, and what a referrer earns on it, in minor units."""

    kind: str
    net: int
    commission: int


@dataclass(frozen=True)
class Split:
    """One sale before Stripe's fee, in minor units: price = tax + referrer + keep.

    `shared`: payee id (None: the yard) → its amount of what is kept; empty where nobody shares.
    """

    price: int
    currency: str
    tax: int
    parts: tuple[PartShare, ...]
    teacher_id: int
    shared: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def referrer(self) -> int:
        return sum(part.commission for part in self.parts)

    @property
    def keep(self) -> int:
        return self.price - self.tax - self.referrer

    @property
    def teacher(self) -> int:
        return self.shared.get(self.teacher_id, 0)

    @property
    def yard(self) -> int:
        return self.shared.get(None, 0)

    @property
    def others(self) -> int:
        """Of teachers who share in it as well."""
        return sum(self.shared.values()) - self.teacher - self.yard


def split_of(
    price: int,
    currency: str,
    parts: Sequence[Component],
    rules: Rules,
    *,
    teacher_id: int,
    points: Mapping[int | None, int],
) -> Split:
    """What one sale of these parts gives, exactly as orders.create_order divides it, referrals.accrue pays on it and
    payouts.share_revenue shares it by `points` (payee id, None: the yard → basis points)."""
    tax = contained_tax(price, tax_for("").rate)
    shares = line_shares(price - tax, tax, [part.weight for part in parts], currency)
    found = []
    shared = dict.fromkeys(points, 0)
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        bonus = 0 if number else rules.bonus.get(currency, 0)  # it hangs on the first part
        commission = take_rate(share.net, rules.rate_of(part.kind)) + bonus
        found.append(PartShare(part.kind, share.net, commission))
        kept = pool(net=share.net, gross=share.net + share.tax, commission=commission, fee=Fee())
        for payee, amount in zip(points, divide(kept, list(points.values())) if points else (), strict=True):
            shared[payee] += amount
    return Split(price, currency, tax, tuple(found), teacher_id, shared)


def part_amounts(price: int, currency: str, parts: Sequence[Component]) -> dict[str, int]:
    """kind of part → its part of the price, tax included."""
    shares = line_shares(price, 0, [part.weight for part in parts], currency)
    return {part.kind: share.net + share.tax for part, share in zip(parts, shares, strict=True)}
