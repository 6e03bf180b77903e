"""Convenience-store pick-up in Taiwan: which chains take which parcels.

All four chains publish the same limits for parcels between stores and from shops (B2C and C2C): longest side at most
45 cm, the three sides together at most 105 cm, heavier than 40 g and lighter than 5 kg. Sources, read November 2026:
CYBERBIZ help centre, "超商物流限制規格" (https://www.cyberbiz.io/helpcenter/?p=950), and FamilyMart's own notice
(https://fmec.famiport.com.tw/FP_Entrance/Uc/NoticeDetail?NTNO=202306120000006). They are kept per chain because
chains change them one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNTRY = "TW"


@dataclass(frozen=True)
class Chain:
    """Limits of a chain's parcels: mm and g. `code_digits`: how long its store codes are."""

    code: str
    name: str | Promise
    code_digits: int
    longest_mm: int = 450
    sum_mm: int = 1050
    below_g: int = 5000


CHAINS = {
    chain.code: chain
    for chain in (
        Chain("711", _("7-ELEVEN"), 6),
        Chain("family", _("FamilyMart"), 6),
        Chain("hilife", _("Hi-Life"), 4),
        Chain("ok", _("OK mart"), 4),
    )
}


class Packed(Protocol):
    """Something with a packed size; a shop.catalogue.models.Sku is one."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


def parcel_size(goods: Iterable[tuple[Packed, int]]) -> tuple[int, int, int, int]:
    """(longest, middle, shortest side in mm, weight in g) of (good, pieces) pairs packed into one parcel.

    Careful rather than clever: boxes are laid flat and stacked, so the shortest sides add up and the others are the
    largest of their kind.
    """
    longest = middle = height = weight = 0
    for good, pieces in goods:
        short, mid, long = sorted((good.length_mm, good.width_mm, good.height_mm))
        longest, middle = max(longest, long), max(middle, mid)
        height += short * pieces
        weight += good.weight_g * pieces
    sides = sorted((longest, middle, height), reverse=True)
    return sides[0], sides[1], sides[2], weight


def chains_that_take(goods: Sequence[tuple[Packed, int]]) -> list[Chain]:
    """The chains through which this parcel may go; none where there is nothing to send."""
    if not goods:
        return []
    longest, middle, shortest, weight = parcel_size(goods)
    return [
        chain
        for chain in CHAINS.values()
        if longest <= chain.longest_mm and longest + middle + shortest <= chain.sum_mm and weight < chain.below_g
    ]
