"""Money is integer minor units and a currency; no float ever touches it.

Decimals and steps follow Stripe's table (https://docs.stripe.com/currencies, read November 2026):
zero-decimal currencies, three-decimal ones whose last digit is 0, and the special cases ISK, HUF and TWD.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils import numberformat
from django.utils.translation import gettext as _

ZERO_DECIMAL = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMAL = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
# Charged in two decimals for old times' sake, though no such coin exists: whole units only.
WHOLE_UNITS_IN_HUNDREDTHS = frozenset({"ISK"})
WITHOUT_SMALL_COINS = WHOLE_UNITS_IN_HUNDREDTHS | {"TWD", "HUF"}
CURRENCIES = ("CNY", "TWD", "USD", "EUR", "JPY", "ISK", "HKD", "SGD", "GBP", "KRW")
SYMBOLS = {
    "CNY": "¥",
    "TWD": "NT$",
    "USD": "US$",
    "EUR": "€",
    "JPY": "JP¥",
    "ISK": "ISK ",
    "HKD": "HK$",
    "SGD": "S$",
    "GBP": "£",
    "KRW": "₩",
}

# Smallest charges in minor units, of the currencies that Stripe names one for
# (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, read November 2026).
LEAST_CHARGE = {"USD": 50, "EUR": 50, "GBP": 30, "HKD": 400, "JPY": 50, "SGD": 50}


def decimals(currency: str) -> int:
    """Decimal places of the minor unit that Stripe expects: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def step(currency: str) -> int:
    """Smallest change of a chargeable amount, in minor units: 1, 10 (KWD …) or 100 (ISK)."""
    if currency in WHOLE_UNITS_IN_HUNDREDTHS:
        return 100
    return 10 if currency in THREE_DECIMAL else 1


def coin(currency: str, *amounts: int) -> int:
    """In which unit `amounts` are divided: whole dollars where no smaller coin is in use and none of them has cents (TWD,
    HUF: Stripe takes cents that nobody can pay back by transfer or write on an e-invoice); else the currency's step.
    """
    whole = currency in WITHOUT_SMALL_COINS and not any(amount % 100 for amount in amounts)
    return 100 if whole else step(currency)


def check_amount(amount: int, currency: str) -> None:
    """Raises ValueError where Stripe would refuse the amount: negative, or off the currency's step."""
    if amount < 0:
        raise ValueError(_("An amount cannot be negative."))
    if amount % step(currency):
        raise ValueError(
            _("%(currency)s amounts come in steps of %(step)s minor units.") % {"currency": currency, "step": step(currency)}
        )


def check_price(amount: int, currency: str) -> None:
    """Raises ValueError for what cannot be charged: nothing, less than Stripe charges, or off the currency's step."""
    check_amount(amount, currency)
    if amount == 0:
        raise ValueError(_("A price must be more than nothing."))
    if amount < (least := LEAST_CHARGE.get(currency, 1)):
        raise ValueError(_("The least that can be charged is %(least)s.") % {"least": format_money(least, currency)})


def parse_amount(text: str, currency: str) -> int:
    """Minor units of what a person typed, such as `599` or `1,299.50`. Raises ValueError where it is no amount."""
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation as error:
        raise ValueError(_("This is not an amount: %(text)s") % {"text": text}) from error
    minor = value.scaleb(decimals(currency))
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise ValueError(_("%(currency)s has no smaller coin than that.") % {"currency": currency})
    check_amount(int(minor), currency)
    return int(minor)


def format_money(amount: int, currency: str) -> str:
    """`¥599`, `NT$1,200`, `US$19.90`, `-¥30.50`: decimals only where there are any."""
    places = decimals(currency)
    whole, rest = divmod(abs(amount), 10**places)
    text = numberformat.format(whole, ".", grouping=3, thousand_sep=",", force_grouping=True)
    if rest:
        text = f"{text}.{rest:0{places}d}"
    return f"{'-' if amount < 0 else ''}{SYMBOLS.get(currency, currency + ' ')}{text}"


def figures(amount: int, currency: str) -> str:
    """`1,200`, `19.90`, `1.230`, `-500`: as papers write it in a column that names the currency once.

    Always the currency's decimals, but none where no such coin is in use and there are none (ISK, TWD, HUF: see step and
    Stripe's special cases).
    """
    places = decimals(currency)
    whole, rest = divmod(abs(amount), 10**places)
    text = numberformat.format(whole, ".", grouping=3, thousand_sep=",", force_grouping=True)
    if places and (rest or currency not in WITHOUT_SMALL_COINS):
        text = f"{text}.{rest:0{places}d}"
    return f"{'-' if amount < 0 else ''}{text}"


def split_by_weight(total: int, weights: Sequence[int]) -> list[int]:
    """Shares of `total` in proportion to `weights`, summing to it exactly (largest remainder, first wins a tie).

    Works for negative totals too. Raises ValueError where no weight is positive or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    parts = [divmod(abs(total) * weight, whole) for weight in weights]
    shares = [share for share, _rest in parts]
    missing = abs(total) - sum(shares)
    for index in sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:missing]:
        shares[index] += 1
    return [sign * share for share in shares]


def take_rate(amount: int, basis_points: int) -> int:
    """floor(rate × amount) for a rate in hundredths of a percent; amount must not be negative."""
    return amount * basis_points // 10_000


def percent_text(basis_points: int) -> str:
    """`5 %`, `7.7 %` for a rate in hundredths of a percent."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"
