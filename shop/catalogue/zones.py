"""Where goods are sent and what it costs: rows that the owner edits (flows/zones.py); shipping.py reads them."""

from django.db import models
from django.db.models import Q


class ShippingZone(models.Model):
    """Places that cost the same. A zone without a tariff in a currency is not sent to in it."""

    name = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name or f"zone {self.pk}"


class ShippingArea(models.Model):
    """A country of a zone, or those postcodes in it that begin with `prefix`; the longest fitting prefix decides."""

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="areas")
    country = models.CharField(max_length=2)
    prefix = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["country", "prefix"], name="shipping_area_in_one_zone")]

    def __str__(self) -> str:
        return f"{self.country} {self.prefix}".strip()


class ShippingTariff(models.Model):
    """What a zone costs in a currency. From `free_from` on (minor units of what is bought, discounts off) it costs nothing.

    `tax_inclusive`: the tax is in the rates; else it comes on top of them.
    """

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="tariffs")
    currency = models.CharField(max_length=3)
    free_from = models.PositiveBigIntegerField(null=True, blank=True)
    tax_inclusive = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "currency"], name="shipping_tariff_once")]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.currency}"


class ShippingRate(models.Model):
    """A parcel of up to `up_to_g` grams costs `amount`; without `up_to_g`, a parcel of any weight."""

    tariff = models.ForeignKey(ShippingTariff, on_delete=models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField(null=True, blank=True)
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tariff", "up_to_g"], nulls_distinct=False, name="shipping_rate_once_per_weight"),
            models.CheckConstraint(condition=Q(up_to_g=None) | Q(up_to_g__gt=0), name="shipping_rate_of_some_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} up to {self.up_to_g} g"
