"""What the books and Stripe call by codes, in the reader's words. The codes stay as they are stored: rows never change.

A ledger's text is written in English, in one of the forms below; it is read back by that form and said anew.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Component
from shop.ledger.models import Account
from shop.payments.models import Payment, Refund

Words = Mapping[str, str | Promise]

ACCOUNTS: Words = {
    "stripe_clearing": _("Stripe's balance"),
    "disputes": _("disputed money"),
    "bank": _("bank"),
    "suspense": _("money not placed yet"),
    "refunds_pending": _("refunds under way"),
    "tax_payable": _("tax to be paid"),
    "commission_payable": _("commission to be paid"),
    "instructor_payable": _("teachers' shares to be paid"),
    "stripe_fees": _("Stripe's fees"),
    "commission_expense": _("commission"),
    "instructor_expense": _("teachers' shares"),
    "transfers": _("transfers to payees"),
    "exchange": _("currency exchange"),
    "revenue": _("revenue"),
}
ACCOUNT_KINDS: Words = {
    Account.Kind.ASSET: _("asset"),
    Account.Kind.LIABILITY: _("liability"),
    Account.Kind.INCOME: _("income"),
    Account.Kind.EXPENSE: _("expense"),
}
PAYMENTS: Words = {
    Payment.State.STARTED: _("being prepared"),
    Payment.State.OPEN: _("page open"),
    Payment.State.PROCESSING: _("under way at the bank"),
    Payment.State.SUCCEEDED: _("received"),
    Payment.State.FAILED: _("failed"),
    Payment.State.EXPIRED: _("ended unpaid"),
}
REFUNDS: Words = {
    Refund.State.STARTED: _("being sent to Stripe"),
    Refund.State.PENDING: _("under way at the bank"),
    Refund.State.REQUIRES_ACTION: _("waits for the buyer"),
    Refund.State.SUCCEEDED: _("refunded"),
    Refund.State.FAILED: _("failed"),
    Refund.State.CANCELLED: _("cancelled"),
}
# Why a credit is held (I14), said to the owner; shop/referrals/reads.py says it to the referrer.
HELD: Words = {
    "own_account": _("Placed with the referrer's own account."),
    "same_email": _("The buyer's e-mail address is the referrer's."),
    "same_card": _("Paid with a card that the referrer has used."),
    "same_address": _("It goes to the referrer's address."),
}
# Stripe's words for a dispute's state and reason (https://docs.stripe.com/api/disputes/object, read November 2026).
DISPUTES: Words = {
    "warning_needs_response": _("inquiry, needs an answer"),
    "warning_under_review": _("inquiry, being examined"),
    "warning_closed": _("inquiry closed"),
    "needs_response": _("needs an answer"),
    "under_review": _("being examined"),
    "appeal_needs_response": _("appeal, needs an answer"),
    "appeal_under_review": _("appeal, being examined"),
    "won": _("won"),
    "lost": _("lost"),
    "prevented": _("prevented"),
}
DISPUTE_REASONS: Words = {
    "bank_cannot_process": _("the bank cannot process it"),
    "check_returned": _("check returned"),
    "credit_not_processed": _("a refund did not arrive"),
    "customer_initiated": _("asked for by the buyer"),
    "debit_not_authorized": _("debit not authorised"),
    "duplicate": _("charged twice"),
    "fraudulent": _("said to be fraud"),
    "general": _("no reason given"),
    "incorrect_account_details": _("wrong account details"),
    "insufficient_funds": _("not enough money in the account"),
    "noncompliant": _("against the card network's rules"),
    "product_not_received": _("nothing arrived"),
    "product_unacceptable": _("not as described"),
    "subscription_canceled": _("subscription ended"),
    "unrecognized": _("payment not recognised"),
}
TRAIL: Words = {
    "data.exported": _("data taken as a file"),
    "order.cancelled": _("cancelled by the buyer"),
    "order.accepted": _("payment accepted in review"),
    "order.refunded": _("refunded"),
    "order.refund_failed": _("a refund failed"),
    "order.dispute_lost": _("dispute lost"),
    "dispute.answered": _("evidence sent to the bank"),
    "transfer.confirmed": _("transfer confirmed"),
    "transfer.taken_back": _("mistyped transfer taken back"),
    "refund.account": _("account for the refund named"),
    "refund.transferred": _("refund transferred"),
    "gift.redeemed": _("gift taken"),
    "delivery.changed": _("address changed"),
    "attribution.decided": _("credit decided"),
    "return.inspected": _("return inspected"),
    "return.received": _("return received"),
    "return.refused": _("return refused"),
    "shipment.printed": _("slip printed"),
    "shipment.split": _("parcel divided"),
    "shipment.shipped": _("parcel sent"),
    "shipment.tracking": _("carrier and number corrected"),
    "shipment.arrived": _("parcel at the store"),
    "shipment.delivered": _("parcel delivered"),
    "shipment.unclaimed": _("parcel came back unclaimed"),
    "shipment.stopped": _("parcel stopped"),
    "shipment.slip_taken_back": _("slip taken out of the pile"),
}
# What a webhook's note names: an exception's kind.
NOTES: Words = {"StripeUnavailable": _("Stripe did not answer; it is tried again")}
LEDGER_FORMS = (
    gettext_noop("Order %(number)s paid"),
    gettext_noop("Order %(number)s: payment accepted"),
    gettext_noop("Order %(number)s: money that cannot be placed"),
    gettext_noop("Order %(number)s: entry taken back"),
    gettext_noop("Order %(number)s: Stripe's fee"),
    gettext_noop("Order %(number)s: refund failed"),
    gettext_noop("Order %(number)s: refund returned"),
    gettext_noop("Order %(number)s: refund sent"),
    gettext_noop("Order %(number)s: refund"),
    gettext_noop("Order %(number)s: dispute money"),
    gettext_noop("Order %(number)s: lost dispute regained"),
    gettext_noop("Order %(number)s: dispute lost"),
    gettext_noop("Commission %(number)s"),
    gettext_noop("Teacher's share %(number)s"),
    gettext_noop("Stripe's balance: %(number)s"),
    gettext_noop("Payout %(number)s paid"),
    gettext_noop("Payout %(number)s failed"),
)
_PATTERNS = {form: re.compile(re.escape(form).replace(re.escape("%(number)s"), r"(\S+?)")) for form in LEDGER_FORMS}


def word(words: Words, code: str) -> str:
    """The code's word; a code that nobody translated is shown as it is."""
    return str(words.get(code, code))


def account_word(code: str) -> str:
    """`revenue:seat` → "revenue: seat"."""
    name, _colon, part = code.partition(":")
    if not part:
        return word(ACCOUNTS, name)
    parts: Words = {**dict(Component.Kind.choices), "shipping": _("delivery")}
    return gettext("%(account)s: %(part)s") % {"account": word(ACCOUNTS, name), "part": word(parts, part)}


def ledger_words(text: str) -> str:
    """A transaction's text in the active language; a text in no known form as it is stored."""
    for form, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            return gettext(form) % {"number": match[1]}
    return text
