"""What a printed slip says, as a fingerprint: whether the paper on the pile still tells the truth."""

import hashlib

from shop.fulfilment.models import Shipment
from shop.orders.models import Delivery

WRITTEN = ("method", "name", "phone", "country", "region", "city", "district", "street", "postal_code")
WRITTEN_STORE = ("chain", "store_code", "store_name")


def fingerprint(parcel: Shipment) -> str:
    """Recipient and contents, each as 20 hexadecimal digits: `<recipient>.<contents>`."""
    return f"{_digest(_recipient(parcel))}.{_digest(_contents(parcel))}"


def changed_since_print(parcel: Shipment) -> str:
    """'' (never printed, or still true), 'recipient' or 'contents': what the slip says wrongly now."""
    if parcel.printed_at is None or not parcel.printed_mark:
        return ""
    (recipient, contents), now = parcel.printed_mark.split("."), fingerprint(parcel).split(".")
    if recipient != now[0]:
        return "recipient"
    return "contents" if contents != now[1] else ""


def _recipient(parcel: Shipment) -> list[str]:
    delivery: Delivery | None = getattr(parcel.order, "delivery", None)
    return [str(getattr(delivery, name)) for name in (*WRITTEN, *WRITTEN_STORE)] if delivery else []


def _contents(parcel: Shipment) -> list[str]:
    return sorted(f"{line.component_id}×{line.quantity}" for line in parcel.lines.all())


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
