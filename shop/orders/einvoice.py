"""Taiwan's electronic uniform invoice (電子發票): where its buyer wants it kept, or whom to give it to.

One of four, or none: the buyer is then told by e-mail and the provider keeps it under the shop's own carrier.

Formats of 手機條碼, 自然人憑證條碼 and 捐贈碼: Ministry of Finance, e-invoice platform (電子發票整合服務平台,
https://www.einvoice.nat.gov.tw/, MIG fields CarrierType 3J0002 and CQ0001, NPOBAN), restated by the provider Cetustek,
https://www.cetustek.com.tw/news.php?id=186 (read November 2026). 統一編號: Ministry of Finance, Fiscal Information
Agency, 營利事業統一編號檢查碼邏輯修正說明, in force since 1 April 2023,
https://www.fia.gov.tw/singlehtml/3?cntId=c4d9cff38c8642ef8872774ee9987283.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNTRY, CURRENCY = "TW", "TWD"
MOBILE, CITIZEN, DONATION, COMPANY = "mobile", "citizen", "donation", "company"
KINDS: dict[str, str | Promise] = {
    MOBILE: _("Mobile barcode"),
    CITIZEN: _("Citizen digital certificate"),
    DONATION: _("Donation code"),
    COMPANY: _("Company number"),
}
_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


@dataclass(frozen=True)
class EInvoice:
    """What the buyer chose: `kind` of KINDS with its `value`; `title` is a company's name."""

    kind: str
    value: str
    title: str = ""

    def as_terms(self) -> dict[str, str]:
        return asdict(self)


def concerns(country: str, currency: str) -> bool:
    """Whether a sale may need such an invoice."""
    return country == COUNTRY or currency == CURRENCY


def is_mobile_barcode(text: str) -> bool:
    """`/` and seven of digits, capital letters, `+`, `-`, `.`: Code 39, eight signs in all."""
    return re.fullmatch(r"/[0-9A-Z+\-.]{7}", text) is not None


def is_citizen_certificate(text: str) -> bool:
    """Two capital letters and fourteen digits."""
    return re.fullmatch(r"[A-Z]{2}[0-9]{14}", text) is not None


def is_donation_code(text: str) -> bool:
    """Three to seven digits."""
    return re.fullmatch(r"[0-9]{3,7}", text) is not None


def is_company_number(text: str) -> bool:
    """Eight digits. Each times its weight 1 2 1 2 1 2 4 1, the digits of the products summed: divisible by 5.

    (By 10 until March 2023; those numbers stay good.) A seventh digit 7 makes 28, whose digits 2 + 8 = 10 count as 1 or
    as 0: either sum may be the divisible one.
    """
    if re.fullmatch(r"[0-9]{8}", text) is None or int(text) == 0:
        return False
    products = [int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (text[6] == "7" and (total + 1) % 5 == 0)


CHECKS: dict[str, Callable[[str], bool]] = {
    MOBILE: is_mobile_barcode,
    CITIZEN: is_citizen_certificate,
    DONATION: is_donation_code,
    COMPANY: is_company_number,
}
