"""Phone numbers as carriers want them, and as the same number is recognised again."""

import re

COUNTRY_CODES = {"TW": "886", "CN": "86", "HK": "852", "MO": "853", "SG": "65", "MY": "60", "JP": "81", "GB": "44", "AU": "61"}
WITHOUT_ZERO = {"CN", "HK", "MO", "SG"}


def national(phone: str, country: str) -> str:
    """`+886 912-345-678` in Taiwan → `0912345678`; another country's number begins with 00. Never with a sign: a
    spreadsheet would calculate it."""
    digits = re.sub(r"\D", "", phone)
    if not phone.strip().startswith("+"):
        return digits
    code = COUNTRY_CODES.get(country, "")
    if not code or not digits.startswith(code):
        return f"00{digits}"
    rest = digits.removeprefix(code)
    return rest if country in WITHOUT_ZERO or rest.startswith("0") else f"0{rest}"
