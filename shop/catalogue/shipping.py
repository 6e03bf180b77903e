"""What sending the goods of an order costs: one flat sum an order, by where it goes.

Taiwan and mainland China are free: the price of a kit contains its way there. Elsewhere a sum per order, in the
order's own currency, because nothing here converts money; a currency without a sum is not sent abroad.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FREE, NEAR, FAR = "free", "near", "far"
COUNTRIES: dict[str, tuple[str | Promise, str]] = {
    "TW": (_("Taiwan"), FREE),
    "CN": (_("Mainland China"), FREE),
    "HK": (_("Hong Kong"), NEAR),
    "MO": (_("Macau"), NEAR),
    "SG": (_("Singapore"), NEAR),
    "MY": (_("Malaysia"), NEAR),
    "JP": (_("Japan"), NEAR),
    "KR": (_("South Korea"), NEAR),
    "US": (_("United States"), FAR),
    "CA": (_("Canada"), FAR),
    "GB": (_("United Kingdom"), FAR),
    "AU": (_("Australia"), FAR),
    "NZ": (_("New Zealand"), FAR),
    "DE": (_("Germany"), FAR),
    "FR": (_("France"), FAR),
}
# Minor units.
SUMS = {
    NEAR: {"CNY": 6000, "TWD": 26000, "USD": 900, "HKD": 6800, "SGD": 1200, "EUR": 800, "GBP": 700, "JPY": 1300, "KRW": 12000},
    FAR: {
        "CNY": 12000,
        "TWD": 52000,
        "USD": 1800,
        "HKD": 13600,
        "SGD": 2400,
        "EUR": 1600,
        "GBP": 1400,
        "JPY": 2600,
        "KRW": 24000,
    },
}


class NotSentThere(Exception):
    """Goods of an order in this currency are not sent to that country."""


def countries(currency: str) -> list[tuple[str, str | Promise]]:
    """(code, name) of the countries that an order in `currency` may go to, ours first."""
    return [(code, name) for code, (name, zone) in COUNTRIES.items() if zone == FREE or currency in SUMS[zone]]


def shipping_fee(*, country: str, currency: str) -> int:
    """Minor units of `currency` for sending an order's goods to `country`. Raises NotSentThere."""
    zone = COUNTRIES.get(country, ("", ""))[1]
    if zone == FREE:
        return 0
    try:
        return SUMS[zone][currency]
    except KeyError as error:
        raise NotSentThere(country) from error
