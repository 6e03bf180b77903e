"""What is scarce: kits, seats and tickets alike (MONEY.md, I4–I6)."""

from django.db import models
from django.db.models import F, Q


class StockItem(models.Model):
    """A pool of equal things. `ref` names it: `sku:UKE-S@main`, `cohort:5`, `event:9`. Units are pieces."""

    ref = models.CharField(max_length=80, unique=True)
    on_hand = models.PositiveIntegerField(default=0)
    allocated = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0, allocated__gte=0), name="stock_counters_not_negative"),
            models.CheckConstraint(condition=Q(on_hand__gte=F("allocated") + F("reserved")), name="stock_never_oversold"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def free(self) -> int:
        """Pieces that can still be reserved."""
        return self.on_hand - self.allocated - self.reserved


class Reservation(models.Model):
    """Pieces kept for a holder such as `order:17` until a moment, then consumed or released, once.

    `closed` counts consumed pieces that no longer count as allocated: given back, or gone out of the house.
    """

    class State(models.TextChoices):
        HELD = "held"
        CONSUMED = "consumed"
        RELEASED = "released"
        HANDED_OVER = "handed_over"

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    holder = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    closed = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "holder"], condition=Q(state="held"), name="one_live_reservation_per_holder"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
            models.CheckConstraint(condition=Q(closed__lte=F("quantity")), name="reservation_closed_within"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at=None) | ~Q(state="held") & Q(ended_at__isnull=False),
                name="reservation_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["holder"], name="reservation_holder"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_due"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} for {self.holder}"
