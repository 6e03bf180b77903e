"""What a return's buyer is mailed: where to send it, and what became of it. Where no address is known, we write it ourselves."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.roles import OWNER, PACKER
from kit import outbox
from notices.flows import Words, notify_many, send_mail_in_language
from shop.fulfilment.models import Return
from shop.fulfilment.sender import sender
from shop.orders.links import absolute, order_path

TOPIC = "return.mail"


def tell_return(ret: Return) -> None:
    """Call it in the transaction that wrote the return down."""
    outbox.write(topic=TOPIC, key=ret.number, payload={"return": ret.pk})
    if not sender().address:
        _ask_staff(ret)


def tell_return_ended(ret: Return, reason: str = "") -> None:
    """It was looked at, or refused for `reason`. Call it in the transaction that wrote that down."""
    outbox.write(topic=TOPIC, key=f"{ret.number}:ended", payload={"return": ret.pk, "ended": True, "reason": reason})


@transaction.atomic
def send_return_mail(payload: dict[str, Any]) -> None:
    """Handler of `return.mail`: what comes back, under which number, to which address; or how it ended."""
    ret = Return.objects.select_related("order__user", "component__component__sku").get(pk=payload["return"])
    order = ret.order
    context = {"ret": ret, "order": order, "sender": sender(), "url": absolute(order_path(order))}
    context |= {"reason": payload.get("reason", ""), "is_here": ret.state == Return.State.RECEIVED}
    template = "shop/fulfilment/mail/return_ended" if payload.get("ended") else "shop/fulfilment/mail/return"
    send_mail_in_language(template=template, to=order.email, language=order.reader_language, context=context)


def _ask_staff(ret: Return) -> None:
    words = Words(
        _("Return %(number)s: write where to send it"),
        _("No address is set under “Who sells”, so the buyer was told that we write with it. %(email)s waits for that."),
        {"number": ret.number, "email": ret.order.email},
    )
    people = User.objects.filter(Q(groups__name=OWNER) | Q(groups__name=PACKER), is_active=True).distinct()
    notify_many(users=people, kind="stock", key=f"return:{ret.pk}", words=words, url=reverse("shop_returns"))
