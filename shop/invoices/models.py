"""Invoices, credit notes and who issues them. What is issued never changes: the database refuses (migration 0002)."""

from django.db import models
from django.db.models import Q

from shop.orders.models import Order


class Seller(models.Model):
    """Who sells, as it stands on papers from now on; one row. Each paper keeps the details of its day."""

    ONLY = 1

    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    tax_number = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_seller")]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A run of numbers such as `INV-2026`; `last` is the one given out last. Locked while the next is taken."""

    code = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.code


class Paper(models.Model):
    """An issued paper. `content` is all that stands on it (shop.invoices.content), `total` minor units, always positive.

    `source` names what it was issued for: `order:17`, `refund:5`, `refund:5:back`; once each (I22). A credit note
    corrects an invoice, a reversal takes back a credit note whose money came back to us.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT = "credit"
        REVERSAL = "reversal"

    PREFIX = {Kind.INVOICE: "INV", Kind.CREDIT: "CRN", Kind.REVERSAL: "REV"}

    kind = models.CharField(max_length=8, choices=Kind.choices)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="papers")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="papers")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    source = models.CharField(max_length=60, unique=True)
    currency = models.CharField(max_length=3)
    total = models.PositiveBigIntegerField()
    content = models.JSONField()
    issued_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(total__gt=0, position__gt=0), name="paper_of_something"),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None) | (~Q(kind="invoice") & Q(corrects__isnull=False)),
                name="corrections_name_their_paper",
            ),
        ]
        indexes = [models.Index(fields=["-issued_at", "-id"], name="paper_newest")]

    def __str__(self) -> str:
        return self.number
