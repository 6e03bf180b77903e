"""Offers made for one person: made by a seller in a conversation, held in stock, bought once by that person, or over.

Rows are locked after orders and before coupons and stock, here as everywhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.flows import send_message
from community.models import Conversation
from kit import audit
from kit.clock import now
from kit.locks import lock_rows
from kit.money import check_amount
from shop.catalogue.models import Offer
from shop.catalogue.personal import PersonalOffer, parts_of
from shop.catalogue.reads import demand_of, wares
from shop.checkout.flows.errors import CannotOffer, CannotOrder, PersonalOfferGone, SoldOut
from shop.checkout.flows.wanted import refuse_second_seat
from shop.orders.models import BasketLine, Order
from stock.flows import OutOfStock, hand_part, lock_items, release, reserve

State = PersonalOffer.State
# Orders by which one is being bought, or was.
TAKING = (Order.State.AWAITING, Order.State.PROCESSING, Order.State.REVIEW, Order.State.PAID)


@transaction.atomic
def make_personal_offer(
    *,
    seller: Any,
    conversation: Conversation,
    offer: Offer,
    amount: int,
    currency: str,
    expires_at: datetime,
    key: str,
    source: str = "",
) -> PersonalOffer:
    """Offer something of one's own to the other one of a conversation, for `amount` minor units, held until `expires_at`.

    `source` is said with it. The same seller and `key` give the same offer. Raises CannotOffer and SoldOut with a text for
    the seller, and as community's send_message; then nothing is held.
    """
    if known := PersonalOffer.objects.filter(seller=seller, key=key).first():
        return known
    buyer = conversation.asker if seller.pk == conversation.answerer_id else conversation.answerer
    bundle, tax_inclusive = _checked(seller, buyer, offer, amount, currency, expires_at)
    row = PersonalOffer.objects.create(
        offer=offer,
        bundle=bundle,
        seller=seller,
        buyer=buyer,
        conversation=conversation,
        amount=amount,
        currency=currency,
        tax_inclusive=tax_inclusive,
        expires_at=expires_at,
        created_at=now(),
        key=key,
    )
    try:
        reserve(demand=demand_for(row), holder=row.holder, expires_at=expires_at)
    except OutOfStock as shortage:
        raise SoldOut(_("There is not enough left of it to keep some for this person.")) from shortage
    thing = f"personal_offer:{row.pk}"
    send_message(author=seller, conversation=conversation, source=source, key=f"offer:{row.pk}", thing=thing)
    after = {"buyer": buyer.pk, "offer": offer.pk, "amount": amount, "currency": currency, "until": expires_at.isoformat()}
    audit.record(actor=seller, action="personal_offer.made", target=row.holder, after=after)
    return row


def _checked(seller: Any, buyer: Any, offer: Offer, amount: int, currency: str, expires_at: datetime) -> tuple[Any, bool]:
    """What is in it and whether its price contains the tax. Raises CannotOffer."""
    [ware] = wares([offer], currency)
    price = next((price for price in ware.prices if price.currency == currency), None)
    if offer.seller_id != seller.pk or ware.state in ("draft", "closed") or ware.bundle is None or price is None:
        raise CannotOffer(_("This is not for you to offer, or not for sale in this currency."))
    try:
        check_amount(amount, currency)
    except ValueError as error:
        raise CannotOffer(str(error)) from error
    if amount < 1:
        raise CannotOffer(_("A price is more than nothing."))
    if not now() < expires_at <= now() + timedelta(days=settings.PERSONAL_OFFER_MAX_DAYS):
        raise CannotOffer(_("It can stand for %(days)d days at most.") % {"days": settings.PERSONAL_OFFER_MAX_DAYS})
    try:
        refuse_second_seat(buyer, [ware])
    except CannotOrder as error:
        raise CannotOffer(_("This person has a seat in that class already.")) from error
    return ware.bundle, price.tax_inclusive


def demand_for(offer: PersonalOffer) -> dict[str, int]:
    """ref → pieces that are held for it."""
    return demand_of((part, 1) for part in parts_of([offer.bundle_id]).get(offer.bundle_id, []))


def lock_offers(ids: Sequence[int]) -> dict[int, PersonalOffer]:
    """By id, freshly read under their locks: whoever takes one, lets it expire or ends it goes through here."""
    return lock_rows(PersonalOffer.objects.all(), ids)


def end_personal_offer(*, offer: PersonalOffer, actor: Any) -> PersonalOffer:
    """The seller withdraws it, or the buyer declines: what it held is free. Raises CannotOffer while it is being paid."""
    state = State.WITHDRAWN if actor.pk == offer.seller_id else State.DECLINED
    with transaction.atomic():
        row = lock_offers([offer.pk])[offer.pk]
        if row.state != State.OPEN:
            return row
        if orders_taking(row.pk).exists():
            raise CannotOffer(_("It is being paid at this moment."))
        _end(row, str(state))
        audit.record(actor=actor, action=f"personal_offer.{state}", target=row.holder, before=str(State.OPEN), after=str(state))
    return row


def expire_personal_offers(*, limit: int = 200) -> int:
    """Offers whose time is over end and what they held is free; how many. One that is being paid waits for its order."""
    due = PersonalOffer.objects.filter(state=State.OPEN, expires_at__lte=now()).order_by("expires_at", "pk")
    return sum(expire_personal_offer(offer_id=pk) for pk in due.values_list("pk", flat=True)[:limit])


@transaction.atomic
def expire_personal_offer(*, offer_id: int) -> bool:
    row = lock_offers([offer_id])[offer_id]
    if row.state != State.OPEN or row.expires_at > now() or orders_taking(row.pk).exists():
        return False
    _end(row, str(State.EXPIRED))
    return True


def _end(row: PersonalOffer, state: str) -> None:
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at"])
    release(holder=row.holder)


def orders_taking(offer_id: int, *, besides: int | None = None) -> QuerySet[Order]:
    """Orders by which it is being bought, or was."""
    return Order.objects.filter(lines__personal=offer_id, state__in=TAKING).exclude(pk=besides)


def lock_for_basket(rows: Sequence[BasketLine], user: Any) -> dict[int, PersonalOffer]:
    """The personal offers of a basket's lines, locked, each one still this buyer's to take. Raises CannotOrder."""
    found = lock_offers([row.personal_id for row in rows if row.personal_id])
    for row in found.values():
        if user is None or user.pk != row.buyer_id or not row.is_open or orders_taking(row.pk).exists():
            raise CannotOrder(_("An offer that was made for you is over. Please take it out of your basket."))
    return found


def take_for_order(*, order: Order, rows: Sequence[BasketLine], offers: dict[int, PersonalOffer], expires_at: datetime) -> None:
    """The order's lines name the offers by which they were bought, and it holds what these held. Raises OutOfStock."""
    for row in rows:
        if row.personal_id:
            order.lines.filter(offer=row.offer_id).update(personal=row.personal_id)
            _hand(offers[row.personal_id], order, expires_at)


