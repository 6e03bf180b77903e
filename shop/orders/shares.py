"""How a line's money is divided among its parts (I1): exactly, and in amounts that can be paid back one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from kit.money import split_by_weight, step


@dataclass(frozen=True)
class Share:
    net: int
    tax: int


def contained_tax(gross: int) -> int:
    """The tax inside a price that includes it, rounded half up; the rate is settings.SHOP_TAX_BASIS_POINTS."""
    rate = settings.SHOP_TAX_BASIS_POINTS
    whole = 10_000 + rate
    return (2 * gross * rate + whole) // (2 * whole)


def line_shares(gross: int, weights: Sequence[int], currency: str, tax: int | None = None) -> list[Share]:
    """Net and tax of each part of a line, by weight, in order; they sum to the line's net and tax.

    Each part's gross is a multiple of the currency's step, since it may be refunded alone (ISK: whole hundreds). `tax`
    is the line's where it is known; else what today's rate contains.
    """
    parts = split_in_steps(gross, weights, currency)
    taxes = split_by_weight(contained_tax(gross) if tax is None else tax, parts) if gross else [0] * len(parts)
    return [Share(net=part - part_tax, tax=part_tax) for part, part_tax in zip(parts, taxes, strict=True)]


def split_in_steps(amount: int, weights: Sequence[int], currency: str) -> list[int]:
    """Shares of `amount` by weight, each a multiple of the currency's step."""
    unit = step(currency)
    return [unit * units for units in split_by_weight(amount // unit, weights)]
