"""Baskets. They belong to a cookie's token or to an account, and outlive an unpaid order: nothing is lost on the way."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kit.prepared import Given, prepared
from shop.catalogue.kept import as_kept_for
from shop.catalogue.models import Offer
from shop.catalogue.personal import PersonalOffer, as_personal
from shop.catalogue.reads import wares
from shop.orders.access import basket_of
from shop.orders.models import Basket, BasketLine, Order

MOST_OF_ONE = 20


class CannotAdd(Exception):
    """The offer cannot go into this basket; the text is for the buyer."""


def open_basket(*, user: Any, token: UUID | None) -> Basket:
    """The account's basket, or the one behind the token, or a new one."""
    found = basket_of(user, token)
    if found is None and user.is_authenticated:
        return Basket.objects.get_or_create(user=user, defaults={"currency": settings.SHOP_CURRENCY})[0]
    return found or Basket.objects.create(currency=settings.SHOP_CURRENCY)


@transaction.atomic
def add_to_basket(
    *, basket: Basket, offer: Offer, quantity: int = 1, place: str = "", return_to: str = "", currency: str = ""
) -> BasketLine:
    """Put an offer in, or more of it; an offer with a seat stays at one. `currency`: in which the buyer would pay, where
    they chose one. Raises CannotAdd with a text for the buyer.
    """
    [ware] = as_kept_for(basket.user_id, wares([offer], currency or basket.currency))
    if not ware.buyable or ware.price is None:
        raise CannotAdd(_("%(title)s cannot be bought at the moment.") % {"title": offer.title})
    basket = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    if ware.price.currency != basket.currency:
        _follow_currency(basket, ware.price.currency, offer)
    line = next(iter(_line(basket=basket.pk, offer=offer.pk)), None) or BasketLine(basket=basket, offer=offer, quantity=0)
    most = 1 if ware.one_each or line.personal_id else MOST_OF_ONE
    line.quantity = max(1, min(line.quantity + quantity, most))
    line.place, line.return_to = place or line.place, return_to or line.return_to
    line.save()
    return line


@prepared
def _line() -> QuerySet[BasketLine]:
    return BasketLine.objects.filter(basket=Given("basket"), offer=Given("offer"))


def _follow_currency(basket: Basket, currency: str, offer: Offer) -> None:
    """An order has one currency (I8): the basket takes the offer's where all that is in it is sold in it, too."""
    if _not_sold_in(currency, list(basket.lines.select_related("offer", "personal").exclude(offer=offer))):
        text = _("%(title)s is sold in %(currency)s. Please pay for your basket first.")
        raise CannotAdd(text % {"title": offer.title, "currency": currency})
    basket.currency = currency
    basket.save(update_fields=["currency"])


@transaction.atomic
def choose_currency(*, basket: Basket, currency: str) -> None:
    """The buyer pays in another currency. Raises CannotAdd where something in the basket is not sold in it."""
    basket = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    without = _not_sold_in(currency, list(basket.lines.select_related("offer", "personal")))
    if without:
        raise CannotAdd(_("%(title)s is not sold in %(currency)s.") % {"title": without[0].title, "currency": currency})
    basket.currency = currency
    basket.save(update_fields=["currency"])


@transaction.atomic
def add_personal(*, basket: Basket, offer: PersonalOffer, return_to: str) -> BasketLine:
    """Put an offer made for the basket's owner in, in place of the same offer at its usual price. Raises CannotAdd."""
    basket = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    offer = PersonalOffer.objects.select_related("offer").get(pk=offer.pk)
    [ware] = as_personal([offer], wares([offer.offer], offer.currency))
    if basket.user_id != offer.buyer_id or not ware.buyable:
        raise CannotAdd(_("%(title)s cannot be bought at the moment.") % {"title": offer.offer.title})
    if basket.currency != offer.currency:
        _follow_currency(basket, offer.currency, offer.offer)
    values = {"quantity": 1, "personal": offer, "return_to": return_to}
    return BasketLine.objects.update_or_create(basket=basket, offer=offer.offer, defaults=values)[0]


