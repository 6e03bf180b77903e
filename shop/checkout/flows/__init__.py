"""The story of an order's money: whoever reads these files knows all that a payment, a refund or a dispute does."""

from shop.checkout.flows.accept import Acceptance, accept_order, preview_acceptance
from shop.checkout.flows.bank import (
    begin_transfer,
    confirm_refund_sent,
    confirm_transfer,
    name_refund_account,
    take_back_transfer,
)
from shop.checkout.flows.begin import begin_payment
from shop.checkout.flows.cancel import cancel_order, cancelling_means
from shop.checkout.flows.dispute import settle_dispute
from shop.checkout.flows.errors import (
    CannotAccept,
    CannotAnswer,
    CannotCancel,
    CannotConfirm,
    CannotOffer,
    CannotOrder,
    CannotPay,
    CannotRedeem,
    CannotRefund,
    CheckoutError,
    PaymentUnavailable,
    RefundDelayed,
    SoldOut,
)
from shop.checkout.flows.events import process_event, receive_event, sweep_missed_events, sweep_webhooks
from shop.checkout.flows.evidence import attach_paper, remove_paper, save_evidence, submit_evidence, warn_of_deadlines
from shop.checkout.flows.expire import expire_order, release_expired_orders
from shop.checkout.flows.gift import redeem_gift, send_due_gifts
from shop.checkout.flows.holiday import begin_holiday
from shop.checkout.flows.personal import end_personal_offer, expire_personal_offers, make_personal_offer
from shop.checkout.flows.place import place_order
from shop.checkout.flows.reconcile import Difference, reconcile_balance
from shop.checkout.flows.refund import refund_order, send_refund, send_waiting_refunds
from shop.checkout.flows.refund_preview import EVERYTHING, Preview, kit_only, preview_refund
from shop.checkout.flows.settle import settle_payment
from shop.checkout.flows.settle_refund import settle_refund
from shop.checkout.flows.shares import decide_credit, release_holds
from shop.checkout.flows.watch import audit_money

__all__ = [
    "EVERYTHING",
    "Acceptance",
    "CannotAccept",
    "CannotAnswer",
    "CannotCancel",
    "CannotConfirm",
    "CannotOffer",
    "CannotOrder",
    "CannotPay",
    "CannotRedeem",
    "CannotRefund",
    "CheckoutError",
    "Difference",
    "PaymentUnavailable",
    "Preview",
    "RefundDelayed",
    "SoldOut",
    "accept_order",
    "attach_paper",
    "audit_money",
    "begin_holiday",
    "begin_payment",
    "begin_transfer",
    "cancel_order",
    "cancelling_means",
    "confirm_refund_sent",
    "confirm_transfer",
    "decide_credit",
    "end_personal_offer",
    "expire_order",
    "expire_personal_offers",
    "kit_only",
    "make_personal_offer",
    "name_refund_account",
    "place_order",
    "preview_acceptance",
    "preview_refund",
    "process_event",
    "receive_event",
    "reconcile_balance",
    "redeem_gift",
    "refund_order",
    "release_expired_orders",
    "release_holds",
    "remove_paper",
    "save_evidence",
    "send_due_gifts",
    "send_refund",
    "send_waiting_refunds",
    "settle_dispute",
    "settle_payment",
    "settle_refund",
    "submit_evidence",
    "sweep_missed_events",
    "sweep_webhooks",
    "take_back_transfer",
    "warn_of_deadlines",
]
