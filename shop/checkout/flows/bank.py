"""Payment by bank transfer: the order waits under its number as reference, staff confirm what the bank's statement says.

From there on it is a payment like Stripe's: the same flow settles it, puts aside what does not fit, and refunds are owed
until staff have sent them. The bank's own number of a movement is its provider id: twice confirmed is once.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit, outbox
from kit.clock import now
from kit.money import check_amount
from shop.checkout.flows.accept import settle_sum
from shop.checkout.flows.begin import check_payable, reopen
from shop.checkout.flows.errors import CannotConfirm, CannotPay
from shop.checkout.flows.postings import post_refund_sent_by_bank, post_unplaced_money
from shop.checkout.flows.settle import settle_payment
from shop.checkout.flows.settle_refund import settle_refund
from shop.orders.flows import take_from_basket
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments.models import Payment, Refund
from shop.payments.reads import bank_account, owed_by_bank
from shop.payments.shapes import RefundFacts, Session
from stock.flows import extend

BANK = Payment.Method.BANK


@transaction.atomic
def begin_transfer(*, order: Order) -> Payment:
    """Let the order wait for a transfer, everything in it held as long as the account's days say. Again: the same.

    Raises CannotPay where transfers are off for the currency, a payment page is open, or the order is paid or closed;
    SoldOut where its hold had ended.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    live = order.payments.filter(state__in=Payment.LIVE).order_by("-pk").first()
    if live is not None and live.method == BANK:
        return live
    check_payable(order)
    account = bank_account(order.currency)
    if account is None or live is not None or not order.total:
        raise CannotPay(_("This order cannot be paid by bank transfer."))
    until = now() + timedelta(days=account.days)
    payment = payments.start_transfer(order=order, expires_at=until)
    if order.state == Order.State.EXPIRED:
        order.hold_until = until
        reopen(order)
    order.state, order.hold_until = Order.State.PROCESSING, until
    order.terms["transfer"] = {"account": account.details, "until": until.isoformat()}
    order.save(update_fields=["state", "ended_at", "hold_until", "terms"])
    take_from_basket(order=order)
    extend(holder=order.holder, expires_at=until)
    outbox.write(topic="order.transfer.mail", key=f"payment:{payment.pk}", payload={"order": order.pk})
    return payment


@transaction.atomic
def confirm_transfer(*, reference: str, amount: int, statement: str, actor: Any) -> Order:
    """Staff found `amount` (minor units) with this reference in the bank's statement; `statement` is the bank's number of it.

    Transfers add up: once they reach the total they pay the order, and what is beyond is owed back. Less than that sends it
    to review; what comes late or twice is put aside and owed back. The same statement again changes nothing.
    Raises CannotConfirm.
    """
    order = Order.objects.select_for_update(of=("self",)).filter(number__iexact=reference.strip()).first()
    if order is None or not statement.strip():
        raise CannotConfirm(_("There is no order with this reference."))
    mark = f"bank:{statement.strip()}"
    known = Payment.objects.filter(provider_id=mark).first()
    if known is not None:
        if (known.order_id, known.amount) != (order.pk, amount):
            raise CannotConfirm(_("This movement was confirmed before, for another order or amount."))
        return order
    _check_amount(amount, order.currency)
    order.terms["by_bank"] = True  # its page asks for an account where money is to go back
    order.save(update_fields=["terms"])
    waiting = order.payments.filter(method=BANK, session_id=None).exclude(state=Payment.State.SUCCEEDED).order_by("-pk").first()
    payment = waiting or payments.start_transfer(order=order, expires_at=now())
    settle_payment(session=_received(payment, amount, mark))
    order.refresh_from_db()
    settle_sum(order=order, actor=actor)
    after = {"amount": amount, "currency": order.currency, "statement": statement.strip()}
    audit.record(actor=actor, action="transfer.confirmed", target=order.holder, after=after)
    order.refresh_from_db()
    return order


