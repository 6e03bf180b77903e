"""Amount rules per currency, after https://docs.stripe.com/currencies (minor units, special cases, limits)."""

from .errors import bad_request

KNOWN = frozenset(
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf"
    " clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils"
    " inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk"
    " mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp"
    " sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar"
    " zmw".split()
)
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
LONG = {"idr": 12, "lbp": 12, "cop": 10, "huf": 10, "jpy": 10, "vnd": 10, "krw": 10, "clp": 10, "inr": 9}

# Payment methods beside cards and the currencies they take:
# https://docs.stripe.com/payments/alipay and https://docs.stripe.com/payments/wechat-pay
METHOD_CURRENCIES = {
    "alipay": frozenset("cny aud cad eur gbp hkd jpy sgd myr nzd usd".split()),
    "wechat_pay": frozenset("cny aud cad eur gbp hkd jpy sgd usd dkk nok sek chf".split()),
}


def known_currency(code: str, param: str = "currency") -> str:
    """The currency in lower case. Raises ApiError 400 for one that Stripe does not present in."""
    code = code.lower()
    if code not in KNOWN:
        raise bad_request(f"Invalid currency: {code}.", "invalid_currency", param)
    return code


def checked_amount(amount: int, currency: str, param: str = "amount", *, least: int = 1) -> int:
    """`amount` in minor units if the currency's step allows it. Raises ApiError 400 otherwise."""
    if amount < least:
        raise bad_request(f"This value must be greater than or equal to {least}.", "parameter_invalid_integer", param)
    if len(str(amount)) > LONG.get(currency, 8):
        raise bad_request("Amount must be no more than the currency allows.", "amount_too_large", param)
    if currency in THREE_DECIMAL and amount % 10:
        raise bad_request(f"Amounts in {currency} must end in 0.", "invalid_amount", param)
    if currency == "isk" and amount % 100:
        raise bad_request("Amounts in isk must be whole hundreds.", "invalid_amount", param)
    return amount


def payable_methods(currency: str, allowed: list[str] | None) -> list[str]:
    """Payment method types that can pay in `currency`, cards first, cut down to `allowed` if given."""
    methods = ["card", *(name for name, takes in METHOD_CURRENCIES.items() if currency in takes)]
    return [name for name in methods if allowed is None or name in allowed]


def written(amount: int, currency: str) -> str:
    """The amount for people, e.g. `NT$` is left to the reader: `TWD 1,599.00`, `JPY 500`."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{currency.upper()} {sign}{whole:,}" + (f".{rest:0{places}d}" if places else "")
