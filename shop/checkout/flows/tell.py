"""Whom we tell about money: staff in their inbox, the buyer by mail in the language they read (guests too)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.roles import OWNER
from kit.money import format_money
from notices.flows import Words, notify, send_mail_in_language
from shop.orders.gifts import giver_of
from shop.orders.links import absolute, gift_path, order_path
from shop.orders.models import Gift, Order
from shop.payments.models import Payment, Refund

# What happened, and what to do.
STAFF_WORDS = {
    "mismatch": (
        _("Order %(number)s: the amount paid differs"),
        _("What was paid is not what was asked. Nothing was handed over: please accept the payment, or refund it."),
    ),
    "unfulfilled": (
        _("Order %(number)s: paid too late or twice, refunded"),
        _("The payment could not be fulfilled. All of it goes back to the buyer automatically."),
    ),
    "refund_failed": (
        _("Order %(number)s: a refund failed"),
        _(
            "The bank did not take the refund: the money is back in the Stripe balance and counts as not refunded. "
            "What had ended with it was given back to the buyer. If the money is still owed, refund once more."
        ),
    ),
    "refund_failed_short": (
        _("Order %(number)s: a refund failed, and something is gone"),
        _(
            "The bank did not take the refund: the money is back in the Stripe balance and counts as not refunded. "
            "Others have this by now, so it could not be given back: %(what)s. Refund it by another way, or make room."
        ),
    ),
    "refund_refused": (
        _("Order %(number)s: Stripe refused a refund"),
        _("Nothing was refunded and nothing has changed for the buyer."),
    ),
    "dispute_opened": (
        _("Order %(number)s: the buyer's bank disputes the payment"),
        _("Commission and parcels wait. Write down what proves the sale, and send it to the bank before the deadline."),
    ),
    "dispute_due": (
        _("Order %(number)s: the dispute has to be answered by %(what)s"),
        _("Without evidence the bank decides for the buyer. What is known is filled in already: read it, and send it."),
    ),
    "dispute_won": (_("Order %(number)s: dispute settled in our favour"), _("Commission and parcels go on.")),
    "dispute_lost": (
        _("Order %(number)s: dispute lost"),
        _("The money, its commission and the access that it paid for are gone."),
    ),
    "fraud_warning": (
        _("Order %(number)s: warning of fraud"),
        _("The card's issuer reports fraud. A refund now may spare a dispute."),
    ),
}


def tell_staff(*, order: Order, kind: str, key: str, what: str = "", url: str = "") -> None:
    """Something about an order's money needs an owner's eyes; once per key. `what` names what it is about; `url` leads
    there, to the order's page where it is empty."""
    title, body = STAFF_WORDS[kind]
    words = Words(title, body, {"number": order.number, "what": what})
    url = url or reverse("shop_order", args=[order.number])
    for person in User.objects.filter(groups__name=OWNER, is_active=True).order_by("pk"):
        notify(user=person, kind="money", key=key, words=words, url=url)


def send_paid_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.paid.mail`."""
    _mail_buyer("paid", payload["order"])


def send_unpaid_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.unpaid.mail`: a delayed payment failed; the order can be paid again."""
    _mail_buyer("unpaid", payload["order"])


def send_transfer_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.transfer.mail`: where to transfer to, with which reference, until when."""
    order = Order.objects.get(pk=payload["order"])
    if "transfer" in order.terms:
        _mail_buyer("transfer", order.pk)


def send_unfulfilled_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.unfulfilled.mail`: paid, but nothing is left; the money goes back."""
    _mail_buyer("unfulfilled", payload["order"], by_bank=payload.get("by_bank", False))


def send_refunded_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.refunded.mail`; one of a transfer is written of twice: when it is owed, and when it was `sent`."""
    refund = Refund.objects.select_related("payment").get(pk=payload["refund"])
    amount = format_money(refund.amount, refund.currency)
    how = "stripe" if refund.payment.method == Payment.Method.STRIPE else "sent" if payload.get("sent") else "owed"
    message = "" if how == "sent" else refund.message
    _mail_buyer("refunded", refund.payment.order_id, amount=amount, message=message, how=how)


def send_gift_mail(payload: dict[str, Any]) -> None:
    """Handler of `gift.mail`: to the recipient, in the giver's language; nothing where the gift is over meanwhile."""
    gift = Gift.objects.select_related("order").get(pk=payload["gift"])
    if not gift.is_open or not gift.email:
        return
    order = gift.order
    context = {"gift": gift, "giver": giver_of(order), "lines": order.lines.all(), "url": absolute(gift_path(gift))}
    send_mail_in_language(template="shop/checkout/mail/gift", to=gift.email, language=order.language, context=context)


def send_refund_failed_mail(payload: dict[str, Any]) -> None:
    """Handler of `order.refund_failed.mail`; `short`: something could not be given back to the buyer."""
    refund = Refund.objects.select_related("payment").get(pk=payload["refund"])
    amount = format_money(refund.amount, refund.currency)
    _mail_buyer("refund_failed", refund.payment.order_id, amount=amount, short=payload["short"])


def _mail_buyer(what: str, order_id: int, **more: Any) -> None:
    order = Order.objects.select_related("user").prefetch_related("lines").get(pk=order_id)
    guest = order.user is not None and not order.user.has_usable_password()
    context = {"order": order, "total": format_money(order.total, order.currency), "url": absolute(order_path(order)), **more}
    if guest:
        context["claim_url"] = absolute(reverse("account_request_login_code"))
    send_mail_in_language(template=f"shop/checkout/mail/{what}", to=order.email, language=order.reader_language, context=context)
