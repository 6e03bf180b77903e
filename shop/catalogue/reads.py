"""What is on the shelf. Every read of many offers costs the same few queries, however many there are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.roles import OWNER, has_role
from kit.clock import local_date, now
from kit.prepared import Given, GivenAll, prepared
from shop.catalogue.holidays import Holiday, today, with_holidays
from shop.catalogue.models import Bundle, Component, Offer, Price
from stock.reads import free_pieces, pieces_left


@dataclass(frozen=True)
class Ware:
    """An offer as it stands now. `price` is the one shown, `prices` those of all currencies by code. `free`: how many
    can be had (None: nothing in it is scarce); `free_seats`: how many its classes alone would admit (None: no class).

    state: draft | soon (sale begins later) | live | sold_out | paused (its seller is on holiday) | closed.
    `away_until`: the day on which an absent seller is back; `is_awaited`: pieces of its goods are ordered and not here yet.
    `personal`: the offer made for one person by which it is bought (shop.catalogue.personal).
    """

    offer: Offer
    bundle: Bundle | None
    parts: list[Component]
    price: Price | None
    free: int | None
    free_seats: int | None
    state: str
    prices: Sequence[Price] = ()
    away_until: date | None = None
    is_awaited: bool = False
    personal: Any = None

    @property
    def buyable(self) -> bool:
        return self.state == "live"

    @property
    def seats(self) -> list[Component]:
        return [part for part in self.parts if part.kind == Component.Kind.SEAT]

    @property
    def scarce_seats(self) -> bool:
        """Whether `free` counts seats: no goods in it run out before its classes do."""
        return self.free_seats is not None and self.free == self.free_seats

    @property
    def goods(self) -> list[Component]:
        return [part for part in self.parts if part.kind == Component.Kind.STOCK]

    @property
    def tickets(self) -> list[Component]:
        return [part for part in self.parts if part.kind == Component.Kind.TICKET]

    @property
    def kinds(self) -> set[str]:
        """Of its parts."""
        return {part.kind for part in self.parts}

    @property
    def one_each(self) -> bool:
        """A seat or ticket is for one person: such an offer is bought once an order, and so is one made for somebody."""
        return bool(self.seats or self.tickets) or self.personal is not None


def price_at(offer: Offer, currency: str, moment: datetime | None = None) -> Price | None:
    """The one price of that instant (I2), or None."""
    return prices_at([offer], currency, moment).get(offer.pk)


def prices_at(offers: Iterable[Offer], currency: str, moment: datetime | None = None) -> dict[int, Price]:
    """offer id → price in `currency`; offers that have none in it are absent. One query."""
    return {price.offer_id: price for price in _valid_prices(offers, moment) if price.currency == currency}


def prices_of(offers: Iterable[Offer]) -> list[Price]:
    """Prices in force of these offers, each with its offer, in every currency. One query besides the offers'."""
    known = {offer.pk: offer for offer in offers}
    rows = _valid_prices(known.values(), None)
    for row in rows:
        row.offer = known[row.offer_id]
    return sorted(rows, key=lambda row: (-row.offer_id, row.currency))


def _shown(prices: Sequence[Price], currency: str) -> Price | None:
    """The price in `currency`; an offer that is not sold in it shows the one it has, alphabetically first."""
    return next((price for price in prices if price.currency == currency), prices[0] if prices else None)


def _valid_prices(offers: Iterable[Offer], moment: datetime | None) -> list[Price]:
    """Prices of that instant in every currency, by its code."""
    return _prices(offers=[offer.pk for offer in offers], at=moment or now())


@prepared
def _prices() -> QuerySet[Price]:
    span = Q(valid_to=None) | Q(valid_to__gt=Given("at"))
    return Price.objects.filter(span, offer__in=GivenAll("offers"), valid_from__lte=Given("at")).order_by("currency")


def current_bundles(offers: Iterable[Offer]) -> dict[int, tuple[Bundle, list[Component]]]:
    """offer id → its current bundle and that bundle's parts, with cohorts and goods at hand. One query."""
    found: dict[int, tuple[Bundle, list[Component]]] = {}
    for part in _current_parts(offers=[offer.pk for offer in offers], today=today()):
        found.setdefault(part.bundle.offer_id, (part.bundle, []))[1].append(part)
    return found


@prepared
def _current_parts() -> QuerySet[Component]:
    parts = Component.objects.filter(bundle__is_current=True, bundle__offer__in=GivenAll("offers"))
    return with_holidays(parts.select_related("bundle", "cohort", "sku", "event"))


def demand_of(parts: Iterable[tuple[Component, int]]) -> dict[str, int]:
    """ref → pieces wanted for (component, number of bundles) pairs, summed so that shared goods are counted once."""
    wanted: Counter[str] = Counter()
    for part, quantity in parts:
        wanted[part.stock_ref] += part.quantity * quantity
    return dict(wanted)


