"""What payments, parcels and seats add to an order's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Enrolment
from kit.money import format_money
from shop.catalogue.models import Component
from shop.checkout.flows import cancelling_means
from shop.fulfilment.carriers import carrier_name, tracking_url
from shop.fulfilment.models import Return, Shipment
from shop.orders.links import absolute, gift_path
from shop.orders.models import Order, OrderComponent
from shop.orders.moments import Moment
from shop.payments.models import Refund

TIMELINE = "shop/order.html"


def fill_moments(request: Any, order: Order) -> tuple[str, dict[str, Any]] | None:
    """Slot order.moments: parcels, returns and refunds in the order's history. Three queries."""
    if order.paid_at is None:
        return None
    found: list[Moment] = []
    for parcel in Shipment.objects.filter(order=order):
        found.extend(_parcel_moments(parcel))
    for back in Return.objects.filter(order=order, shipment=None).select_related("component"):
        found.extend(_return_moments(back))
    for refund in Refund.objects.filter(payment__order=order):
        found.extend(_refund_moments(refund))
    return TIMELINE, {"moments": found}


def _parcel_moments(parcel: Shipment) -> list[Moment]:
    found = []
    if parcel.shipped_at:
        text = " ".join(part for part in (carrier_name(parcel.carrier), parcel.tracking) if part)
        href = tracking_url(parcel.carrier, parcel.tracking)
        found.append(Moment(parcel.shipped_at, _("Parcel sent"), text, icon="truck", href=href))
    if parcel.arrived_at:
        found.append(Moment(parcel.arrived_at, _("Parcel waits at the store"), icon="store"))
    if parcel.delivered_at:
        found.append(
            Moment(parcel.delivered_at, _("Parcel picked up") if parcel.arrived_at else _("Parcel delivered"), icon="box")
        )
    if parcel.unclaimed_at:
        text = _("Its goods are sent again.") if parcel.state == Shipment.State.RESENT else ""
        found.append(Moment(parcel.unclaimed_at, _("Parcel came back, as nobody fetched it"), text, icon="return"))
    return found


def _return_moments(back: Return) -> list[Moment]:
    found = [Moment(back.requested_at, _("Return asked for"), back.component.title, icon="return")]
    if back.received_at and back.state == Return.State.RECEIVED:
        found.append(Moment(back.received_at, _("Return arrived with us"), back.component.title, icon="return"))
    return found


def _refund_moments(refund: Refund) -> list[Moment]:
    amount = format_money(refund.amount, refund.currency)
    if refund.state == Refund.State.SUCCEEDED and refund.settled_at:
        text = _("It goes back the way it came; banks take some days.")
        return [Moment(refund.settled_at, _("%(amount)s refunded") % {"amount": amount}, text, icon="coin")]
    if refund.state in {Refund.State.PENDING, Refund.State.REQUIRES_ACTION, Refund.State.STARTED}:
        return [Moment(refund.created_at, _("%(amount)s on its way back to you") % {"amount": amount}, icon="coin", state="now")]
    return []


def fill_next(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: the class that was paid for, its first day, and the way in. One query."""
    if order.state != Order.State.PAID:
        return None
    # By cohort, not by source: who buys a seat twice keeps the first one.
    cohorts = OrderComponent.objects.filter(line__order=order, kind=Component.Kind.SEAT).values("component__cohort")
    live = Enrolment.objects.filter(user=order.user_id, cohort__in=cohorts, state=Enrolment.State.ACTIVE)
    seats = list(live.select_related("cohort__course").order_by("pk"))
    if not seats:
        return None
    own = bool(request and request.user.is_authenticated and request.user.pk == order.user_id)
    return "shop/order_seats.html", {"seats": seats, "own": own, "learn": reverse("courses:learn")}


def fill_transfer(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: where to transfer to, with which reference, until when. No query."""
    waits = order.state == Order.State.PROCESSING and "transfer" in order.terms
    return ("shop/order_transfer.html", {"order": order}) if waits else None


def fill_gift(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: a paid gift, its link, and whether it was taken."""
    if order.state != Order.State.PAID or not hasattr(order, "gift"):
        return None
    return "shop/order_gift.html", {"gift": order.gift, "link": absolute(gift_path(order.gift))}


def fill_cancel(request: Any, order: Order, key: str = "", **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: cancelling, as long as that is possible. One query at the most."""
    means = cancelling_means(order)
    return ("shop/order_cancel.html", {"order": order, "key": key, "means": means}) if means else None