def _hand(offer: PersonalOffer, order: Order, expires_at: datetime) -> None:
    for ref, pieces in sorted(demand_for(offer).items()):
        if not hand_part(holder=offer.holder, to=order.holder, ref=ref, quantity=pieces, expires_at=expires_at):
            raise OutOfStock(ref, pieces, 0)


def claim_personal(order: Order) -> None:
    """Whether the personal offers in an order, locked before, may (still) be bought by it; what they hold passes to it.

    An order in time keeps what it took. One that had ended may begin anew only while the offer stands and nobody else
    takes it. Raises PersonalOfferGone.
    """
    ids = [pk for pk in order.lines.values_list("personal", flat=True) if pk]
    for row in lock_offers(ids).values():
        if orders_taking(row.pk, besides=order.pk).exists() or row.state not in (State.OPEN, State.PAID):
            raise PersonalOfferGone(_("The offer that was made for you is over."))
        if order.state in TAKING:
            continue
        if not row.is_open:
            raise PersonalOfferGone(_("The offer that was made for you is over."))
        _hand(row, order, order.hold_until)


def give_back_personal(order: Order) -> None:
    """An order ends unpaid: offers that still stand hold their pieces again, the others' become free with the order's.

    The order must be locked, its hold not yet released.
    """
    for row in lock_offers([pk for pk in order.lines.values_list("personal", flat=True) if pk]).values():
        if row.is_open:
            demand = demand_for(row)
            lock_items(refs=demand)
            for ref, pieces in sorted(demand.items()):
                hand_part(holder=order.holder, to=row.holder, ref=ref, quantity=pieces, expires_at=row.expires_at)


def note_personal_paid(order: Order) -> None:
    """The order is paid: its personal offers are used up."""
    for row in lock_offers([pk for pk in order.lines.values_list("personal", flat=True) if pk]).values():
        before, row.state, row.ended_at = row.state, State.PAID, now()
        row.save(update_fields=["state", "ended_at"])
        audit.record(actor=order.user, action="personal_offer.paid", target=row.holder, before=before, after=order.holder)
