"""Countries by name: those that a buyer may choose. What is sent where is the owner's table (shop.catalogue.shipping)."""

from collections.abc import Iterable
from functools import cache
from operator import itemgetter

from django.utils.functional import Promise
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext_lazy as _

# What no name here fits: buyers say "another country". Google's address data use the same code for it.
OTHER = "ZZ"
COUNTRIES: dict[str, str | Promise] = {
    "TW": _("Taiwan"),
    "CN": _("Mainland China"),
    "HK": _("Hong Kong"),
    "MO": _("Macau"),
    "SG": _("Singapore"),
    "MY": _("Malaysia"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "TH": _("Thailand"),
    "VN": _("Vietnam"),
    "PH": _("Philippines"),
    "ID": _("Indonesia"),
    "IN": _("India"),
    "US": _("United States"),
    "CA": _("Canada"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "AU": _("Australia"),
    "NZ": _("New Zealand"),
    "DE": _("Germany"),
    "FR": _("France"),
    "NL": _("Netherlands"),
    "BE": _("Belgium"),
    "LU": _("Luxembourg"),
    "AT": _("Austria"),
    "CH": _("Switzerland"),
    "IT": _("Italy"),
    "ES": _("Spain"),
    "PT": _("Portugal"),
    "DK": _("Denmark"),
    "SE": _("Sweden"),
    "NO": _("Norway"),
    "FI": _("Finland"),
    "IS": _("Iceland"),
    "PL": _("Poland"),
    "CZ": _("Czechia"),
    "HU": _("Hungary"),
    "GR": _("Greece"),
    "TR": _("Türkiye"),
    "IL": _("Israel"),
    "AE": _("United Arab Emirates"),
    "ZA": _("South Africa"),
    "MX": _("Mexico"),
    "BR": _("Brazil"),
    "AR": _("Argentina"),
    "CL": _("Chile"),
}


def country_name(code: str) -> str:
    """The country's name in the active language; the code where we have no name."""
    return _named(get_language() or "").get(code, code)


def all_by_name() -> list[tuple[str, str]]:
    """(code, name) of every country that has a name here, by its name in the active language."""
    return sorted(_named(get_language() or "").items(), key=itemgetter(1))


@cache
def _named(language: str) -> dict[str, str]:
    """code → name, looked up once a language: a checkout shows them all."""
    with override(language or None):
        return {code: str(name) for code, name in COUNTRIES.items()}


def names_of(codes: Iterable[str]) -> str:
    """`Taiwan, Mainland China`."""
    return pgettext("between the items of a list", ", ").join(country_name(code) for code in codes)
