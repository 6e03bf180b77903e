"""Does the buyer look like the referrer? (I14; DISTRIBUTION.md rule 5). Each sign alone is enough to hold."""

import re
import unicodedata

from accounts.emails import folded_email, verified_emails
from accounts.models import Address
from shop.orders.models import Delivery, Order
from shop.payments.models import Payment


def self_purchase(*, order: Order, referrer_id: int) -> str:
    """'' or the first sign found: own_account, same_email, same_card, same_address."""
    if order.user_id == referrer_id:
        return "own_account"
    if folded_email(order.email) in verified_emails(referrer_id):
        return "same_email"
    if _shares_card(order, referrer_id):
        return "same_card"
    return "same_address" if _shares_address(order, referrer_id) else ""


def _shares_card(order: Order, referrer_id: int) -> bool:
    cards = set(order.payments.exclude(fingerprint="").values_list("fingerprint", flat=True))
    return Payment.objects.filter(fingerprint__in=cards, order__user=referrer_id).exclude(order=order).exists()


def _shares_address(order: Order, referrer_id: int) -> bool:
    """The same door, however it is spelled; a convenience store is everybody's and tells nothing."""
    mine = Delivery.objects.filter(order=order, method=Delivery.Method.HOME).first()
    if mine is None:
        return False
    theirs = [
        *Address.objects.filter(user=referrer_id),
        *Delivery.objects.filter(order__user=referrer_id, method=Delivery.Method.HOME).exclude(order=order),
    ]
    return any(_door(mine) == _door(other) for other in theirs)


def _door(address: Delivery | Address) -> str:
    text = unicodedata.normalize("NFKC", f"{address.country}{address.region}{address.city}{address.district}{address.street}")
    return re.sub(r"[\W_]+", "", text).casefold()


def evidence_of(order: Order, sign: str) -> dict[str, str]:
    """What a reviewer sees of a self-purchase: enough to judge, and no more than the sign itself."""
    found = {"order": order.number, "sign": sign}
    if sign == "same_email":
        found["email"] = order.email
    if sign == "same_address" and (mine := Delivery.objects.filter(order=order).first()):
        found["address"] = f"{mine.city} {mine.district} {mine.street}".strip()
    if sign == "same_card":
        found["card"] = ", ".join(sorted(set(order.payments.exclude(fingerprint="").values_list("fingerprint", flat=True))))
    return found
