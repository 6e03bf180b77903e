"""Carriers that packers choose from, and where their parcels can be followed.

The addresses are the carriers' public query pages; a `%s` takes the number where the page accepts one.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TRACKING = re.compile(r"[0-9A-Z][0-9A-Z\- ]{3,38}")
# Postal items between countries (Universal Postal Union, standard S10): two letters, eight digits, a check digit, a country.
POSTAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True)
class Carrier:
    code: str
    name: str | Promise
    url: str = ""
    numbered: bool = True


CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier("tcat", _("T-Cat (Takkyubin)"), "https://www.t-cat.com.tw/inquire/trace.aspx"),
        Carrier("hct", _("HCT Logistics"), "https://www.hct.com.tw/Search/SearchGoods_n.aspx"),
        Carrier("post_tw", _("Chunghwa Post"), "https://postserv.post.gov.tw/pstmail/main_mail.html"),
        Carrier("711", _("7-ELEVEN store to store"), "https://eservice.7-11.com.tw/e-tracking/search.aspx"),
        Carrier("family", _("FamilyMart store to store"), "https://fmec.famiport.com.tw/FP_Entrance/QueryBox"),
        Carrier("hilife", _("Hi-Life store to store"), "https://www.hilife.com.tw/serviceInfo_search.aspx"),
        Carrier("ok", _("OK mart store to store"), "https://ecservice.okmart.com.tw/Tracking/Search"),
        Carrier("sf", _("SF Express"), "https://www.sf-express.com/chn/sc/waybill/waybill-detail/%s"),
        Carrier("ems", _("EMS"), "https://www.ems.com.cn/queryList"),
        Carrier("dhl", _("DHL"), "https://www.dhl.com/global-en/home/tracking.html?tracking-id=%s"),
        Carrier("other", _("Another carrier")),
        Carrier("own", _("Our own delivery"), numbered=False),
        Carrier("hand", _("Handed over in person"), numbered=False),
    )
}


def carrier_name(code: str) -> str:
    """What people call the carrier; an unknown code is shown as it is."""
    return str(CARRIERS[code].name) if code in CARRIERS else code


def tracking_url(code: str, tracking: str) -> str:
    """Where the parcel can be followed, or ''."""
    url = CARRIERS[code].url if code in CARRIERS else ""
    if not url or not tracking:
        return ""
    return url.replace("%s", quote(tracking, safe=""))


def tidy_tracking(text: str) -> str:
    """As carriers write it: plain capitals and digits, whatever the keyboard or scanner made of them."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


def is_tracking(text: str) -> bool:
    """Whether a tidied text can be a tracking number: four characters or more, and for postal items the check digit is right."""
    postal = POSTAL.fullmatch(text.replace(" ", ""))
    return TRACKING.fullmatch(text) is not None and (postal is None or postal[2] == _postal_digit(postal[1]))


def _postal_digit(serial: str) -> str:
    digit = 11 - sum(weight * int(number) for weight, number in zip(POSTAL_WEIGHTS, serial, strict=True)) % 11
    return {10: "0", 11: "5"}.get(digit, str(digit))
