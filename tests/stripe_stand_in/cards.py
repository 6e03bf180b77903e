"""Card numbers of the test page. Numbers with a meaning of their own: https://docs.stripe.com/testing."""

import hashlib
import string
from typing import Any

from .errors import ApiError

GOOD = "4242424242424242"
DECLINES = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000009987": "lost_card",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
    "4000000000000119": "processing_error",
}
THREE_D_SECURE = frozenset({"4000002760003184", "4000002500003155", "4000000000003220"})
DISPUTED = {"4000000000000259": "fraudulent", "4000000000002685": "product_not_received"}
REFUND_PENDING = "4000000000007726"
REFUND_FAILS = "4000000000005126"
NAMED = {
    "pm_card_visa": GOOD,
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_pendingRefund": REFUND_PENDING,
    "pm_card_refundFail": REFUND_FAILS,
}
BRANDS = {"4": "visa", "5": "mastercard", "34": "amex", "37": "amex", "35": "jcb", "62": "unionpay", "6": "discover"}
OWN_CODES = frozenset({"expired_card", "incorrect_cvc", "processing_error"})


def checked_number(text: str) -> str:
    """The digits of a card number. Raises ApiError 402 `incorrect_number` if the Luhn digit is wrong."""
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and _luhn(digits)):
        raise ApiError(402, "Your card number is incorrect.", code="incorrect_number", param="number", type="card_error")
    return digits


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def fingerprint(number: str) -> str:
    """The same 16 characters for the same number, on every run: that is how one card in two accounts shows."""
    alphabet = string.ascii_letters + string.digits
    digest = hashlib.sha256(f"stand-in card {number}".encode()).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:16])


def card_details(number: str) -> dict[str, Any]:
    """`payment_method_details.card` of a charge."""
    brand = next((BRANDS[number[:n]] for n in (2, 1) if number[:n] in BRANDS), "unknown")
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(number),
        "funding": "credit",
        "installments": None,
        "last4": number[-4:],
        "mandate": None,
        "network": brand,
        "three_d_secure": None,
        "wallet": None,
    }


def decline(reason: str) -> dict[str, Any]:
    """Members of the card error for a decline reason."""
    code = reason if reason in OWN_CODES else "card_declined"
    messages = {
        "insufficient_funds": "Your card has insufficient funds.",
        "expired_card": "Your card has expired.",
        "incorrect_cvc": "Your card's security code is incorrect.",
        "payment_intent_authentication_failure": "We are unable to authenticate your payment method.",
    }
    if reason == "payment_intent_authentication_failure":
        code = reason
    error = {"type": "card_error", "code": code, "message": messages.get(reason, "Your card was declined.")}
    return error if code == "payment_intent_authentication_failure" else {**error, "decline_code": reason}
