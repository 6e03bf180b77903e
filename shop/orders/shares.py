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


def line_shares(gross: int, weights: Sequence[int], currency: str) -> list[Share]:
    """Net and tax of each part of a line, by weight, in order; they sum to the line's net and tax.

    Each part's gross is a multiple of the currency's step, since it may be refunded alone (ISK: whole hundreds).
    """
    unit = step(currency)
    parts = [unit * units for units in split_by_weight(gross // unit, weights)]
    taxes = split_by_weight(contained_tax(gross), parts) if gross else [0] * len(parts)
    return [Share(net=part - tax, tax=tax) for part, tax in zip(parts, taxes, strict=True)]
