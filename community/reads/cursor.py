"""Places in a list that is ordered by moment and id, the newest first: kept in an address, read again from it."""

from datetime import UTC, datetime

from kit.clock import now

LONGEST_ID = 18
# Before everything.
NEWEST = (datetime.max.replace(tzinfo=UTC), 2**63 - 1)
Place = tuple[datetime, int]


def written(moment: datetime, pk: int) -> str:
    """The place after this row."""
    return f"{moment.timestamp():.6f}-{pk}"


def read(text: str) -> Place:
    """The place of a cursor; the beginning for none, and for one that somebody made up."""
    moment, _dash, pk = text.partition("-")
    try:
        if len(pk) > LONGEST_ID:
            return NEWEST
        return datetime.fromtimestamp(float(moment), tz=now().tzinfo), int(pk)
    except (ValueError, OverflowError, OSError):
        return NEWEST
