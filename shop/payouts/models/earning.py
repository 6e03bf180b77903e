"""What a teacher earns of a sale."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import OrderComponent
from shop.payouts.models.split import Split


class Earning(models.Model):
    """One immutable line: a share of a component's revenue, or a reversal with a negative amount (minor units).

    `number` counts a payee's lines on a component, so that two who count at once cannot both write.
    """

    class Kind(models.TextChoices):
        ACCRUAL = "accrual", _("earned")
        REVERSAL = "reversal", _("taken back")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        FROZEN = "frozen", _("frozen")
        AVAILABLE = "available", _("ready to be paid")
        PAID = "paid", _("paid")

    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="earnings")
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="earnings")
    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="earnings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    available_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "payee", "number"], name="earning_once_per_number"),
            models.CheckConstraint(
                condition=Q(kind="accrual", amount__gt=0) | Q(kind="reversal", amount__lt=0), name="earning_sign"
            ),
        ]
        indexes = [
            models.Index(fields=["payee", "-id"], name="earning_by_payee"),
            models.Index(fields=["available_at"], condition=Q(state="pending"), name="earning_due"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"
