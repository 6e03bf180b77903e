"""A gift: the recipient is written to on the day that the giver chose, and takes seat and kit with an account of their own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.flows import learn_from_order
from courses.models import Enrolment
from kit import audit, outbox
from kit.clock import FALLBACK_ZONE, local_date, now
from shop.checkout.flows.errors import CannotRedeem
from shop.checkout.flows.handover import SEAT, STOCK, grant, is_over, renew_release
from shop.checkout.flows.tickets import grant_tickets
from shop.fulfilment.flows import create_shipments
from shop.orders.delivery import DeliveryData
from shop.orders.gifts import may_take_it_to, parcel_of_gift
from shop.orders.models import Delivery, Gift, Order, OrderComponent


def send_due_gifts(*, limit: int = 200) -> int:
    """Write to the recipients whose day has come; how many."""
    today = local_date(now(), FALLBACK_ZONE)
    due = Gift.objects.filter(order__state=Order.State.PAID, sent_at=None, cancelled_at=None, deliver_on__lte=today)
    return sum(_send(gift_id) for gift_id in due.order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _send(gift_id: int) -> bool:
    gift = Gift.objects.select_for_update(of=("self",)).get(pk=gift_id)
    if gift.sent_at is not None or gift.cancelled_at is not None:
        return False
    gift.sent_at = now()
    gift.save(update_fields=["sent_at"])
    outbox.write(topic="gift.mail", key=f"gift:{gift.pk}", payload={"gift": gift.pk})
    return True


@transaction.atomic
def redeem_gift(*, code: str, user: Any, delivery: DeliveryData | None = None) -> Gift:
    """Give seats and kit of a paid gift to `user`, once. The same person again: the same gift.

    Raises CannotRedeem where somebody has it already, it was taken back, the person has such a seat, or a kit has no address.
    """
    found = Gift.objects.filter(code=code).first()
    if found is None:
        raise CannotRedeem(_("We do not know this gift."))
    order = Order.objects.select_for_update(of=("self",)).get(pk=found.order_id)
    gift = Gift.objects.get(pk=found.pk)
    if gift.redeemed_by_id == user.pk:
        return gift
    _check_open(gift, order)
    rows = OrderComponent.objects.filter(line__order=order).select_related("line", "component__cohort", "component__sku")
    parts = rows.order_by("pk")
    kept = [part for part in parts if not (is_over(part) and part.net + part.tax)]
    _refuse_second_seat(kept, user)
    if any(part.kind == STOCK for part in kept):
        if delivery is None:
            raise CannotRedeem(_("Please say where the kit should go."))
        if not may_take_it_to(parcel_of_gift(order, kept), delivery):
            raise CannotRedeem(_("The kit is not sent to this address."))
        Delivery.objects.create(order=order, **delivery.as_fields())
    gift.redeemed_by, gift.redeemed_at = user, now()
    gift.save(update_fields=["redeemed_by", "redeemed_at"])
    for part in kept:
        if part.kind == SEAT:
            grant(order=order, part=part, user=user)
    grant_tickets(order=order, user=user)
    learn_from_order(user=user, name=gift.name or (delivery.name if delivery else ""), language="")
    create_shipments(order=order)
    renew_release(order=order)
    audit.record(actor=user, action="gift.redeemed", target=order.holder)
    return gift


def _check_open(gift: Gift, order: Order) -> None:
    if gift.redeemed_at is not None:
        raise CannotRedeem(_("This gift has been taken already."))
    if gift.cancelled_at is not None or order.state != Order.State.PAID:
        raise CannotRedeem(_("This gift is not there any more. Please ask who gave it."))


def _refuse_second_seat(parts: list[OrderComponent], user: Any) -> None:
    cohorts = [part.component.cohort_id for part in parts if part.kind == SEAT]
    if Enrolment.objects.filter(user=user, cohort__in=cohorts, state=Enrolment.State.ACTIVE).exists():
        raise CannotRedeem(_("You already have this seat. Somebody else may take the gift."))
