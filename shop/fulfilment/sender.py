"""Who sends parcels and takes back what returns: on slips and labels, and where a return goes."""

from dataclasses import dataclass

from django.conf import settings

from kit import slots


@dataclass(frozen=True)
class Sender:
    """`address` is lines, empty where the owner has written none down."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""

    @property
    def lines(self) -> list[str]:
        """Name, address, phone; what is empty is left out."""
        return [line for line in (self.name, *self.address, self.phone) if line]


def sender() -> Sender:
    """What the slot `parcel.sender` says ({"sender": {name, address, phone}}), or else the site's name. One query."""
    found: dict[str, str] = {}
    for _template, context in slots.contents("parcel.sender", None):
        found |= context["sender"]
    address = tuple(line.strip() for line in found.get("address", "").splitlines() if line.strip())
    return Sender(found.get("name", "").strip() or settings.WAGTAIL_SITE_NAME, address, found.get("phone", "").strip())
