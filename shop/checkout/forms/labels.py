"""What the parts of an address are called, by the kinds that Google's address data name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, str | Promise] = {
    "county": _("City or county"),
    "province": _("Province"),
    "state": _("State"),
    "prefecture": _("Prefecture"),
    "area": _("Area"),
    "do_si": _("Province or metropolitan city"),
    "department": _("Department"),
    "city": pgettext_lazy("address", "City"),
    "district": pgettext_lazy("address", "District"),
    "post_town": _("Post town"),
    "suburb": _("Suburb"),
    "village_township": _("Village or township"),
    "postal": _("Postcode"),
    "zip": _("ZIP code"),
    "street": _("Street, number, floor"),
}
AUTOCOMPLETE = {
    "region": "address-level1",
    "city": "address-level2",
    "district": "address-level3",
    "street": "street-address",
    "postal_code": "postal-code",
}
REQUIRED = _("Please fill this in.")
CHOOSE = _("Please choose.")
INVALID = {
    "postal_code": _("This postcode does not belong to the area chosen."),
    "country": _("We do not send there."),
}
INVALID_CHOICE = _("Please choose one of the list.")


def label_of(name: str, kind: str) -> str | Promise:
    """The label of an address field of ours, of a kind of theirs."""
    return KINDS.get(kind if name != "street" else "street", KINDS["city"])
