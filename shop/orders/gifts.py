"""What a giver says of a gift, as plain data on its way from a form to an order."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class GiftData:
    """`deliver_on` is the day on which the recipient is written to, in the site's zone."""

    name: str
    email: str
    message: str
    deliver_on: date