def _makeable(parts: Sequence[Component], free: Mapping[str, int]) -> int | None:
    wanted = demand_of((part, 1) for part in parts)
    return min((max(free.get(ref, 0), 0) // pieces for ref, pieces in wanted.items()), default=None)


def availability(offers: Iterable[Offer]) -> dict[int, int | None]:
    """offer id → how many can be had now: the minimum over its parts. Two queries."""
    bundles = current_bundles(list(offers))
    free = free_pieces({part.stock_ref for _bundle, parts in bundles.values() for part in parts})
    return {offer_id: _makeable(parts, free) for offer_id, (_bundle, parts) in bundles.items()}


def wares(offers: Iterable[Offer], currency: str = "") -> list[Ware]:
    """The offers with contents, price, stock and state, in the order given. Three queries."""
    listed = list(offers)
    bundles = current_bundles(listed)
    prices: dict[int, list[Price]] = {}
    for price in _valid_prices(listed, None):
        prices.setdefault(price.offer_id, []).append(price)
    stock = pieces_left({part.stock_ref for _bundle, parts in bundles.values() for part in parts})
    free = {ref: left.free for ref, left in stock.items()}
    found = []
    for offer in listed:
        bundle, parts = bundles.get(offer.pk, (None, []))
        left = _makeable(parts, free)
        seats = _makeable([part for part in parts if part.kind == Component.Kind.SEAT], free)
        own = prices.get(offer.pk, [])
        shown = _shown(own, currency or settings.SHOP_CURRENCY)
        waits = any(part.stock_ref in stock and stock[part.stock_ref].is_awaited for part in parts)
        away = getattr(parts[0], "away_until", None) if parts else None
        found.append(Ware(offer, bundle, parts, shown, left, seats, _state(offer, parts, shown, left), own, away, waits))
    return found


def instead_of(listed: Sequence[Ware], currency: str = "") -> list[Ware | None]:
    """For each ware what is sold where its goods are not sent: itself where it has none, None where nothing is.

    Four queries, none where nothing is named for it."""
    wanted = [ware.offer.without_kit_id for ware in listed if ware.goods and ware.offer.without_kit_id and not ware.personal]
    others = wares(Offer.objects.filter(pk__in=wanted).select_related("picture"), currency) if wanted else []
    found = {ware.offer.pk: ware for ware in others if not ware.goods and ware.state in ("live", "sold_out", "paused")}
    return [(None if ware.personal else found.get(ware.offer.without_kit_id or 0)) if ware.goods else ware for ware in listed]


def _state(offer: Offer, parts: Sequence[Component], price: Price | None, left: int | None) -> str:
    moment = now()
    if offer.state == Offer.State.DRAFT or price is None or not parts:
        return "draft"
    if offer.state == Offer.State.CLOSED or (offer.sale_until and offer.sale_until <= moment) or _classes_over(parts, moment):
        return "closed"
    if offer.sale_from and offer.sale_from > moment:
        return "soon"
    if getattr(parts[0], "away_kind", None) == Holiday.Kind.PAUSE:
        return "paused"
    return "sold_out" if left is not None and left < 1 else "live"


def _classes_over(parts: Sequence[Component], moment: datetime) -> bool:
    events = [part.event for part in parts if part.event is not None]
    if any(event.cancelled_at is not None or event.ends_at <= moment for event in events):
        return True
    cohorts = [part.cohort for part in parts if part.cohort is not None]
    return any(local_date(moment, cohort.time_zone) > (cohort.enrol_until or cohort.ends_on) for cohort in cohorts)


def live_offers() -> QuerySet[Offer]:
    """Offers that the shop shows, newest first; whether one can be bought now is Ware.state."""
    return Offer.objects.filter(state=Offer.State.LIVE).select_related("picture", "course", "seller").order_by("-pk")


def offers_of_course(course: Any) -> QuerySet[Offer]:
    """Offers of one course (or its id) that are or were for sale, oldest class first."""
    shown_states = [Offer.State.LIVE, Offer.State.CLOSED]
    rows = Offer.objects.filter(course=course, state__in=shown_states).select_related("picture", "course", "seller")
    return rows.order_by("pk")


def best_ware(listed: Sequence[Ware]) -> Ware | None:
    """What to show first of several offers of one thing: what can be bought, then what can soon be, then the rest."""
    order = {"live": 0, "soon": 1, "paused": 2, "sold_out": 3, "closed": 4}
    return min((ware for ware in listed if ware.state in order), key=lambda ware: order[ware.state], default=None)


def offer_named(name: str) -> Offer | None:
    """The offer with this slug, or with this id as digits; whoever asks checks `may_see`."""
    return next(iter(_named(slug=name, ident=int(name) if name.isdecimal() and len(name) < 19 else None)), None)


@prepared
def _named() -> QuerySet[Offer]:
    return Offer.objects.filter(Q(slug=Given("slug")) | Q(pk=Given("ident")))


def may_see(offer: Offer, user: Any) -> bool:
    """Drafts are shown to their seller and the owner only."""
    if offer.state != Offer.State.DRAFT:
        return True
    return bool(user.is_authenticated and (offer.seller_id == user.pk or has_role(user, OWNER)))


def shown(offer: Offer, request: Any) -> Ware | None:
    """The ware for the person behind `request`, or None where it must look as if it did not exist."""
    return wares([offer])[0] if may_see(offer, request.user) else None
