"""What we know already that speaks against a dispute: filled in before anybody writes, in English, which every bank reads."""

from collections.abc import Iterable, Sequence

from django.utils import timezone, translation

from courses.models import Enrolment, ProgressEvent
from kit.clock import zone
from kit.money import format_money
from shop.fulfilment.carriers import carrier_name
from shop.fulfilment.models import Shipment
from shop.fulfilment.reads import address_lines
from shop.orders.models import Order
from shop.payments.models import Dispute

# Stripe's limit for each text (https://docs.stripe.com/api/disputes/update).
LONGEST = 20_000
SHOWN = 250


def first_draft(dispute: Dispute) -> dict[str, str]:
    """Stripe's name of a field → text, as far as order, parcels and lessons know. A fixed number of queries."""
    order = dispute.payment.order
    with translation.override("en"):
        sent = list(Shipment.objects.filter(order=order, shipped_at__isnull=False).order_by("pk"))
        texts = {
            "product_description": _product(order),
            "customer_name": order.name,
            "customer_email_address": order.email,
            "access_activity_log": _activity(order),
            "service_date": _first_day(order),
            "refund_policy_disclosure": _policy(order),
            **(_parcels(order, sent) if sent else {}),
        }
    return {name: text[:LONGEST] for name, text in texts.items() if text}


def _product(order: Order) -> str:
    lines = []
    for line in order.lines.prefetch_related("components"):
        parts = ", ".join(f"{part.quantity} x {part.title}" for part in line.components.all())
        lines.append(f"{line.quantity} x {line.title} ({parts}), {format_money(line.net + line.tax, order.currency)}")
    return "\n".join(lines)


def _seats(order: Order) -> "Sequence[Enrolment]":
    return list(Enrolment.objects.filter(source=order.holder).order_by("pk"))


def _first_day(order: Order) -> str:
    days = [seat.starts_on for seat in _seats(order) if seat.starts_on]
    return min(days).isoformat() if days else ""


def _activity(order: Order) -> str:
    """One line a lesson that was opened or completed, in UTC, the newest left out where there are too many."""
    events = ProgressEvent.objects.filter(enrolment__in=_seats(order)).select_related("lesson").order_by("at", "pk")
    rows = [f"{event.at:%Y-%m-%d %H:%M} UTC  {event.get_kind_display()}: {event.lesson.title}" for event in events[: SHOWN + 1]]
    if len(rows) > SHOWN:
        rows[SHOWN:] = [f"(and {events.count() - SHOWN} more)"]
    return "\n".join(rows)


def _policy(order: Order) -> str:
    days, placed = order.terms.get("refund_days", 0), timezone.localtime(order.placed_at, zone("UTC"))
    return (
        f"The checkout page showed the policy above the pay button, and the buyer ticked that they had read it, on "
        f"{placed:%Y-%m-%d %H:%M} UTC: everything back for {days} days after paying, "
        f"goods back within {order.terms.get('return_days', 0)} days of delivery."
    )


def _parcels(order: Order, sent: Iterable[Shipment]) -> dict[str, str]:
    """Several carriers, numbers and days are separated by commas, as Stripe asks."""
    delivery = getattr(order, "delivery", None)
    return {
        "shipping_carrier": _joined(carrier_name(parcel.carrier) for parcel in sent),
        "shipping_tracking_number": _joined(parcel.tracking for parcel in sent),
        "shipping_date": _joined(f"{parcel.shipped_at:%Y-%m-%d}" for parcel in sent),
        "shipping_address": "\n".join([delivery.name, *address_lines(delivery)]) if delivery else "",
    }


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))
