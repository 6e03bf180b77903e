"""What can go wrong for a buyer or for staff. Each error's text is for the person who sees it."""


class CheckoutError(Exception):
    """Something cannot be done; `str(error)` says it to the person, in their language."""


class CannotOrder(CheckoutError):
    """The basket cannot become an order."""


class SoldOut(CannotOrder):
    """Somebody else was quicker. Nothing was reserved and nobody is charged."""


class CannotOffer(CheckoutError):
    """A seller's offer for one person does not come about; nothing is held."""


class PersonalOfferGone(CheckoutError):
    """What an order buys was offered to its buyer alone, and that is over or used up."""


class CannotPay(CheckoutError):
    """The order cannot be paid (any more, or yet)."""


class PaymentUnavailable(CheckoutError):
    """Stripe does not answer now. The order is kept; trying again is safe."""


class CannotAccept(CheckoutError):
    """The order in review cannot settle as paid; nothing has changed."""


class CannotAnswer(CheckoutError):
    """Evidence cannot be kept any more, or Stripe has not taken it: then it is kept as a draft."""


class CannotCancel(CheckoutError):
    """The order is beyond cancelling; nothing has changed."""


class CannotConfirm(CheckoutError):
    """What staff found in the bank's statement fits nothing; nothing was written down."""


class CannotRedeem(CheckoutError):
    """The gift cannot be taken (any more, or by this person)."""


class CannotRefund(CheckoutError):
    """The refund was not begun; no money moved."""


class RefundDelayed(CheckoutError):
    """Stripe did not answer. The refund is written down and will be sent again by the same key."""
