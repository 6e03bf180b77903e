"""Who is there to be asked about offers, and when they are away (community.contacts)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from community import contacts
from shop.catalogue.holidays import Holiday, today
from shop.catalogue.models import Offer


def register_all() -> None:
    contacts.register_office(sellers_among)
    contacts.register_answerer("offer", seller_of)
    contacts.register_absences(absences)


def sellers_among(ids: Collection[int]) -> set[int]:
    """Those who sell something, or did."""
    return set(Offer.objects.filter(seller__in=ids).exclude(state=Offer.State.DRAFT).values_list("seller", flat=True))


def seller_of(ident: str, user: Any) -> int | None:
    rows = Offer.objects.exclude(state=Offer.State.DRAFT)
    if not ident.isdecimal() or len(ident) > 18:
        return None
    return rows.filter(pk=ident).values_list("seller", flat=True).first()


def absences(ids: Collection[int]) -> dict[int, date]:
    """Holiday mode: by seller, the day on which they are back."""
    return dict(Holiday.objects.filter(seller__in=ids, until__gt=today()).values_list("seller", "until"))
