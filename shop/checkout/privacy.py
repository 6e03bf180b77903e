"""What the shop holds of a person, and what goes with them (kit.persons). Here, because it is the room that sees all."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kit import persons
from kit.clock import now
from shop.catalogue.personal import PersonalOffer
from shop.checkout.flows.errors import CannotOffer
from shop.checkout.flows.personal import end_personal_offer
from shop.fulfilment.models import Shipment
from shop.invoices.models import Paper
from shop.orders.models import Basket, CouponUse, Delivery, Gift, Order, OrderLine
from shop.payments.flows import name_account
from shop.payments.models import Refund
from shop.payments.reads import owed_by_bank
from shop.payouts.models import Earning, PayeeAccount, PayeeBank, Payout
from shop.referrals.models import Admission, Agreement, Channel, Click, Commission, Link, Objection

UNDER_WAY = [Order.State.AWAITING, Order.State.PROCESSING, Order.State.REVIEW]
ORDER = ("number", "state", "email", "name", "currency", "total", "placed_at", "paid_at")
ON_THE_WAY = [Shipment.State.TO_PACK, Shipment.State.SHIPPED, Shipment.State.ARRIVED]
PERSONAL = ("amount", "currency", "state", "created_at", "expires_at")
ADDRESS = ("name", "phone", "country", "region", "city", "district", "street", "postal_code", "chain", "store_code", "store_name")


def register_all() -> None:
    persons.register("shop", export=export, erase=erase)


def export(user: Any) -> dict[str, Any]:
    """Orders with lines and addresses, links and what they earned; amounts in minor units."""
    orders = Order.objects.filter(user=user)
    return {
        "orders": list(orders.values(*ORDER)),
        "lines": list(OrderLine.objects.filter(order__in=orders).values("order__number", "title", "quantity", "net", "tax")),
        "coupons": list(CouponUse.objects.filter(order__in=orders).values("order__number", "coupon__code")),
        "deliveries": list(Delivery.objects.filter(order__in=orders).values("order__number", *ADDRESS)),
        "refund_accounts": list(
            Refund.objects.filter(payment__order__in=orders).exclude(account="").values("payment__order__number", "account")
        ),
        "gifts": list(Gift.objects.filter(order__in=orders).values("order__number", "name", "email", "message", "deliver_on")),
        "invoices": list(
            Paper.objects.filter(order__in=orders).values("number", "order__number", "currency", "total", "issued_at")
        ),
        "links": list(Link.objects.filter(owner=user).values("code", "target", "channel", "created_at")),
        "commissions": list(Commission.objects.filter(payee=user).values("kind", "amount", "currency", "state")),
        "shares": list(Earning.objects.filter(payee=user).values("kind", "amount", "currency", "state")),
        "payouts": list(Payout.objects.filter(payee=user).values("amount", "currency", "state", "created_at", "paid_at")),
        "bank_accounts": list(PayeeBank.objects.filter(user=user).values("holder", "bank", "account", "created_at")),
        "channels": list(Channel.objects.filter(user=user).values("kind", "address", "registered_at")),
        "agreements": list(Agreement.objects.filter(user=user).values("programme__name", "accepted_at", "signature")),
        "disputes": list(Objection.objects.filter(attribution__referrer=user).values("attribution__order__number", "text")),
        "personal_offers": list(PersonalOffer.objects.filter(Q(buyer=user) | Q(seller=user)).values("offer__title", *PERSONAL)),
        "stripe_account": list(PayeeAccount.objects.filter(user=user).values("account_id", "country")),
    }


def erase(user: Any) -> None:
    """Names and addresses go, links stop; orders, amounts, country and ledger stay for the books, and so do
    invoices as they were issued: the law has them kept (Taiwan: 商業會計法 §38, five years).

    Raises CannotErase while a payment or a parcel is under way, or money is owed.
    """
    orders = Order.objects.filter(user=user)
    if orders.filter(state__in=UNDER_WAY).exists() or Shipment.objects.filter(order__in=orders, state__in=ON_THE_WAY).exists():
        raise persons.CannotErase(_("An order of yours is still on its way. You can leave once it has arrived."))
    if owed_by_bank(orders.values_list("pk", flat=True)).exists():
        raise persons.CannotErase(_("A refund of yours is still to be transferred. You can leave once it has left."))
    if _owed(user) > 0:
        raise persons.CannotErase(_("You have earned money that is not paid yet. You can leave once you have it."))
    _end_personal_offers(user)
    blank = {name: "" for name in ADDRESS if name != "country"}
    Delivery.objects.filter(order__in=orders).update(**blank)
    orders.update(name="", email=f"erased-{user.pk}@erased.invalid")
    Gift.objects.filter(Q(order__in=orders, sent_at__isnull=False) | Q(redeemed_by=user)).update(name="", email="", message="")
    Delivery.objects.filter(order__gift__redeemed_by=user).update(**blank)
    CouponUse.objects.filter(order__in=orders).update(person="")
    name_account(refunds=Refund.objects.filter(payment__order__in=orders), account="")
    Basket.objects.filter(user=user).delete()
    Agreement.objects.filter(user=user, ended_at=None).update(ended_at=now())
    PayeeAccount.objects.filter(user=user).delete()
    PayeeBank.objects.filter(user=user).delete()
    Channel.objects.filter(user=user).delete()
    Admission.objects.filter(user=user).delete()
    Objection.objects.filter(attribution__referrer=user).update(text="")
    Link.objects.filter(owner=user).update(label="")
    Link.objects.filter(owner=user, killed_at=None).update(killed_at=now())
    Click.objects.filter(user=user).update(user=None)


def _owed(user: Any) -> int:
    """Commission and shares that are not paid; one that Stripe is sending is not paid yet either."""
    commission = Commission.objects.filter(payee=user).exclude(state=Commission.State.PAID)
    shares = Earning.objects.filter(payee=user).exclude(state=Earning.State.PAID)
    return sum([*commission.values_list("amount", flat=True), *shares.values_list("amount", flat=True)])


def _end_personal_offers(user: Any) -> None:
    """What stands open for or by this person is over."""
    for offer in PersonalOffer.objects.filter(Q(buyer=user) | Q(seller=user), state=PersonalOffer.State.OPEN).order_by("pk"):
        try:
            end_personal_offer(offer=offer, actor=user)
        except CannotOffer as error:
            raise persons.CannotErase(str(error)) from error
