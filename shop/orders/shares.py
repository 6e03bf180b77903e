"""How a line's money is divided among its parts (I1): exactly, and in amounts that can be paid back one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.money import coin, split_by_weight


@dataclass(frozen=True)
class Share:
    net: int
    tax: int


def line_shares(net: int, tax: int, weights: Sequence[int], currency: str) -> list[Share]:
    """Net and tax of each part of a line, by weight, in order; they sum to the line's net and tax.

    Each part's gross is a multiple of the currency's step, since it may be refunded alone (ISK: whole hundreds).
    """
    parts = split_in_steps(net + tax, weights, currency)
    taxes = split_by_weight(tax, parts) if net + tax else [0] * len(parts)
    return [Share(net=part - own, tax=own) for part, own in zip(parts, taxes, strict=True)]


def split_in_steps(amount: int, weights: Sequence[int], currency: str) -> list[int]:
    """Shares of `amount` by weight, each a multiple of the currency's step; whole dollars of a whole sum in TWD."""
    unit = coin(currency, amount)
    return [unit * units for units in split_by_weight(amount // unit, weights)]
