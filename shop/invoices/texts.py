"""Papers in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shop.invoices.models import Paper
from shop.orders.einvoice import KINDS


def kind_title(kind: str) -> str:
    """What a paper is called."""
    return {
        Paper.Kind.INVOICE: _("Invoice"),
        Paper.Kind.CREDIT: _("Credit note"),
        Paper.Kind.REVERSAL: _("Credit note taken back"),
    }[Paper.Kind(kind)]


def einvoice_words(asked: Mapping[str, str]) -> str:
    """`Mobile barcode: /ABC1234`; '' where nothing was asked."""
    if not asked.get("kind"):
        return ""
    return f"{KINDS[asked['kind']]}: {asked['value']}"
