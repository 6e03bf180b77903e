"""Amount rules per currency, after https://docs.stripe.com/currencies (minor units, special cases, limits)."""

from .errors import bad_request


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN = _codes(
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf"
    " clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils"
    " inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk"
    " mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp"
    " sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar"
    " zmw"
)
ZERO_DECIMAL = _codes("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf")
THREE_DECIMAL = _codes("bhd jod kwd omr tnd")
LONG = {"idr": 12, "lbp": 12, "cop": 10, "huf": 10, "jpy": 10, "vnd": 10, "krw": 10, "clp": 10, "inr": 9}
# Smallest charges, for the currencies that Stripe names one for: https://docs.stripe.com/currencies#minimum-and-maximum
LEAST = {
    "usd": 50,
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
}

# Payment methods beside cards and the currencies they take:
# https://docs.stripe.com/payments/alipay and https://docs.stripe.com/payments/wechat-pay
METHOD_CURRENCIES = {
    "alipay": _codes("cny aud cad eur gbp hkd jpy sgd myr nzd usd"),
    "wechat_pay": _codes("cny aud cad eur gbp hkd jpy sgd usd dkk nok sek chf"),
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
        raise bad_request(f"Invalid amount. Amounts in {currency} must end in 0.", "invalid_amount", param)
    if currency == "isk" and amount % 100:
        # https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds
        message = "Invalid amount. Currency ISK has become effectively zero-decimal: whole hundreds only."
        raise bad_request(message, "invalid_charge_amount_no_decimal_compatible", param)
    return amount


def checked_charge(amount: int, currency: str, param: str = "amount") -> int:
    """Like `checked_amount`, and not below the least that can be charged. Raises ApiError 400."""
    checked_amount(amount, currency, param)
    if amount < LEAST.get(currency, 1):
        message = f"Amount must be at least {written(LEAST[currency], currency)}"
        raise bad_request(message, "amount_too_small", param)
    return amount


def payable_methods(currency: str, allowed: list[str] | None) -> list[str]:
    """Payment method types that can pay in `currency`, cards first, cut down to `allowed` if given."""
    methods = ["card", *(name for name, takes in METHOD_CURRENCIES.items() if currency in takes)]
    return [name for name in methods if allowed is None or name in allowed]


def written(amount: int, currency: str) -> str:
    """The amount for people, e.g. `TWD 1,599.00` or `JPY 500`."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{currency.upper()} {sign}{whole:,}" + (f".{rest:0{places}d}" if places else "")
