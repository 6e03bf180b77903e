"""What came from Stripe, and what we asked of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.orders.models import Order, OrderComponent


class WebhookEvent(models.Model):
    """An event as it arrived, once per provider id. Effects are recorded per provider object elsewhere (I22)."""

    class State(models.TextChoices):
        RECEIVED = "received"
        DONE = "done"
        IGNORED = "ignored"
        PARKED = "parked"
        FAILED = "failed"

    event_id = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=80)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], condition=Q(state__in=["received", "failed"]), name="webhook_due")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Payment(models.Model):
    """One attempt to be paid for an order: a Checkout Session, or a bank transfer, whose ids are `bank:` and the bank's
    number of the movement. `key` is our idempotency key, stored before the call.

    `url` is the payment page; `return_url` where it leads back to, kept because a retry must say the same to Stripe.
    """

    class State(models.TextChoices):
        STARTED = "started"
        OPEN = "open"
        PROCESSING = "processing"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        EXPIRED = "expired"

    class Method(models.TextChoices):
        STRIPE = "stripe"
        BANK = "bank"

    LIVE = frozenset({State.STARTED, State.OPEN, State.PROCESSING})

    method = models.CharField(max_length=6, choices=Method.choices, default=Method.STRIPE, db_default="stripe")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    key = models.CharField(max_length=64, unique=True)
    session_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    provider_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    url = models.URLField(max_length=600, blank=True)
    return_url = models.URLField(max_length=600, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    fee = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"


class BankAccount(models.Model):
    """Where buyers may transfer money to in a currency, and for how many days an order waits for it."""

    currency = models.CharField(max_length=3, unique=True)
    details = models.TextField()
    days = models.PositiveSmallIntegerField(default=5)
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 30)), name="bank_waits_a_month_at_most")]

    def __str__(self) -> str:
        return self.currency


class Refund(models.Model):
    """Money given back. `key` is stored before Stripe is called; pending ones count against what was captured (I11).

    `shipping_amount` of it is for delivery, and contains `shipping_tax`. `message` is what the buyer is written; '': as usual.
    `account`: where one of a transfer is to be sent, as the buyer wrote it.
    """

    class State(models.TextChoices):
        STARTED = "started"
        PENDING = "pending"
        REQUIRES_ACTION = "requires_action"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=64, unique=True)
    provider_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    amount = models.PositiveBigIntegerField()
    shipping_amount = models.PositiveBigIntegerField(default=0)
    shipping_tax = models.PositiveBigIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16, choices=State.choices, default=State.STARTED)
    reason = models.CharField(max_length=300, blank=True)
    message = models.TextField(blank=True, db_default="")
    account = models.CharField(max_length=400, blank=True, db_default="")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    # Those that use up what can be refunded; those that Stripe has taken on, so that components count them.
    LIVE = frozenset({State.STARTED, State.PENDING, State.REQUIRES_ACTION, State.SUCCEEDED})
    ACCEPTED = LIVE - {State.STARTED}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
            models.CheckConstraint(condition=Q(shipping_tax__lte=F("shipping_amount")), name="refund_shipping_holds_its_tax"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"


class BalanceTransaction(models.Model):
    """A movement of our balance at Stripe, as Stripe has it: the other side of the ledger's `stripe_clearing` (I21).

    `about` names what of ours it was booked for (`payment:3`, `refund:5`, `dispute:2`), empty where nothing was known;
    `listed_at` is when the import last saw it in Stripe's list, null while only its payment or refund has told of it.
    """

    provider_id = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=60)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(db_index=True)
    listed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["about"], name="movement_by_cause")]

    def __str__(self) -> str:
        return f"{self.type} {self.amount} {self.currency}"


class RefundLine(models.Model):
    """The part of a refund that one component gives back; stored, so that the reversal is exact."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="refund_lines")
    net = models.PositiveBigIntegerField()
    tax = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refund", "component"], name="refund_component_once")]

    def __str__(self) -> str:
        return f"{self.net} of {self.component_id}"


class Dispute(models.Model):
    """A chargeback: parcels and commission wait while it is open, and follow its end. `state` is Stripe's word."""

    OPEN = frozenset({"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"})
    INQUIRY = frozenset({"warning_needs_response", "warning_under_review"})
    # Those that wait for our evidence.
    UNANSWERED = frozenset({"needs_response", "warning_needs_response"})
    LOST = "lost"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    provider_id = models.CharField(max_length=120, unique=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    shipping_amount = models.PositiveBigIntegerField(default=0)
    shipping_tax = models.PositiveBigIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=30)
    reason = models.CharField(max_length=60, blank=True)
    evidence_due = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.provider_id} {self.state}"


class DisputeLine(models.Model):
    """The part of a lost dispute that one component gives back; stored, as a refund's is."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="lines")
    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="dispute_lines")
    net = models.PositiveBigIntegerField()
    tax = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispute", "component"], name="dispute_component_once")]

    def __str__(self) -> str:
        return f"{self.net} of {self.component_id}"


class DisputeEvidence(models.Model):
    """What we answer to a dispute, a draft until Stripe has taken it. `texts`: Stripe's name of a field → text; `papers`:
    Stripe's name of a field → {"id" at Stripe, "name", "size" in bytes}, which Stripe holds already.

    `key` is the idempotency key of this very answer, stored before the call; `trouble` why the last try came to nothing
    (an error's kind or Stripe's code).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"

    dispute = models.OneToOneField(Dispute, on_delete=models.CASCADE, related_name="evidence")
    texts = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    trouble = models.CharField(max_length=80, blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispute evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None)
                | Q(state="submitted", submitted_at__isnull=False, key__isnull=False),
                name="submitted_evidence_has_its_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} for {self.dispute_id}"

    @property
    def answer(self) -> dict[str, str]:
        """All that Stripe is sent: its name of a field → text, or the id of a paper."""
        return {**self.texts, **{name: paper["id"] for name, paper in self.papers.items()}}
