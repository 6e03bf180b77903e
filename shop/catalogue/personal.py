"""An offer made for one person: an existing offer at a price of its own, its pieces held until a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.clock import now
from shop.catalogue.models import Bundle, Component, Offer, Price
from shop.catalogue.reads import Ware


class PersonalOffer(models.Model):
    """`seller` sells `offer` to `buyer` alone, once, for `amount` minor units, as long as it is open and `expires_at` not past.

    What is in it (`bundle`) was fixed when it was made, and is held in stock under its `holder`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PAID = "paid", _("paid")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="personal")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey("community.Conversation", on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    tax_inclusive = models.BooleanField(default=True)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Made with the empty form: sent twice it is one offer.
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="personal_offer_sent_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="personal_offer_costs_something"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="personal_offer_for_another"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="personal_offer_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="personal_offer_due")]

    def __str__(self) -> str:
        return f"{self.offer_id} for {self.buyer_id}: {self.amount} {self.currency}"

    @property
    def holder(self) -> str:
        """Its name towards stock and the trail: `personal:17`."""
        return f"personal:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and self.expires_at > now()


def as_personal(offers: Sequence[PersonalOffer | None], listed: Sequence[Ware]) -> list[Ware]:
    """The same wares; where one is bought by a personal offer, with its price and contents. One query, none without any."""
    bundles = {offer.bundle_id for offer in offers if offer is not None}
    parts = parts_of(bundles) if bundles else {}
    return [
        ware if offer is None else _made_personal(ware, offer, parts.get(offer.bundle_id, []))
        for offer, ware in zip(offers, listed, strict=True)
    ]


def parts_of(bundles: Iterable[int]) -> dict[int, list[Component]]:
    """bundle id → its parts, with cohorts and goods at hand."""
    found: dict[int, list[Component]] = {}
    for part in Component.objects.filter(bundle__in=list(bundles)).select_related("bundle", "cohort", "sku", "event"):
        found.setdefault(part.bundle_id, []).append(part)
    return found


def _made_personal(ware: Ware, offer: PersonalOffer, parts: list[Component]) -> Ware:
    """A holiday and the end of its classes hold for it, too; that all else is sold out does not."""
    price = Price(offer=ware.offer, currency=offer.currency, amount=offer.amount, tax_inclusive=offer.tax_inclusive)
    state = ware.state if ware.state in ("draft", "closed", "paused") else "live"
    values: dict[str, Any] = {"bundle": parts[0].bundle if parts else None, "parts": parts, "price": price, "prices": [price]}
    return replace(ware, **values, free=1, state=state if offer.is_open or state == "paused" else "closed", personal=offer)
