"""What is known of the parcels that seats wait for."""

from collections.abc import Iterable

from courses.models import Enrolment
from kit import slots


def sent_for(seats: Iterable[Enrolment]) -> set[str]:
    """Of seats that wait for a kit, the sources whose parcel has left (slot `learn.parcel`: {"sent": {source, …}})."""
    waiting = {seat.source for seat in seats if seat.starts_on is None}
    found: set[str] = set()
    for _template, context in slots.contents("learn.parcel", None, sources=waiting) if waiting else ():
        found |= context["sent"]
    return found
