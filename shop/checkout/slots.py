"""What payments and seats add to an order's page; its history is in timeline.py."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.urls import reverse

from courses.models import Enrolment
from kit.money import format_money
from shop.catalogue.models import Component
from shop.checkout.flows import cancelling_means
from shop.checkout.flows.handover import TO_COME
from shop.checkout.forms.account import AccountForm
from shop.orders.gifts import giver_of
from shop.orders.links import absolute, gift_path
from shop.orders.models import Gift, Order, OrderComponent
from shop.payments.reads import owed_by_bank


def fill_next(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: the class that was paid for, its first day, and the way in. One query."""
    if order.state != Order.State.PAID:
        return None
    # By cohort, not by source: who buys a seat twice keeps the first one.
    cohorts = OrderComponent.objects.filter(line__order=order, kind=Component.Kind.SEAT).values("component__cohort")
    mine = Enrolment.objects.filter(user=order.user_id, state=Enrolment.State.ACTIVE)
    live = mine.filter(Q(cohort__in=cohorts) | Q(source=order.holder, bought__in=cohorts))
    seats = list(live.select_related("cohort__course").order_by("pk"))
    if not seats:
        return None
    own = bool(request and request.user.is_authenticated and request.user.pk == order.user_id)
    return "shop/order_seats.html", {"seats": seats, "own": own, "learn": reverse("courses:learn")}


def fill_transfer(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: where to transfer to, with which reference, until when. No query."""
    waits = order.state == Order.State.PROCESSING and "transfer" in order.terms
    return ("shop/order_transfer.html", {"order": order}) if waits else None


def fill_owed(request: Any, orders: Collection[int]) -> tuple[str, dict[str, Any]]:
    """Slot order.owed: those of the orders whose refund is still to be transferred. One query."""
    return "shop/orders.html", {"owed": {refund.payment.order_id for refund in owed_by_bank(orders)}}


def fill_refund_account(request: Any, order: Order, key: str = "", **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: where a refund of a transfer is to be sent. One query at the most."""
    if "by_bank" not in order.terms:
        return None
    owed = list(owed_by_bank([order.pk]))
    if not owed:
        return None
    form = AccountForm(initial={"account": owed[0].account})
    amount = format_money(sum(refund.amount for refund in owed), owed[0].currency)
    return "shop/order_refund_account.html", {
        "order": order,
        "key": key,
        "form": form,
        "amount": amount,
        "named": owed[0].account,
    }


def fill_gift(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: a paid gift, its link, and whether it was taken."""
    if order.state != Order.State.PAID or not hasattr(order, "gift"):
        return None
    return "shop/order_gift.html", {"gift": order.gift, "link": absolute(gift_path(order.gift))}


def fill_gifts_coming(request: Any, user: Any, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot learn.side: the gifts that this person has taken and whose parcels are still to come. One query."""
    coming = Gift.objects.filter(redeemed_by=user, order__shipments__state__in=TO_COME).select_related("order")
    gifts = [(gift, giver_of(gift.order)) for gift in coming.distinct().order_by("pk")]
    return ("shop/gifts_coming.html", {"gifts": gifts}) if gifts else None


def fill_cancel(request: Any, order: Order, key: str = "", **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: cancelling, as long as that is possible. One query at the most."""
    means = cancelling_means(order)
    return ("shop/order_cancel.html", {"order": order, "key": key, "means": means}) if means else None
