"""All that a payment hands over, and all that its return takes back: whoever reads this file knows.

Called in the transaction that marks the order paid, or that takes money back, under the order's lock.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from accounts.flows import account_for_guest, learn_from_order
from accounts.models import User
from courses.flows import bought_seats, grant_seat, restore_seat, revoke_seat, seat_ref_of
from courses.models import Enrolment
from kit import outbox
from kit.clock import local_date, now
from shop.catalogue.models import Component
from shop.checkout.flows.tickets import end_ticket, grant_tickets, is_over, ticket_again, tickets_in
from shop.fulfilment.flows import begin_class_when_all_is_there, create_shipments, stop_shipments
from shop.fulfilment.models import Shipment
from shop.fulfilment.rules import goods_of, kept_pieces
from shop.orders.flows import clear_ordered
from shop.orders.models import Gift, Order, OrderComponent
from shop.payments.reads import parts_named
from shop.payouts.flows import set_shares_release, share_revenue
from shop.referrals.flows import accrue, attribute, set_release, tell_of_sale
from stock.flows import OutOfStock, consume, give_back, lock_items, reserve
from stock.reads import taken_pieces

SEAT, STOCK, TICKET = Component.Kind.SEAT, Component.Kind.STOCK, Component.Kind.TICKET
TO_COME = (Shipment.State.TO_PACK, Shipment.State.SHIPPED, Shipment.State.ARRIVED)


def hand_over(*, order: Order) -> None:
    """Account for a guest, seats, parcels, credit for who brought the buyer, shares for who teaches, mails.

    Stock is consumed before.
    """
    if order.user is None:
        order.user = account_for_guest(email=order.email, name=order.name, language=order.language)
        order.save(update_fields=["user"])
    learn_from_order(user=order.user, name=order.name, language=order.language)
    if gift_of(order) is None:  # a gift waits for its recipient: flows/gift.py
        for part in _seats(order):
            grant(order=order, part=part, user=order.user)
        grant_tickets(order=order, user=order.user)
        create_shipments(order=order)
    attribute(order=order)
    accrue(order=order)
    share_revenue(order=order)
    renew_release(order=order)
    tell_of_sale(order=order)
    clear_ordered(order=order)
    outbox.write(topic="order.paid.mail", key=order.holder, payload={"order": order.pk})


def take_back(*, order: Order) -> None:
    """End what has been paid back in full: seats, with what depends on them, and goods that have not left yet.

    A part is over once a refund or lost dispute names it and nothing of its price is left. Parcels that hold refunded
    pieces are stopped and what is still paid for is packed anew. Repeating it changes nothing.
    """
    _lock(order)
    named = parts_named(order)
    rows = OrderComponent.objects.filter(line__order=order, pk__in=named).order_by("pk")
    parts = list(rows.select_related("line", "component__cohort"))
    for part in parts:
        if part.kind == SEAT and is_over(part):
            _end_seat(order, part)
        if part.kind == TICKET and is_over(part):
            end_ticket(order, part)
    if goods := [part for part in parts if part.kind == STOCK and part.refunded_net + part.refunded_tax]:
        _stop_goods(order, goods)
        begin_class_when_all_is_there(order=order)
    _cancel_gift(order)
    renew_release(order=order)


def take_back_free(*, order: Order) -> None:
    """End an order that cost nothing and was cancelled: all of take_back, which goes by money that came back. The order must
    be locked, and no longer paid, so that nothing is packed anew.
    """
    _lock(order)
    for part in _seats(order):
        _end_seat(order, part)
    for part in tickets_in(order):
        end_ticket(order, part)
    stop_shipments(order=order)
    for ref in {piece.ref for piece in goods_of(list(OrderComponent.objects.filter(line__order=order)))}:
        if (spare := taken_pieces(order.holder, ref)) > 0:
            give_back(holder=order.holder, ref=ref, quantity=spare)
    Gift.objects.filter(order=order, redeemed_at=None, cancelled_at=None).update(cancelled_at=now())


def _lock(order: Order) -> None:
    """Everything in the order, its seats where they are now. A seat that is moved while we wait for its lock is locked, too:
    no more than one transfer of it can be under way.
    """
    refs = set(OrderComponent.objects.filter(line__order=order).values_list("ref", flat=True))
    lock_items(refs=refs | {_ref_now(order, part) for part in _seats(order)})
    lock_items(refs={_ref_now(order, part) for part in _seats(order)})


def _ref_now(order: Order, part: OrderComponent) -> str:
    """The stock item of a bought seat: another class's where the student was transferred."""
    assert part.component.cohort is not None
    return seat_ref_of(source=order.holder, cohort=part.component.cohort)


def gift_of(order: Order) -> Gift | None:
    """The gift that the order is, as it stands now."""
    return Gift.objects.filter(order=order).first()


