"""Who sells, as papers say it from now on."""

from typing import Any

from django.db import transaction

from kit import audit
from shop.invoices.content import seller_details
from shop.invoices.models import Seller


@transaction.atomic
def set_seller(
    *, actor: Any, name: str, address: str = "", phone: str = "", tax_number: str = "", email: str = "", note: str = ""
) -> Seller:
    """Write the seller's details down; what is issued already keeps its own."""
    before = seller_details()
    after = {"name": name, "address": address, "phone": phone, "tax_number": tax_number, "email": email, "note": note}
    row, _created = Seller.objects.update_or_create(pk=Seller.ONLY, defaults=after)
    if before != after:
        audit.record(actor=actor, action="seller.changed", target="seller:1", before=before, after=after)
    return row
