"""Telling the buyer: a mail to the order's address in the reader's language, guests too; and the inbox of an account.

Who took a gift is written to instead, where and how it is sent being their business; its giver finds it in the inbox.
"""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop as _

from kit import outbox
from notices.flows import Words, notify, send_mail_in_language
from notices.words import in_words
from shop.fulfilment.carriers import tracking_url
from shop.fulfilment.models import Shipment
from shop.fulfilment.rules import pick_up_until
from shop.orders.gifts import giver_of, taken_gift
from shop.orders.links import absolute, gift_path, order_path
from shop.orders.models import Delivery

CORRECTED, PICKED_UP, LATER = "corrected", "picked_up", "later"
# One line for what happened.
HEADLINES = {
    str(Shipment.State.SHIPPED): _("Your parcel is on its way (%(parcel)s)"),
    str(Shipment.State.ARRIVED): _("Your parcel is waiting at the store (%(parcel)s)"),
    str(Shipment.State.DELIVERED): _("Your parcel was delivered (%(parcel)s)"),
    PICKED_UP: _("You have picked up your parcel (%(parcel)s)"),
    str(Shipment.State.UNCLAIMED): _("Nobody fetched your parcel: it came back to us (%(parcel)s)"),
    str(Shipment.State.RESENT): _("We send your parcel again (%(parcel)s)"),
    LATER: _("Your parcel leaves later than planned (%(parcel)s)"),
    CORRECTED: _("Your parcel: how to follow it has changed (%(parcel)s)"),
}


# The same for the giver of a gift.
GIVEN = _("News of the parcel of your gift (%(parcel)s)")
FOR_GIVERS = {
    str(Shipment.State.SHIPPED): _("The parcel of your gift is on its way (%(parcel)s)"),
    str(Shipment.State.DELIVERED): _("The parcel of your gift has arrived (%(parcel)s)"),
    PICKED_UP: _("The parcel of your gift has arrived (%(parcel)s)"),
}


def tell_buyer(parcel: Shipment, *, news: str = "", key: str = "") -> None:
    """Say that the parcel reached its state, or `news` about it: once per key, which is the state unless given.

    Call it in the transaction that moved or changed the parcel.
    """
    news = news or str(parcel.state)
    key = key or f"{parcel.number}:{news}"
    outbox.write(topic="shipment.mail", key=key, payload={"shipment": parcel.pk, "state": news})
    gift = taken_gift(parcel.order)
    values = {"parcel": parcel.number, "number": parcel.order.number}
    if parcel.order.user is not None:
        title = FOR_GIVERS.get(news, GIVEN) if gift else HEADLINES[news]
        _notify(parcel.order.user, key, Words(title, _("Order %(number)s"), values), order_path(parcel.order))
    if gift is not None and gift.redeemed_by != parcel.order.user:
        body = _("The gift from %(giver)s")
        _notify(gift.redeemed_by, key, Words(HEADLINES[news], body, values | {"giver": giver_of(gift.order)}), gift_path(gift))


def _notify(user: Any, key: str, words: Words, url: str) -> None:
    notify(user=user, kind="order", key=f"parcel:{key}", words=words, url=url, email=False)


@transaction.atomic
def send_shipment_mail(payload: dict[str, Any]) -> None:
    """Handler of `shipment.mail`."""
    parcel = Shipment.objects.select_related("order__user").get(pk=payload["shipment"])
    gift = taken_gift(parcel.order)
    if gift is not None and not gift.redeemed_by.is_active:
        return
    language = (gift.redeemed_by.language if gift else "") or parcel.order.reader_language
    with translation.override(language):
        context = {
            "title": in_words(HEADLINES[payload["state"]], {"parcel": parcel.number}),
            "state": payload["state"],
            "parcel": parcel,
            "order": parcel.order,
            "lines": list(parcel.lines.select_related("component__component__sku")),
            "delivery": Delivery.objects.filter(order=parcel.order).first(),
            "until": pick_up_until(parcel),
            "follows": parcel.order.shipments.filter(state=Shipment.State.TO_PACK).exists(),
            "carrier": parcel.carrier_name,
            "tracking_url": tracking_url(parcel.carrier, parcel.tracking),
            "giver": giver_of(parcel.order) if gift else "",
            "url": absolute(gift_path(gift) if gift else order_path(parcel.order)),
        }
    send_mail_in_language(
        template="shop/fulfilment/mail/parcel",
        to=gift.redeemed_by.email if gift else parcel.order.email,
        language=language,
        context=context,
    )
