"""What is sold: an offer, what is in it, what it costs."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from kit.money import percent_text
from shop.catalogue.policies import Policy, policy_from
from shop.catalogue.zones import ShippingArea as ShippingArea
from shop.catalogue.zones import ShippingRate as ShippingRate
from shop.catalogue.zones import ShippingTariff as ShippingTariff
from shop.catalogue.zones import ShippingZone as ShippingZone


class Sku(models.Model):
    """A physical good: packed size in mm, weight in g, declared value in minor units. Stock is `sku:<code>@main`."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skus")
    contents = models.TextField(_("what is in the box"), blank=True)
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    weight_g = models.PositiveIntegerField()
    value = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    picture = models.ForeignKey("kit.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name

    @property
    def stock_ref(self) -> str:
        return f"sku:{self.code}@main"


class Offer(models.Model):
    """Something for sale at /shop/<slug>/; a course is sold through an offer. `terms` are frozen on the order.

    Refund and return windows are in days: the first from payment, the second from delivery. `without_kit` is sold instead
    where its goods are not sent: the same course alone, at a price of its own.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("for sale")
        CLOSED = "closed", _("closed")

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    course = models.ForeignKey("courses.Course", null=True, blank=True, on_delete=models.PROTECT, related_name="offers")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers")
    picture = models.ForeignKey("kit.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    sale_from = models.DateTimeField(null=True, blank=True)
    sale_until = models.DateTimeField(null=True, blank=True)
    refund_days = models.PositiveSmallIntegerField(default=7)
    return_days = models.PositiveSmallIntegerField(default=7)
    policy = models.JSONField(default=dict, blank=True, db_default={})
    without_kit = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="with_kit")

    def __str__(self) -> str:
        return self.title

    @property
    def refund_policy(self) -> Policy:
        """What it promises about money back now; `policy` keeps it, the two windows are columns."""
        return policy_from(self.policy, refund_days=self.refund_days, return_days=self.return_days)


class Bundle(models.Model):
    """What an offer holds, by version: changing the contents makes a new one, sold lines keep theirs."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="bundles")
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "version"], name="bundle_version_once"),
            models.UniqueConstraint(fields=["offer"], condition=Q(is_current=True), name="one_current_bundle"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} v{self.version}"


class Component(models.Model):
    """A part of a bundle. `weight` is its share in the price: parts of the net go by the weights' proportion.

    kind seat: `cohort`; kind stock: `sku`; kind ticket: `event`.
    """

    class Kind(models.TextChoices):
        SEAT = "seat", _("seat")
        STOCK = "stock", _("goods")
        TICKET = "ticket", _("ticket")

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="components")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    cohort = models.ForeignKey("courses.Cohort", null=True, blank=True, on_delete=models.PROTECT, related_name="components")
    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.PROTECT, related_name="components")
    event = models.ForeignKey("community.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="components")
    quantity = models.PositiveSmallIntegerField(default=1)
    weight = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="seat", cohort__isnull=False, sku=None, event=None, quantity=1)
                | Q(kind="stock", sku__isnull=False, cohort=None, event=None)
                | Q(kind="ticket", event__isnull=False, cohort=None, sku=None, quantity=1),
                name="component_kind_has_its_part",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="component_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.stock_ref}"

    @property
    def stock_ref(self) -> str:
        """The stock item that this part draws on."""
        if self.kind == self.Kind.TICKET:
            return f"event:{self.event_id}"
        return f"cohort:{self.cohort_id}" if self.kind == self.Kind.SEAT or self.sku is None else self.sku.stock_ref


class Price(models.Model):
    """What an offer costs in a currency for a span of time, in minor units. A trigger refuses overlaps (I2)."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField()
    tax_inclusive = models.BooleanField(default=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "currency"], condition=Q(valid_to=None), name="one_open_price"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="price_span_forwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class TaxRate(models.Model):
    """What a country takes on a sale, in basis points, from a moment on; country "" is everywhere else."""

    country = models.CharField(max_length=2, blank=True)
    rate = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    valid_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="one_tax_rate_at_a_time"),
            models.CheckConstraint(condition=Q(rate__lt=10_000), name="tax_less_than_the_price"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.country} {self.percent}"

    @property
    def percent(self) -> str:
        """`5 %`, `7.7 %`."""
        return percent_text(self.rate)


class Coupon(models.Model):
    """A code that takes something off: `percent` (basis points), or sums per currency (CouponSum). Its terms never change.

    It covers all offers (`everything`) or those named. `used` counts the orders that hold or have used it; the database
    keeps it within `max_uses`. Whoever buys with it is credited to `referrer`, where one is named. `batch` is the number of
    a batch of redeem codes: single-use coupons that take everything off.
    """

    code = models.CharField(max_length=40, unique=True)
    batch = models.CharField(max_length=12, blank=True, db_default="", db_index=True)
    note = models.CharField(max_length=120, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    everything = models.BooleanField(default=False)
    offers = models.ManyToManyField(Offer, blank=True, related_name="coupons")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    per_person = models.PositiveIntegerField(null=True, blank=True)
    space = models.ForeignKey("community.Space", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="coupons"
    )
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    used = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(max_uses=None) | Q(used__lte=models.F("max_uses")), name="coupon_within_its_uses"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__range=(1, 10_000)), name="coupon_percent_of_a_whole"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="coupon_span_forwards"
            ),
        ]
        indexes = [models.Index(Replace("code", Value("-"), Value("")), name="coupon_by_plain_code")]

    def __str__(self) -> str:
        return self.code

    @property
    def percent_text(self) -> str:
        """`12.5 %`, or '' where it takes off sums."""
        return percent_text(self.percent) if self.percent else ""


class CouponSum(models.Model):
    """What a coupon takes off in a currency (0 where it is a percentage), and the least that must be bought for it."""

    coupon = models.ForeignKey(Coupon, on_delete=models.CASCADE, related_name="sums")
    currency = models.CharField(max_length=3)
    off = models.PositiveBigIntegerField(default=0)
    least = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coupon", "currency"], name="coupon_sum_once_per_currency")]

    def __str__(self) -> str:
        return f"{self.off} {self.currency}"


class CouponGuess(models.Model):
    """A code somebody tried that was not (or not yet) found good; kept for a minute, to count them (SAFETY.md, Limits)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=32)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
