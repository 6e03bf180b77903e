"""Which tax a sale bears, by country and day, and what it comes to: plain arithmetic in minor units."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from kit.clock import now
from kit.money import percent_text, step
from kit.settled import settled
from shop.catalogue.models import TaxRate


@dataclass(frozen=True)
class Tax:
    """`rate` in basis points; `country` is where the buyer is, as far as it decided."""

    country: str
    rate: int
    name: str

    @property
    def percent(self) -> str:
        return percent_text(self.rate)


def tax_for(country: str) -> Tax:
    """The rate in force there now; else the one for everywhere; else settings.SHOP_TAX_BASIS_POINTS. A query at most."""
    moment = now()
    rows = [row for row in _rates() if row.country in ("", country) and row.valid_from <= moment]
    if not rows:
        return Tax(country, settings.SHOP_TAX_BASIS_POINTS, _("Tax"))
    return Tax(country, rows[-1].rate, rows[-1].name)


@settled(TaxRate)
def _rates() -> list[TaxRate]:
    return list(TaxRate.objects.order_by("country", "valid_from"))


def taxed_countries() -> list[str]:
    """Countries that have a rate of their own, now or later."""
    return sorted({row.country for row in _rates() if row.country})


def net_and_tax(amount: int, rate: int, *, inclusive: bool, currency: str) -> tuple[int, int]:
    """What a line of `amount` comes to: the tax in it, or on top of it in steps of the currency; rounded half up."""
    if inclusive:
        tax = contained_tax(amount, rate)
        return amount - tax, tax
    unit = step(currency)
    whole = 10_000 * unit
    return amount, (2 * amount * rate + whole) // (2 * whole) * unit


def contained_tax(gross: int, rate: int) -> int:
    """The tax inside a price that includes it, rounded half up."""
    whole = 10_000 + rate
    return (2 * gross * rate + whole) // (2 * whole)