def give_again(*, order: Order, parts: Collection[OrderComponent]) -> list[OrderComponent]:
    """Undo `take_back` for these parts, whose refund failed: seats with what depends on them, and goods packed anew.

    Returns the parts that could not be given, because others have those seats or goods by now. A day 1 that began
    meanwhile stays. Repeating it changes nothing.
    """
    if order.state != Order.State.PAID:
        return []
    _lock(order)
    paid = [part for part in parts if not is_over(part)]
    short = [part for part in paid if part.kind == SEAT and not _seat_again(order, part)]
    short += [part for part in paid if part.kind == TICKET and not ticket_again(order, part)]
    goods = [part for part in paid if part.kind == STOCK]
    try:
        with transaction.atomic():
            create_shipments(order=order)
    except OutOfStock:
        short += [part for part in goods if part.shipped < part.quantity]
    renew_release(order=order)
    return short


def _seat_again(order: Order, part: OrderComponent) -> bool:
    """Whether the buyer has a seat in the class now."""
    cohort = part.component.cohort
    assert cohort is not None
    kept = sum(other.quantity for other in _seats(order) if other.ref == part.ref and not is_over(other))
    ref = _ref_now(order, part)
    missing = kept - taken_pieces(order.holder, ref)
    if missing > 0:
        try:
            reserve(demand={ref: missing}, holder=order.holder, expires_at=now())
        except OutOfStock:
            live = Enrolment.objects.filter(user=order.user, state=Enrolment.State.ACTIVE)
            return live.filter(cohort=int(ref.partition(":")[2])).exists()
        consume(holder=order.holder)
    restore_seat(source=order.holder, cohort=cohort)
    return True


def renew_release(*, order: Order) -> None:
    """Say when the hold on commission and shares ends, by what has been delivered and what is still to come."""
    gift = gift_of(order)
    to_come = order.shipments.filter(state__in=TO_COME).exists() or bool(gift and gift.is_open)
    delivered_at = order.shipments.aggregate(last=Max("delivered_at"))["last"]
    moment = set_release(order=order, delivered_at=delivered_at, awaits_delivery=to_come)
    set_shares_release(order=order, moment=moment)


def _seats(order: Order) -> list[OrderComponent]:
    rows = OrderComponent.objects.filter(line__order=order, kind=SEAT).select_related("line", "component__cohort")
    return list(rows.order_by("pk"))


def grant(*, order: Order, part: OrderComponent, user: User) -> None:
    """A class that begins with its kit waits for it only where a kit was bought with it."""
    cohort = part.component.cohort
    assert cohort is not None
    has_kit = part.line.components.filter(kind=STOCK).exists()
    starts_on = None if has_kit else max(cohort.starts_on, local_date(now(), user.time_zone))
    grant_seat(user=user, cohort=cohort, source=order.holder, starts_on=starts_on)


def _end_seat(order: Order, part: OrderComponent) -> None:
    cohort = part.component.cohort
    assert cohort is not None
    ref = _ref_now(order, part)
    ended = revoke_seat(source=order.holder, cohort=cohort)
    kept = sum(other.quantity for other in _seats(order) if other.ref == part.ref and not is_over(other))
    spare = taken_pieces(order.holder, ref) - kept
    if spare > 0:
        give_back(holder=order.holder, ref=ref, quantity=spare)
        payload = {"cohort": int(ref.partition(":")[2])}
        outbox.write(topic="seat.freed", key=f"{order.holder}:{part.pk}", payload=payload)
    if ended and gift_of(order) is None:
        _grant_from_another_order(order, part)


def _grant_from_another_order(order: Order, part: OrderComponent) -> None:
    """Who bought the same seat twice and returns one keeps the other."""
    assert order.user is not None
    paid = Order.objects.filter(user=order.user, state=Order.State.PAID, gift=None).exclude(pk=order.pk)
    others = OrderComponent.objects.filter(kind=SEAT, ref=part.ref, line__order__in=paid)
    for other in others.select_related("line__order", "component__cohort").order_by("pk"):
        assert other.component.cohort is not None
        known = bought_seats(source=other.line.order.holder, cohort=other.component.cohort).filter(user=order.user)
        if not is_over(other) and not known.exists():
            grant(order=other.line.order, part=other, user=order.user)
            return


def _cancel_gift(order: Order) -> None:
    """A gift that nobody has taken: goods that were paid back go back to stock, and without its seats it is over."""
    gift = gift_of(order)
    if gift is None or not gift.is_open:
        return
    pieces = list(OrderComponent.objects.filter(line__order=order).order_by("pk"))
    for ref in {piece.ref for piece in goods_of(pieces)}:
        kept = sum(kept_pieces(piece, pieces) for piece in pieces if piece.ref == ref)
        if (spare := taken_pieces(order.holder, ref) - kept) > 0:
            give_back(holder=order.holder, ref=ref, quantity=spare)
    if all(is_over(seat) for seat in pieces if seat.kind == SEAT):
        gift.cancelled_at = now()
        gift.save(update_fields=["cancelled_at"])


def _stop_goods(order: Order, goods: Collection[OrderComponent]) -> None:
    waiting = {line.component_id for row in order.shipments.filter(state=Shipment.State.TO_PACK) for line in row.lines.all()}
    chosen = [part for part in goods if part.pk in waiting]
    if chosen and stop_shipments(order=order, components=chosen):
        create_shipments(order=order)
