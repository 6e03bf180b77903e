"""What is scarce: kits, seats and tickets alike (MONEY.md, I4–I6), and where goods among it lie."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

GOODS = "sku:"


class StockItem(models.Model):
    """A pool of equal things. `ref` names it: `sku:UKE-S@main`, `cohort:5`, `event:9`. Units are pieces.

    Buyers draw on the whole pool, wherever its pieces lie. At `low_at` pieces that are not sold somebody is told, once
    until it rises again (`is_low`).
    """

    ref = models.CharField(max_length=80, unique=True)
    on_hand = models.PositiveIntegerField(default=0)
    allocated = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    low_at = models.PositiveIntegerField(null=True, blank=True)
    is_low = models.BooleanField(default=False)

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

    @property
    def is_goods(self) -> bool:
        """Whether its pieces lie somewhere: a seat does not."""
        return self.ref.startswith(GOODS)


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


class Place(models.Model):
    """Where goods lie in the house. Parcels are packed from the first place, by `position`, that has the pieces.

    A place with `expected_on` is no shelf but a delivery on its way: its pieces can be sold (ordered ahead), not packed.
    """

    MAIN = "main"

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    expected_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        if self.expected_on:
            return str(_("Expected on %(day)s") % {"day": date_format(self.expected_on)})
        return self.name or str(_("Main shelf"))


class Placed(models.Model):
    """Pieces of a good at a place. A deferred trigger holds their sum to the item's `on_hand`."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="placed")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="placed")
    pieces = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "place"], name="placed_once")]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.item_id} at {self.place_id}"


class Movement(models.Model):
    """Pieces of a good came, went or changed place: append-only, a row trigger refuses UPDATE and DELETE.

    `source` names what moved them (`CY-S-7K3F9Q`, `return:5`); `on_hand` is the item's sum afterwards. `actor_id` is a user's
    id without a foreign key, as in the audit trail.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        COUNTED = "counted", _("counted")
        MOVED = "moved", _("moved")
        SENT = "sent", _("sent")
        RETURNED = "returned", _("came back")
        WRITTEN_OFF = "written_off", _("written off")

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    change = models.IntegerField()
    on_hand = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="movement_of_something")]
        indexes = [models.Index(fields=["item", "-id"], name="movement_newest")]

    def __str__(self) -> str:
        return f"{self.change:+d} × {self.item_id} ({self.kind})"
