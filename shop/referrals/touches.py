"""What led a buyer to an order, as plain values for the receipt."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.emails import folded_email
from accounts.models import User
from accounts.roles import OWNER
from community.models import Note, Topic
from courses.permissions import actions_of
from shop.orders.models import Order
from shop.referrals.cover import covers, live_agreements
from shop.referrals.models import Agreement, Click, Link, Programme, ProgrammeVersion
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class InForce:
    """What pays for an order: `versions` by offer's id, None where nothing does; `version` is the one that decides who is
    credited: that of the first offer with a programme of its own, else the general one's."""

    version: ProgrammeVersion
    versions: dict[int, ProgrammeVersion | None]

    @property
    def others(self) -> dict[int, ProgrammeVersion | None]:
        """The offers that another programme pays for, or none."""
        return {offer: version for offer, version in self.versions.items() if version != self.version}

    @property
    def rules(self) -> dict[str, Any]:
        """Its rules, with the rates of the other offers' own programmes in their place: one set of rules for the receipt."""
        rules = Rules.from_json(self.version.rules)
        offers = dict(rules.offers)
        for offer, version in self.others.items():
            own = Rules.from_json(version.rules) if version else None
            kinds = {*rules.rates, *(own.rates if own else ())}
            offers[str(offer)] = {kind: own.rate_of(kind, offer) if own else 0 for kind in sorted(kinds)}
        return replace(rules, offers=offers).to_json()


def in_force(order: Order) -> InForce | None:
    """The rules that pay for an order that is placed now; None where no programme does. Three queries."""
    offers = list(order.lines.order_by("pk").values_list("offer_id", flat=True))
    rows = {row.offer_id: row for row in Programme.objects.filter(Q(offer__in=offers) | Q(offer=None), is_open=True)}
    first = next((rows[offer] for offer in offers if offer in rows), rows.get(None))
    if first is None:
        return None
    newest = ProgrammeVersion.objects.filter(programme__in=rows.values()).order_by("programme", "-number").distinct("programme")
    versions = {row.programme_id: row for row in newest.select_related("programme")}
    paying = {offer: rows.get(offer, rows.get(None)) for offer in offers}
    return InForce(versions[first.pk], {offer: row and versions[row.pk] for offer, row in paying.items()})


def touches_of(*, order: Order, visitor: UUID | None, paying: InForce) -> list[dict[str, Any]]:
    """All touches, oldest first: clicks of this browser or account, the sign-up's binding, the link whose code was
    typed at checkout, the place it was bought in, the coupon that it was bought with."""
    clicks = Click.objects.filter(Q(visitor=visitor) if visitor else Q(pk=None))
    if order.user_id:
        clicks = clicks | Click.objects.filter(user=order.user_id)
    found = []
    for click in clicks.select_related("link__note").distinct().order_by("at", "pk"):
        link, note = click.link, click.link.note
        channel = f"note:{note.pk}" if note else link.channel
        base = {"referrer": link.owner_id, "link": link.pk, "channel": channel, "at": click.at.isoformat()}
        killed = link.killed_at is not None or bool(note and note.removed_at)
        found.append({"kind": "note" if note else "link", "killed": killed, **base})
        if click.is_signup and click.user_id == order.user_id:
            bound_at = (click.bound_at or click.at).isoformat()
            found.append({"kind": "binding", "killed": killed, **base, "bound_at": bound_at})
    if (typed := link_typed(order.terms.get("recommended", ""))) is not None:
        found.append(_in_the_order(order, "link", typed.owner_id, typed.channel) | {"link": typed.pk})
    if (author := author_of(order.place)) is not None:
        kind = "note" if note_of(order.place) else "place"
        found.append(_in_the_order(order, kind, author, order.place))
    coupon = order.terms.get("coupon", {})
    if coupon.get("referrer"):
        found.append(_in_the_order(order, "coupon", coupon["referrer"], coupon["code"]))
    return _judged(found, order, paying)


def _in_the_order(order: Order, kind: str, referrer: int, channel: str) -> dict[str, Any]:
    """A touch that is part of the order itself, and as old as it is."""
    at = order.placed_at.isoformat()
    return {"kind": kind, "killed": False, "referrer": referrer, "link": None, "channel": channel, "at": at}


def author_of(place: str) -> int | None:
    """Whose topic or note the offer stood in. A lesson's author is its teacher, who never earns on it: nobody."""
    topic, note = topic_of(place), note_of(place)
    if note:
        shown = Note.objects.filter(pk=note, published_at__isnull=False, removed_at=None)
        return shown.values_list("author_id", flat=True).first()
    return Topic.objects.filter(pk=topic, removed_at=None).values_list("author_id", flat=True).first() if topic else None


def topic_of(place: str) -> int | None:
    """The topic's id, where the place is one: `topic:12`."""
    return _named("topic", place)


def note_of(place: str) -> int | None:
    """The note's id, where the place is one: `note:12`."""
    return _named("note", place)


def _named(wanted: str, place: str) -> int | None:
    kind, _colon, ident = place.partition(":")
    return int(ident) if kind == wanted and ident.isdecimal() and len(ident) < 19 else None


def _judged(found: list[dict[str, Any]], order: Order, paying: InForce) -> list[dict[str, Any]]:
    """Each touch with whether its referrer may earn: a live agreement, and neither staff nor teacher of the course.

    `without`: the order's other offers whose own programme they have no agreement with.
    """
    people = User.objects.in_bulk({touch["referrer"] for touch in found})
    agreements = live_agreements(people)
    agreed = _agreed(agreements, paying.version)
    others = {offer: _agreed(agreements, version) for offer, version in paying.others.items() if version}
    courses = [line.offer.course for line in order.lines.select_related("offer__course__teacher") if line.offer.course]
    barred = {
        pk
        for pk, person in people.items()
        if person.is_staff or person.is_superuser or any(actions_of(person, course) for course in courses)
    }
    barred |= set(User.objects.filter(pk__in=people, groups__name=OWNER).values_list("pk", flat=True))
    for touch in found:
        touch["live"] = touch["referrer"] in agreed and not touch.pop("killed")
        touch["barred"] = touch["referrer"] in barred
        if without := [offer for offer, known in others.items() if touch["referrer"] not in known]:
            touch["without"] = without
    return found


def _agreed(agreements: list[Agreement], version: ProgrammeVersion) -> set[int]:
    rules = Rules.from_json(version.rules)
    return {row.user_id for row in agreements if covers(row, version.programme, rules)}


def bought_before(order: Order) -> bool:
    """Whether the buyer has paid for anything before, by account or by e-mail address in any spelling."""
    folded = folded_email(order.email)
    local, _at, domain = folded.rpartition("@")
    who = Q(email__iexact=folded) | Q(email__istartswith=f"{local}+", email__iendswith=f"@{domain}")
    if order.user_id:
        who |= Q(user=order.user_id)
    return Order.objects.filter(who, paid_at__lt=order.placed_at).exclude(pk=order.pk).exists()


def link_typed(code: str) -> Link | None:
    """A live link by its code as somebody typed it: capitals or not."""
    rows = Link.objects.filter(code__iexact=code.strip(), killed_at=None).select_related("owner") if code.strip() else []
    return min(rows, key=lambda link: (link.code != code.strip(), link.pk), default=None)
