"""What the owner's pages show. Lists cost the same few queries, however many rows there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from kit.clock import now
from kit.models import AuditEntry
from shop.catalogue.models import Offer, Price
from shop.fulfilment.models import Inspection
from shop.fulfilment.reads import inspections_of, no_shows
from shop.ledger.models import Entry, Transaction
from shop.ledger.reads import Balance, trial_balance
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute, DisputeEvidence, Payment, Refund, WebhookEvent
from shop.referrals.models import Attribution, Commission
from shop.referrals.reads import explained

OLD_NEWS = timedelta(days=30)


def orders(state: str = "", query: str = "") -> QuerySet[Order]:
    """Orders, newest first, with their parts at hand. `query` is part of a number, an e-mail address or a name."""
    rows = Order.objects.exclude(state=Order.State.DRAFT).select_related("gift").prefetch_related("lines__components")
    if state:
        rows = rows.filter(state=state)
    if wanted := query.strip():
        rows = rows.filter(Q(number__icontains=wanted) | Q(email__icontains=wanted) | Q(name__icontains=wanted))
    return rows.order_by("-placed_at", "-pk")


def commissions(state: str = "", query: str = "") -> QuerySet[Commission]:
    """Commission lines, newest first; `query` is part of an order's number or of the payee's name or address."""
    rows = explained(Commission.objects.select_related("payee"))
    if state:
        rows = rows.filter(state=state)
    if wanted := query.strip():
        number = Q(attribution__order__number__icontains=wanted)
        rows = rows.filter(number | Q(payee__name__icontains=wanted) | Q(payee__email__icontains=wanted))
    return rows.order_by("-pk")


def disputes(state: str = "") -> QuerySet[Dispute]:
    """`open`, `closed` or all, the nearest deadline first; `frozen`: commission that waits for each, minor units."""
    lines = Commission.objects.filter(attribution__order=OuterRef("payment__order"), state=Commission.State.FROZEN)
    frozen = lines.values("attribution__order").annotate(sum=Sum("amount")).values("sum")
    rows = Dispute.objects.select_related("payment__order", "evidence").annotate(frozen=Subquery(frozen))
    if state:
        pending = Q(state__in=Dispute.OPEN | Dispute.INQUIRY)
        rows = rows.filter(pending if state == "open" else ~pending)
    return rows.order_by(F("closed_at").desc(nulls_first=True), F("evidence_due").asc(nulls_last=True), "pk")


def unanswered_disputes() -> QuerySet[Dispute]:
    """Disputes whose evidence has not been sent."""
    sent = Q(evidence__state=DisputeEvidence.State.SUBMITTED)
    return Dispute.objects.filter(state__in=Dispute.UNANSWERED).exclude(sent)


def held_attributions() -> QuerySet[Attribution]:
    """Credits that look like the referrer's own purchase and wait for a decision (I14), oldest first, with their sum."""
    rows = Attribution.objects.filter(state=Attribution.State.HELD_SELF).select_related("order", "referrer", "link")
    return rows.annotate(amount=Sum("commissions__amount")).order_by("created_at", "pk")


def transactions(account: str = "", query: str = "") -> QuerySet[Transaction]:
    """Ledger transactions, newest first, with their entries; `query` is part of a source, key or text."""
    entries = Entry.objects.select_related("account").order_by("pk")
    rows = Transaction.objects.prefetch_related(Prefetch("entries", queryset=entries))
    if account:
        rows = rows.filter(Exists(Entry.objects.filter(transaction=OuterRef("pk"), account__code=account)))
    if wanted := query.strip():
        rows = rows.filter(Q(source__iexact=wanted) | Q(key__icontains=wanted) | Q(text__icontains=wanted))
    return rows.order_by("-pk")


@dataclass(frozen=True)
class CurrencyBooks:
    """The trial balance of one currency; `debit` and `credit` are the sums of all entries and must be equal."""

    currency: str
    rows: list[Balance]

    @property
    def debit(self) -> int:
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        return sum(row.credit for row in self.rows)

    @property
    def balances(self) -> bool:
        return self.debit == self.credit


def books() -> list[CurrencyBooks]:
    """Trial balances by currency. One query."""
    rows = trial_balance()
    return [CurrencyBooks(code, [row for row in rows if row.currency == code]) for code in sorted({row.currency for row in rows})]


@dataclass(frozen=True)
class Dossier:
    """Everything that is written about one order."""

    lines: Sequence[Any]
    pieces: list[OrderComponent]
    payments: list[Payment]
    refunds: list[Refund]
    shipments: list[Any]
    inspections: list[Inspection]
    no_shows: int
    attribution: Attribution | None
    transactions: list[Transaction]
    trail: list[AuditEntry]


def dossier(order: Order) -> Dossier:
    """A fixed number of queries."""
    lines = list(order.lines.select_related("offer").prefetch_related("components__commissions").order_by("pk"))
    refunds = Refund.objects.filter(payment__order=order).select_related("requested_by").prefetch_related("lines__component")
    attribution = Attribution.objects.filter(order=order).select_related("referrer", "link")
    return Dossier(
        lines=lines,
        pieces=[piece for line in lines for piece in line.components.all()],
        payments=list(order.payments.prefetch_related("disputes").order_by("pk")),
        refunds=list(refunds.order_by("pk")),
        shipments=list(order.shipments.prefetch_related("lines__component").order_by("pk")),
        inspections=inspections_of(order),
        no_shows=no_shows([order]).get(order.pk, 0),
        attribution=attribution.prefetch_related("commissions__component").first(),
        transactions=list(transactions(query=order.holder)),
        trail=list(AuditEntry.objects.filter(target=order.holder).order_by("-at")[:50]),
    )


def offers_with_prices() -> QuerySet[Offer]:
    """Offers that are or will be sold, newest first, each with all its prices, those in force first."""
    prices = Price.objects.order_by(F("valid_to").desc(nulls_first=True), "currency")
    return Offer.objects.exclude(state=Offer.State.CLOSED).prefetch_related(Prefetch("prices", queryset=prices)).order_by("-pk")


def failed_refunds() -> QuerySet[Refund]:
    """Refunds that failed lately and that no later one of the same payment made good."""
    later = Refund.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk"), state__in=Refund.LIVE)
    rows = Refund.objects.filter(state__in=[Refund.State.FAILED, Refund.State.CANCELLED], created_at__gte=now() - OLD_NEWS)
    return rows.filter(~Exists(later)).select_related("payment__order").order_by("-pk")


def returned_unrefunded() -> QuerySet[OrderComponent]:
    """Goods that are back in the house while their money is not given back at all."""
    rows = OrderComponent.objects.filter(returned__gt=0, refunded_net=0, refunded_tax=0, net__gt=0)
    rows = rows.filter(line__order__state=Order.State.PAID)
    return rows.select_related("line__order").order_by("pk")


def stuck_events() -> QuerySet[WebhookEvent]:
    """Webhooks that failed to be processed."""
    return WebhookEvent.objects.filter(state=WebhookEvent.State.FAILED)


def orders_to_review() -> QuerySet[Order]:
    return Order.objects.filter(state=Order.State.REVIEW).order_by(F("placed_at").desc())
