"""Carriers that packers choose from, and where their parcels can be followed.

The addresses are the carriers' public query pages; a `%s` takes the number where the page accepts one.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
