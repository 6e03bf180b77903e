"""Baskets and orders."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.money import percent_text
from shop.catalogue.models import Bundle, Component, Coupon, Offer
from shop.catalogue.personal import PersonalOffer


class Basket(models.Model):
    """What somebody means to buy, found by a cookie's token or by the account."""

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="basket")
    currency = models.CharField(max_length=3, default="CNY")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.token)


class BasketLine(models.Model):
    """`place` is where the offer stood (`topic:12`, `lesson:3`); `return_to` the path that paying leads back to.

    `personal`: the offer made for this person by which it is bought.
    """

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    personal = models.ForeignKey(PersonalOffer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60, blank=True)
    return_to = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "offer"], name="basket_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="basket_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.offer_id}"


class Order(models.Model):
    """An order; all amounts are minor units of `currency`. Fulfilment and refund statuses are derived (shop.orders.reads).

    `terms` is what was promised when it was placed: titles, refund days, referral rules, coupon, rate of tax.
    `tax` is all tax of lines and delivery; `tax_on_top` that of prices which did not contain it. `shipping` contains
    `shipping_tax` where `shipping_tax_inclusive`; else that comes on top of it.
    `checkout_key` makes a retried checkout the same order. `basket` keeps its lines until the order is paid, so that
    somebody who turns back from the payment page finds them again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        AWAITING = "awaiting", _("waiting for payment")
        PROCESSING = "processing", _("payment under way")
        PAID = "paid", _("paid")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")
        REVIEW = "review", _("being checked")

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    basket = models.ForeignKey(Basket, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders")
    email = models.EmailField()
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    currency = models.CharField(max_length=3)
    subtotal = models.PositiveBigIntegerField()
    shipping = models.PositiveBigIntegerField(default=0)
    shipping_tax = models.PositiveBigIntegerField(default=0, db_default=0)
    shipping_tax_inclusive = models.BooleanField(default=True, db_default=True)
    discount = models.PositiveBigIntegerField(default=0)
    tax = models.PositiveBigIntegerField(default=0)
    tax_on_top = models.PositiveBigIntegerField(default=0, db_default=0)
    total = models.PositiveBigIntegerField()
    terms = models.JSONField(default=dict)
    place = models.CharField(max_length=60, blank=True)
    return_to = models.CharField(max_length=300, blank=True)
    checkout_key = models.CharField(max_length=64, unique=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    hold_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("subtotal") + F("shipping") - F("discount") + F("tax_on_top")), name="order_total_adds_up"
            ),
            models.CheckConstraint(condition=Q(state="paid", paid_at__isnull=False) | ~Q(state="paid"), name="paid_has_a_moment"),
        ]
        indexes = [
            models.Index(fields=["hold_until"], condition=Q(state__in=["awaiting", "processing"]), name="order_hold_due"),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["email"], name="order_email"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> str:
        """Its name towards stock, seats and the ledger: `order:17`."""
        return f"order:{self.pk}"

    @property
    def shipping_gross(self) -> int:
        """What is paid for delivery, tax and all."""
        return self.shipping + (0 if self.shipping_tax_inclusive else self.shipping_tax)

    @property
    def shipping_net(self) -> int:
        return self.shipping_gross - self.shipping_tax

    @property
    def tax_in(self) -> int:
        """Tax that its prices contained."""
        return self.tax - self.tax_on_top

    @property
    def tax_name(self) -> str:
        """What the tax was called, with its rate: `VAT 5 %`. Older orders know no name."""
        tax = self.terms.get("tax")
        return f"{tax['name']} {percent_text(tax['rate'])}" if tax else str(_("Tax"))

    @property
    def reader_language(self) -> str:
        """What its buyer reads now: the account's language where one was chosen, else the one it was ordered in."""
        return (self.user.language if self.user else "") or self.language


class OrderLine(models.Model):
    """A line: `net` + `tax` is what is paid for it, after `discount`, its share of a coupon.

    `unit_amount` contains the tax where `tax_inclusive`; else the tax comes on top of it.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="+")
    personal = models.ForeignKey(PersonalOffer, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    title = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField()
    unit_amount = models.PositiveBigIntegerField()
    discount = models.PositiveBigIntegerField(default=0, db_default=0)
    tax_inclusive = models.BooleanField(default=True, db_default=True)
    net = models.PositiveBigIntegerField()
    tax = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def amount(self) -> int:
        """What it cost before the discount."""
        return self.unit_amount * self.quantity


class OrderComponent(models.Model):
    """A component of a line, with its exact share of net and tax (I1) and what became of its pieces (I10)."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Component.Kind.choices)
    ref = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField()
    net = models.PositiveBigIntegerField()
    tax = models.PositiveBigIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0, db_default=0)
    returned = models.PositiveIntegerField(default=0)
    refunded_net = models.PositiveBigIntegerField(default=0)
    refunded_tax = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned__lte=F("shipped"), shipped__lte=F("quantity")), name="returned_within_shipped_within_bought"
            ),
            models.CheckConstraint(condition=Q(delivered__lte=F("shipped")), name="delivered_within_shipped"),
            models.CheckConstraint(
                condition=Q(refunded_net__lte=F("net"), refunded_tax__lte=F("tax")), name="component_refund_within_price"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.ref}"


class Delivery(models.Model):
    """Where the goods go: home, or a convenience store (chain, store, the name on the ID, a mobile)."""

    class Method(models.TextChoices):
        HOME = "home", _("to an address")
        STORE = "store", _("to a convenience store")

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="delivery")
    method = models.CharField(max_length=5, choices=Method.choices)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=80, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    chain = models.CharField(max_length=20, blank=True)
    store_code = models.CharField(max_length=12, blank=True)
    store_name = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.name} ({self.method})"


class CouponUse(models.Model):
    """An order's use of a coupon: counted from placing it on, given back (`released_at`) when it ends unpaid or
    is refunded in full.

    `person` is the buyer's e-mail address, folded (accounts.emails), for the limit per person.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="coupon_use")
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    person = models.CharField(max_length=254, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["coupon", "person"], condition=Q(released_at=None), name="coupon_use_by_person")]

    def __str__(self) -> str:
        return f"{self.coupon_id} by {self.order_id}"


class Gift(models.Model):
    """An order for somebody else: whoever holds the code takes seats and goods with an account of their own, once.

    Refunding its seats before that cancels it. `email` is written to on `deliver_on`, a day of the site's zone.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="gift")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    message = models.TextField(blank=True)
    deliver_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    redeemed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    redeemed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(redeemed_at=None, redeemed_by=None) | Q(redeemed_at__isnull=False, redeemed_by__isnull=False),
                name="gift_is_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["deliver_on"], condition=Q(sent_at=None, cancelled_at=None), name="gift_due")]

    def __str__(self) -> str:
        return f"gift of order {self.order_id}"

    @property
    def is_open(self) -> bool:
        """Nobody has taken it, and it was not taken back."""
        return self.redeemed_at is None and self.cancelled_at is None