@transaction.atomic
def take_back_transfer(*, payment: Payment, actor: Any) -> Order:
    """A transfer was written down wrongly, and nothing was settled by it: as if it had never been. Raises CannotConfirm.

    Its postings are reversed, and its number of the bank's can be written down again. Without another transfer the order
    waits for one, as before.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=payment.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    received = payment.method == BANK and payment.state == Payment.State.SUCCEEDED
    if not received or order.state != Order.State.REVIEW or payment.refunds.filter(state__in=Refund.LIVE).exists():
        raise CannotConfirm(_("This transfer has settled something already: it can only be refunded."))
    before = {"amount": payment.amount, "currency": payment.currency, "statement": (payment.provider_id or "")[5:]}
    post_unplaced_money(order=order, payment=payment, back=True)
    payments.void_receipt(payment=payment)
    if not order.payments.filter(state=Payment.State.SUCCEEDED).exists():
        _wait_again(order)
    audit.record(actor=actor, action="transfer.taken_back", target=order.holder, before=before)
    return order


def _wait_again(order: Order) -> None:
    """An order that had ended before is ended again; another one waits a day at least."""
    if order.ended_at is not None:
        order.state = Order.State.EXPIRED
    else:
        order.state, order.hold_until = Order.State.PROCESSING, max(order.hold_until, now() + payments.DELAYED_HOLD)
        payments.start_transfer(order=order, expires_at=order.hold_until)
        extend(holder=order.holder, expires_at=order.hold_until)
    order.save(update_fields=["state", "hold_until"])


def _check_amount(amount: int, currency: str) -> None:
    try:
        check_amount(amount, currency)
    except ValueError as error:
        raise CannotConfirm(str(error)) from error
    if amount == 0:
        raise CannotConfirm(_("A transfer is more than nothing."))


def _received(payment: Payment, amount: int, mark: str) -> Session:
    """The bank's word in the shape that settling understands."""
    return Session(
        id=mark,
        status="complete",
        payment_status="paid",
        amount=amount,
        currency=payment.currency,
        expires_at=payment.expires_at,
        payment_key=payment.key,
        intent_id=mark,
    )


@transaction.atomic
def name_refund_account(*, order: Order, account: str, actor: Any) -> None:
    """The buyer says where what is owed is to be transferred, until it has left. Raises CannotConfirm."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not account.strip():
        raise CannotConfirm(_("Please write down the bank, the account number and its holder."))
    if not payments.name_account(refunds=owed_by_bank([order.pk]), account=account.strip()):
        raise CannotConfirm(_("There is no refund to be transferred any more."))
    # The account itself stays out of the trail, which is kept for good.
    audit.record(actor=actor, action="refund.account", target=order.holder)


@transaction.atomic
def confirm_refund_sent(*, refund: Refund, statement: str, actor: Any) -> Refund:
    """Staff have transferred a refund that was owed. Again: nothing. Raises CannotConfirm."""
    Order.objects.select_for_update(of=("self",)).get(pk=refund.payment.order_id)
    refund = Refund.objects.select_related("payment__order").get(pk=refund.pk)
    if refund.state == Refund.State.SUCCEEDED:
        return refund
    if refund.payment.method != BANK or refund.state != Refund.State.PENDING or not statement.strip():
        raise CannotConfirm(_("This refund is not one to be transferred."))
    facts = RefundFacts(
        id=refund.provider_id or "",
        state="succeeded",
        amount=refund.amount,
        currency=refund.currency,
        intent_id=refund.payment.provider_id or "",
        refund_key=refund.key,
    )
    settle_refund(facts=facts)
    post_refund_sent_by_bank(order=refund.payment.order, refund=refund)
    after = {"amount": refund.amount, "currency": refund.currency, "statement": statement.strip()}
    outbox.write(topic="order.refunded.mail", key=f"refund:{refund.pk}:sent", payload={"refund": refund.pk, "sent": True})
    audit.record(actor=actor, action="refund.transferred", target=refund.payment.order.holder, after=after)
    refund.refresh_from_db()
    return refund
