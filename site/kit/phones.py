"""Telephone numbers, as far as a carrier needs them: can this be called in that country?

Mainland China: mobile numbers have eleven digits and begin 13 to 19, others an area code with 0 (MIIT, Telecom Network
Numbering Plan 2017). Taiwan: mobile 09 and eight digits, others an area code 02 to 08 (NCC, 電信號碼 plan). Elsewhere six
to fifteen digits (ITU-T E.164).
"""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 30
_WRITTEN = re.compile(r"\+?[0-9(][0-9 ()\-]{3,24}((#|ext\.?|分機|转|轉) ?[0-9]{1,6})?", re.IGNORECASE)
_SHORTEST, _MOST = 6, 15
_RULES = {
    "CN": ("86", re.compile(r"1[3-9][0-9]{9}|(?:010|02[0-9]|0[3-9][0-9]{2})[2-8][0-9]{6,7}|[48]00[0-9]{7}")),
    "TW": ("886", re.compile(r"09[0-9]{8}|0[2-8][0-9]{7,9}")),
}


class PhoneRefused(ValueError):
    """The text is no number that can be called there; it is for people."""


def checked_phone(text: str, country: str) -> str:
    """The number as it was written, tidied. Raises PhoneRefused. One that begins with + and another country's code may stand
    in any address.
    """
    phone = " ".join(unicodedata.normalize("NFKC", text).split())
    main = re.split(r"#|ext|分機|转|轉", phone, maxsplit=1, flags=re.IGNORECASE)[0]
    digits = re.sub(r"\D", "", main)
    if re.fullmatch(r"[+0-9 ()\-]*", phone) and len(digits) < _SHORTEST:
        raise PhoneRefused(_("This phone number is too short: please write all of it."))
    if len(phone) > LONGEST or not _WRITTEN.fullmatch(phone):
        raise PhoneRefused(_("Please write a phone number with its digits only."))
    if len(digits) > _MOST or not _fits(digits, phone.startswith(("+", "00")), country):
        raise PhoneRefused(_("Please look at the phone number again: this cannot be called there."))
    return phone


def _fits(digits: str, is_abroad: bool, country: str) -> bool:
    code, rule = _RULES.get(country, ("", None))
    if rule is None:
        return True
    local = digits.removeprefix("00") if is_abroad else digits
    if not is_abroad:
        return rule.fullmatch(local) is not None
    if not local.startswith(code):
        return True
    rest = local.removeprefix(code)
    return any(rule.fullmatch(number) for number in (rest, f"0{rest}"))
