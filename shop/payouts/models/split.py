"""How an offer's revenue is shared. Versions only ever come on top: the database refuses changes, and shares that do not sum."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.catalogue.models import Offer


class Split(models.Model):
    """A version of an offer's shares. The newest one made before an order was paid counts for it, for good."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="splits")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "number"], name="split_version_once")]

    def __str__(self) -> str:
        return f"{self.offer_id} v{self.number}"


class SplitShare(models.Model):
    """A payee's share in basis points; payee null is the yard itself. The shares of a split sum to 10,000."""

    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="shares")
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="revenue_shares")
    basis_points = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["split", "payee"], nulls_distinct=False, name="share_once_per_payee"),
            models.CheckConstraint(condition=Q(basis_points__range=(1, 10_000)), name="share_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.basis_points} to {self.payee_id or 'the yard'}"
