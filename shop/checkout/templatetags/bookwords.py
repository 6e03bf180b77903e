"""Filters of the owner's pages: codes of the books and of Stripe in the reader's words."""

from django import template

from shop.checkout.admin import words

register = template.Library()
register.filter("account_word", words.account_word)
register.filter("ledger_words", words.ledger_words)


@register.filter
def account_kind(code: str) -> str:
    return words.word(words.ACCOUNT_KINDS, code)


@register.filter
def payment_word(state: str) -> str:
    return words.word(words.PAYMENTS, state)


@register.filter
def refund_word(state: str) -> str:
    return words.word(words.REFUNDS, state)


@register.filter
def dispute_word(state: str) -> str:
    return words.word(words.DISPUTES, state)


@register.filter
def dispute_reason(reason: str) -> str:
    return words.word(words.DISPUTE_REASONS, reason)


@register.filter
def note_word(note: str) -> str:
    return words.word(words.NOTES, note)


@register.filter
def trail_word(action: str) -> str:
    return words.word(words.TRAIL, action)
