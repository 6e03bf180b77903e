"""From a basket to an order that holds everything it needs, or to a clear no."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kit.clock import now
from shop.catalogue.personal import as_personal
from shop.catalogue.reads import demand_of, wares
from shop.catalogue.shipping import Fee
from shop.checkout.flows.errors import CannotOrder, SoldOut
from shop.checkout.flows.expire import expire_order
from shop.checkout.flows.hold import hold
from shop.checkout.flows.personal import lock_for_basket, orders_taking, take_for_order
from shop.checkout.flows.wanted import consent_of, lines_of, refuse_second_seat, refuse_unreached, terms_of, without_kits
from shop.orders.coupons import CouponRefused, CouponUsedUp, Discount, discount_for
from shop.orders.delivery import DeliveryData
from shop.orders.einvoice import EInvoice
from shop.orders.flows import create_gift, create_order, take_coupon
from shop.orders.flows.create import Line
from shop.orders.gifts import GiftData
from shop.orders.models import Basket, Order
from shop.payments.flows import GRACE, SESSION_LIFE
from shop.payments.stripe import StripeUnavailable
from shop.referrals.flows import note_touches
from stock.flows import OutOfStock, lock_items

NO_FEE = Fee()


def place_order(
    *,
    basket: Basket,
    key: str,
    user: Any,
    email: str,
    language: str,
    name: str = "",
    delivery: DeliveryData | None = None,
    shipping: Fee = NO_FEE,
    visitor: UUID | None = None,
    coupon: str = "",
    recommended: str = "",
    country: str = "",
    gift: GiftData | None = None,
    kitless: bool = False,
    consent: bool = False,
    einvoice: EInvoice | None = None,
) -> Order:
    """An order of everything in the basket, with all of it reserved, or nothing at all.

    `key` comes from the form, so that sending it twice gives the same order. `shipping` is in the basket's
    currency; `visitor` is the referral cookie's token; `coupon` a code as typed, `recommended` that of a link;
    `country` where the buyer is, for the tax where nothing is sent. A `gift` has no delivery:
    the recipient names one. `kitless`: what has goods is sold without them, as the offer's course-only one (FullBasket
    shows it), because they are not sent where the buyer is; with a `delivery`, they must be sent there. `einvoice` is
    kept with the order as it was chosen. `consent`: the buyer knows that opening a lesson ends the time to change their
    mind, where an offer asks for that.
    Raises SoldOut and CannotOrder with a text for the buyer.
    """
    checkout_key = hashlib.sha256(f"{basket.token}:{key}".encode()).hexdigest()
    known = Order.objects.filter(checkout_key=checkout_key).first()
    if known is not None:
        return known
    buyer = user if user is not None and user.is_authenticated else None
    fields = {"user": buyer, "email": email, "language": language, "name": name, "delivery": delivery}
    fields |= {"country": country, "gift": gift, "kitless": kitless, "einvoice": einvoice, "consent": consent}
    fields |= {"recommended": recommended}
    fields |= {"shipping": shipping.amount, "shipping_tax_inclusive": shipping.tax_inclusive}
    _let_go_of_personal(basket)
    for last_try in (False, True):
        try:
            return _place(basket, checkout_key, fields, visitor, coupon)
        except IntegrityError:  # the same form came twice at once: the other one has made the order
            known = Order.objects.filter(checkout_key=checkout_key).first()
            if known is None:
                raise
            return known
        except OutOfStock as shortage:
            if last_try or not _let_go_of_older_orders(basket):
                raise SoldOut(_sold_out_text(basket, shortage)) from shortage
        except CouponUsedUp as refusal:
            if last_try or not _let_go_of_older_orders(basket):
                raise CannotOrder(str(refusal)) from refusal
        except CouponRefused as refusal:
            raise CannotOrder(str(refusal)) from refusal
    raise AssertionError("unreachable")


@transaction.atomic
def _place(basket: Basket, checkout_key: str, fields: Mapping[str, Any], visitor: UUID | None, code: str) -> Order:
    basket = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    rows = list(basket.lines.select_related("offer", "personal").order_by("pk"))
    found = as_personal([row.personal for row in rows], wares([row.offer for row in rows], basket.currency))
    fields = dict(fields)
    consent, recommended = fields.pop("consent"), fields.pop("recommended")
    if fields.pop("kitless"):
        found = without_kits(found, basket.currency)
    lines = lines_of(basket, rows, found)
    gift: GiftData | None = fields.pop("gift")
    einvoice: EInvoice | None = fields.pop("einvoice")
    if gift is None:
        refuse_second_seat(fields["user"], found)
    elif not all(ware.seats for ware in found):
        raise CannotOrder(_("Only courses can be given as a gift."))
    terms = terms_of(rows, found) | consent_of(found, consent)
    refuse_unreached(lines, found, fields["delivery"])
    place = next((row for row in rows if row.place), None)
    # An unpaid order of the same basket is superseded: the release job closes its payment page and frees what it holds.
    # Orders are locked before coupons, and these before stock, here as everywhere.
    Order.objects.filter(basket=basket, state=Order.State.AWAITING).update(hold_until=now())
    _let_go_of_hoarded(fields["user"], fields["email"])
    personal = lock_for_basket(rows, fields["user"])
    discount = _discount(basket, lines, code, fields) if code else None
    hold_until = now() + SESSION_LIFE + GRACE
    order = create_order(
        lines=lines,
        discounts=discount.shares if discount else (),
        currency=basket.currency,
        basket=basket,
        checkout_key=checkout_key,
        hold_until=hold_until,
        place=place.place if place else "",
        return_to=next((row.return_to for row in rows if row.return_to), ""),
        terms=terms | _chosen(discount, gift, einvoice) | ({"recommended": recommended} if recommended else {}),
        **fields,
    )
    if gift is not None:
        create_gift(order=order, data=gift)
    if discount is not None:
        take_coupon(order=order, discount=discount)
    pairs = list(zip(rows, found, strict=True))
    lock_items(refs=demand_of((part, row.quantity) for row, ware in pairs for part in ware.parts))
    demand = demand_of((part, row.quantity) for row, ware in pairs if not row.personal_id for part in ware.parts)
    hold(order=order, demand=demand, expires_at=hold_until)
    take_for_order(order=order, rows=rows, offers=personal, expires_at=hold_until)
    note_touches(order=order, visitor=visitor)
    return order


def _let_go_of_hoarded(user: Any, email: str) -> None:
    """Unpaid orders hold what others want: of one person's, the newest few stay, and the older ones end as superseded ones do.

    One that waits for a bank transfer holds for longer than a payment page lives, and is left alone.
    """
    moment = now()
    who = Q(email__iexact=email) | (Q(user=user) if user else Q(pk=None))
    held = Q(hold_until__gt=moment, hold_until__lte=moment + SESSION_LIFE + GRACE)
    waiting = Order.objects.filter(who, held, state=Order.State.AWAITING).order_by("-placed_at", "-pk")
    older = list(waiting.values_list("pk", flat=True)[settings.UNPAID_ORDERS_AT_ONCE - 1 :])
    Order.objects.filter(pk__in=older).update(hold_until=moment)


def _discount(basket: Basket, lines: Sequence[Line], code: str, fields: Mapping[str, Any]) -> Discount:
    # A price made for one person has no row of its own: a code takes nothing off it.
    amounts = [(offer.pk, price.amount * quantity if price.pk else 0) for offer, _bundle, price, quantity in lines]
    return discount_for(code, amounts, basket.currency, fields["user"], fields["email"], basket=basket, lock=True)


def _chosen(discount: Discount | None, gift: GiftData | None, einvoice: EInvoice | None) -> dict[str, Any]:
    """What only some orders have, frozen with the others' terms."""
    found: dict[str, Any] = {"coupon": discount.as_terms()} if discount else {}
    found |= {"gift": True} if gift else {}
    return found | ({"einvoice": einvoice.as_terms()} if einvoice else {})