def _not_sold_in(currency: str, lines: list[BasketLine]) -> list[Offer]:
    found = as_personal([line.personal for line in lines], wares([line.offer for line in lines], currency))
    return [ware.offer for ware in found if ware.price is None or ware.price.currency != currency]


@transaction.atomic
def set_quantity(*, basket: Basket, offer_id: int, quantity: int) -> None:
    """How many of an offer are in the basket; none takes it out. An offer with a seat stays at one."""
    rows = BasketLine.objects.select_for_update(of=("self",)).select_related("offer")
    line = rows.filter(basket=basket, offer=offer_id).first()
    if line is None:
        return
    if quantity < 1:
        line.delete()
        return
    is_one = line.personal_id is not None or wares([line.offer], basket.currency)[0].one_each
    line.quantity = min(quantity, 1 if is_one else MOST_OF_ONE)
    line.save(update_fields=["quantity"])


@transaction.atomic
def claim_basket(*, user: Any, token: UUID) -> None:
    """At sign-in: what a guest gathered joins the account's basket. Quantities become the larger of the two.

    Where the two baskets speak different currencies, the one just filled wins: it is what the person is buying now.
    """
    guest = Basket.objects.select_for_update(of=("self",)).filter(token=token, user=None).first()
    if guest is None:
        return
    own = Basket.objects.select_for_update(of=("self",)).filter(user=user).first()
    if own is None:
        guest.user = user
        guest.save(update_fields=["user", "updated_at"])
        return
    new_lines = list(guest.lines.all())
    if new_lines and own.currency != guest.currency:
        own.lines.all().delete()
        own.currency = guest.currency
        own.save(update_fields=["currency", "updated_at"])
    kept = {line.offer_id: line for line in own.lines.all()}
    for line in new_lines:
        mine = kept.get(line.offer_id) or BasketLine(basket=own, offer_id=line.offer_id, quantity=0)
        mine.quantity = max(mine.quantity, line.quantity)
        mine.place, mine.return_to = line.place or mine.place, line.return_to or mine.return_to
        mine.save()
    Order.objects.filter(basket=guest).update(basket=own)
    guest.delete()


@transaction.atomic
def clear_ordered(*, order: Order) -> None:
    """Once an order is paid: take what it bought out of the basket it came from, and leave the rest. Safe to repeat."""
    _clear(order)
    Order.objects.filter(pk=order.pk).update(basket=None)
    order.basket = None


def _clear(order: Order) -> None:
    if order.basket_id is not None:
        offers = list(order.lines.values_list("offer_id", flat=True))
        bought = Q(offer__in=offers) | Q(offer__without_kit__in=offers)
        BasketLine.objects.filter(bought, basket=order.basket_id).delete()


@transaction.atomic
def take_from_basket(*, order: Order) -> None:
    """While its payment is under way, what is ordered is not in the basket: nobody orders it twice. The order must be locked."""
    if order.basket_id is not None:
        _clear(order)
        order.terms["basket"], order.basket = order.basket_id, None
        order.save(update_fields=["terms", "basket"])


@transaction.atomic
def return_to_basket(*, order: Order) -> None:
    """The payment did not come: what was ordered is in its basket again, if that is still there. The order must be locked."""
    if "basket" not in order.terms:
        return
    order.basket = Basket.objects.select_for_update(of=("self",)).filter(pk=order.terms.pop("basket")).first()
    order.save(update_fields=["terms", "basket"])
    if order.basket is None or (order.basket.currency != order.currency and order.basket.lines.exists()):
        return
    order.basket.currency = order.currency
    order.basket.save(update_fields=["currency", "updated_at"])
    for line in order.lines.order_by("pk"):
        kept = {"quantity": line.quantity, "place": order.place, "return_to": order.return_to, "personal_id": line.personal_id}
        order.basket.lines.get_or_create(offer_id=line.offer_id, defaults=kept)
