"""Parcels and what comes back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Sku
from shop.fulfilment.carriers import carrier_name
from shop.orders.models import Order, OrderComponent


class Shipment(models.Model):
    """A parcel of an order. It may leave only while paid and not refunded (I12).

    One that nobody fetched (`unclaimed_at`) comes back; where its goods are sent once more, in a new parcel, it is `resent`.

    `planned_on` is the day by which it was promised to leave, where that is later than usual. `printed_mark` is the
    fingerprint of what its slip said (prints.py): a slip that no longer tells the truth stops it.
    """

    class State(models.TextChoices):
        TO_PACK = "to_pack", _("to pack")
        SHIPPED = "shipped", _("on its way")
        ARRIVED = "arrived", _("waiting at the store")
        DELIVERED = "delivered", _("delivered")
        STOPPED = "stopped", _("stopped")
        UNCLAIMED = "unclaimed", _("returned unclaimed")
        RESENT = "resent", _("sent again")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_PACK)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    planned_on = models.DateField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    printed_mark = models.CharField(max_length=41, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    unclaimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(state="to_pack"), name="shipment_to_pack")]

    def __str__(self) -> str:
        return self.number

    @property
    def carrier_name(self) -> str:
        """What people call the carrier, in the active language."""
        return carrier_name(self.carrier)


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "component"], name="shipment_component_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipment_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component_id}"


class Return(models.Model):
    """Goods coming back: asked for by the buyer, or in a `shipment` that nobody fetched. Money follows only when they are here.

    `came` counts the pieces that were inspected (Inspection). Received: all of them; what never came is no longer counted.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("refused")
        RESENT = "resent", _("sent again")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="returns")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    reason = models.CharField(max_length=300, blank=True)
    shipment = models.ForeignKey(Shipment, null=True, blank=True, on_delete=models.PROTECT, related_name="returns")
    came = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(came__lte=models.F("quantity")), name="return_within_asked")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component_id}"

    @property
    def number(self) -> str:
        """What the buyer writes on the box: `CY-7-R12`."""
        return f"{self.order.number}-R{self.pk}"

    @property
    def left(self) -> int:
        """Pieces that nobody has looked at yet."""
        return self.quantity - self.came


class Inspection(models.Model):
    """Pieces of a return as the packer found them: whole and back on the shelf, or written off for a reason."""

    ret = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="inspections")
    pieces = models.PositiveIntegerField()
    restocked = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    inspected_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pieces__gt=0), name="inspection_of_something"),
            models.CheckConstraint(condition=models.Q(restocked=True) | ~models.Q(reason=""), name="written_off_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.ret_id}"


class Prize(models.Model):
    """What somebody won in a draw and has sent to them: an `order` that costs nothing, once they said where to.

    `person` is who won, None where they have left since: then nobody gets it.
    """

    win = models.OneToOneField("community.DrawWin", on_delete=models.PROTECT, related_name="parcel")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="prizes")
    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="prize")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"prize of win {self.win_id}"