def _let_go_of_personal(basket: Basket) -> None:
    """Unpaid orders of a personal offer that is in the basket end first: there is one of it. Raises CannotOrder."""
    offers = [pk for pk in basket.lines.values_list("personal", flat=True) if pk]
    older = {
        pk for offer in offers for pk in orders_taking(offer).filter(state=Order.State.AWAITING).values_list("pk", flat=True)
    }
    try:
        for pk in sorted(older):
            expire_order(order_id=pk, at_once=True)
    except StripeUnavailable as error:
        raise CannotOrder(_("The payment service does not answer at the moment. Please try again in a minute.")) from error


def _let_go_of_older_orders(basket: Basket) -> bool:
    """End unpaid orders of this basket, which may hold the very pieces wanted now. Whether one was ended."""
    older = list(Order.objects.filter(basket=basket, state=Order.State.AWAITING).values_list("pk", flat=True))
    try:
        ended = [expire_order(order_id=order_id, at_once=True) for order_id in older]
    except StripeUnavailable:
        return False
    return any(ended)


def _sold_out_text(basket: Basket, shortage: OutOfStock) -> str:
    rows = list(basket.lines.select_related("offer"))
    found = wares([row.offer for row in rows], basket.currency)
    title = next((ware.offer.title for ware in found for part in ware.parts if part.stock_ref == shortage.ref), "")
    if shortage.free > 0:
        text = _("Only %(left)s left of %(title)s. Nothing was reserved and you were not charged.")
    else:
        text = _("%(title)s has just been sold out. Nothing was reserved and you were not charged.")
    return text % {"title": title, "left": shortage.free}
