"""Parcels, what asks for attention, and the shelf."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Lower

from kit.addresses import lines_of
from kit.clock import FALLBACK_ZONE, local_date, now, start_of_day
from shop.catalogue.countries import country_name
from shop.catalogue.stores import CHAINS
from shop.fulfilment.models import Inspection, Return, Shipment
from shop.orders.models import Delivery, Order

State = Shipment.State


def with_contents(rows: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """With order, delivery, who printed, lines and goods at hand: three queries for any number."""
    return rows.select_related("order__delivery", "printed_by").prefetch_related("lines__component__component__sku")


def parcels(state: str = "to_pack", method: str = "", query: str = "", *, unprinted: bool = False) -> QuerySet[Shipment]:
    """Parcels of one state ("" for all). To pack: whose class starts soonest comes first, then who paid first; else the
    newest first."""
    rows = with_contents(Shipment.objects.all())
    if state:
        rows = rows.filter(state=state)
    if method:
        rows = rows.filter(order__delivery__method=method)
    if unprinted:
        rows = rows.filter(printed_at=None)
    if query:
        wanted = query.strip().upper()
        rows = rows.filter(
            Q(number__icontains=wanted)
            | Q(order__number__icontains=wanted)
            | Q(tracking__icontains=query.strip())
            | Q(order__delivery__name__icontains=query.strip())
        )
    if state != State.TO_PACK:
        return rows.order_by("-pk")
    starts = Min("order__lines__components__component__cohort__starts_on")
    return rows.annotate(starts_on=starts).order_by(F("starts_on").asc(nulls_last=True), "order__paid_at", "pk")


def stopped_after_printing() -> list[Shipment]:
    """Parcels whose slip lies somewhere though their money went back: they must leave the pile."""
    return list(Shipment.objects.filter(state=State.STOPPED, printed_at__isnull=False).select_related("order").order_by("-pk"))


def sent_today(limit: int = 20) -> list[Shipment]:
    """What left since midnight of the house's day, the newest first."""
    since = start_of_day(local_date(now(), FALLBACK_ZONE), FALLBACK_ZONE)
    rows = Shipment.objects.filter(shipped_at__gte=since).select_related("order__delivery")
    return list(rows.order_by("-shipped_at")[:limit])


def open_returns() -> QuerySet[Return]:
    """Returns that buyers asked for, or that lay unclaimed, and that nobody has looked at in full."""
    rows = Return.objects.filter(state=Return.State.REQUESTED).select_related("order", "shipment", "component__component__sku")
    return rows.prefetch_related("inspections").order_by("requested_at", "pk")


def latest_inspections(limit: int = 20) -> list[Inspection]:
    """What was looked at last."""
    rows = Inspection.objects.select_related("ret__order", "ret__component__component__sku", "inspected_by")
    return list(rows.order_by("-pk")[:limit])


def inspections_of(order: Order) -> list[Inspection]:
    """How what came back was found, oldest first."""
    rows = Inspection.objects.filter(ret__order=order).select_related("ret__component")
    return list(rows.order_by("pk"))


def no_shows(orders: Collection[Order]) -> dict[int, int]:
    """Order id → parcels that the same buyer (account, or e-mail address) never fetched; buyers without any are absent.

    One query.
    """
    people = {order.user_id for order in orders if order.user_id}
    emails = {order.email.lower() for order in orders}
    left = Shipment.objects.filter(unclaimed_at__isnull=False).annotate(email=Lower("order__email"))
    rows = list(left.filter(Q(order__user__in=people) | Q(email__in=emails)).values_list("order__user", "email"))
    found = {order.pk: _left_by(order, rows) for order in orders}
    return {pk: count for pk, count in found.items() if count}


def _left_by(order: Order, rows: Sequence[tuple[int | None, str]]) -> int:
    return sum(email == order.email.lower() or (user is not None and user == order.user_id) for user, email in rows)


@dataclass(frozen=True)
class Attention:
    """What waits for the packer today."""

    to_pack: int
    stopped: int
    returns: int


def attention() -> Attention:
    """Two queries."""
    counts = Shipment.objects.filter(state__in=[State.TO_PACK, State.STOPPED]).aggregate(
        to_pack=Count("pk", filter=Q(state=State.TO_PACK)),
        stopped=Count("pk", filter=Q(state=State.STOPPED, printed_at__isnull=False)),
    )
    return Attention(returns=Return.objects.filter(state=Return.State.REQUESTED).count(), **counts)


def address_lines(delivery: Delivery) -> list[str]:
    """Where it goes, as that country writes it; for a store its chain, name and code."""
    if delivery.method == Delivery.Method.STORE:
        chain = CHAINS.get(delivery.chain)
        return [f"{chain.name if chain else delivery.chain} {delivery.store_name}", delivery.store_code]
    names = ("country", "region", "city", "district", "street", "postal_code")
    lines = lines_of({name: getattr(delivery, name) for name in names})
    return [*lines, country_name(delivery.country)]


def parcels_of(order: Order) -> Sequence[Shipment]:
    """An order's parcels with contents, oldest first. Two queries."""
    return list(order.shipments.order_by("pk").prefetch_related("lines__component__component__sku"))
