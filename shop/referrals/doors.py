"""Programmes that may be joined, and which of them a referrer's links still lack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve

from kit.money import percent_text
from shop.catalogue.models import Component, Offer
from shop.referrals.cover import covers, live_agreements
from shop.referrals.models import Admission, Link, Programme, ProgrammeVersion
from shop.referrals.rules import Rules

PAGE = 30


@dataclass(frozen=True)
class Door:
    """A programme that may be joined, its rules in force (`version` is their id), and whether the person has agreed to them.

    `admission` is the state of one's application or invitation, '' for none; `way` what the page offers: join | apply | wait.
    `sold`: the kinds of component that the programme's offer is made of; None for the general programme.
    """

    programme: Programme
    rules: Rules
    agreed: bool
    version: int = 0
    admission: str = ""
    sold: frozenset[str] | None = None

    @property
    def way(self) -> str:
        if self.programme.joining == Programme.Joining.OPEN or self.admission in {"invited", "accepted"}:
            return "join"
        return "wait" if self.admission else "apply"

    @property
    def percents(self) -> list[tuple[str, str]]:
        """(kind of component, percent as text) of what is sold and earns anything, courses first."""
        rates = sorted(self.rules.rates.items(), key=lambda item: item[0] != "seat")
        return [(kind, f"{Decimal(rate) / 100:f}") for kind, rate in rates if rate and (self.sold is None or kind in self.sold)]

    @property
    def vest_percent(self) -> str:
        return percent_text(self.rules.vest_share)


def joinable(user: Any) -> QuerySet[Programme]:
    """Programmes that this person may see: open, and of nothing that is still a draft, whose name is nobody's business yet.

    One by invitation is seen by those who are invited, and by those who are in it.
    """
    rows = Programme.objects.filter(
        ~Q(joining=Programme.Joining.INVITATION) | Q(admissions__user=user) | Q(agreements__user=user, agreements__ended_at=None)
    ).distinct()
    return rows.filter(Q(offer=None) | ~Q(offer__state=Offer.State.DRAFT), is_open=True)


def doors(user: Any, also: Iterable[int] = ()) -> list[Door]:
    """The first open programmes, and those named in `also`, as this person finds them. Six queries at most."""
    first = list(joinable(user).order_by("pk").values_list("pk", flat=True)[:PAGE])
    programmes = list(joinable(user).filter(pk__in={*first, *also}).select_related("offer").order_by("pk"))
    versions: dict[int, ProgrammeVersion] = {}
    for version in (
        ProgrammeVersion.objects.filter(programme__in=programmes).order_by("programme", "-number").distinct("programme")
    ):
        versions[version.programme_id] = version
    mine = live_agreements([user.pk])
    closed = [programme for programme in programmes if programme.joining != Programme.Joining.OPEN]
    known = Admission.objects.filter(user=user, programme__in=closed).values_list("programme", "state")
    admissions = dict(known) if closed else {}
    sold: dict[int, set[str]] = {}
    for offer, kind in Component.objects.filter(
        bundle__offer__in=[row.offer_id for row in programmes if row.offer_id], bundle__is_current=True
    ).values_list("bundle__offer", "kind"):
        sold.setdefault(offer, set()).add(kind)
    found = []
    for programme in programmes:
        if (version := versions.get(programme.pk)) is not None:
            rules = Rules.from_json(version.rules)
            agreed = any(covers(row, programme, rules) for row in mine)
            kinds = frozenset(sold.get(programme.offer_id, ())) if programme.offer_id else None
            found.append(Door(programme, rules, agreed, version.pk, admissions.get(programme.pk, ""), kinds))
    return found


def programmes_behind(links: Sequence[Link]) -> dict[int, list[int | None]]:
    """link id → the open programmes that pay for what its page sells, None where that is the general one.

    Links to a page of a course or an offer alone: any other page sells nothing by itself. One query.
    """
    slugs = {link.pk: target_of(link.target) for link in links}
    courses = {slug for kind, slug in slugs.values() if kind == "course"}
    shop = {slug for kind, slug in slugs.values() if kind == "offer"}
    sold: dict[tuple[str, str], list[int | None]] = {}
    if courses or shop:
        rows = Offer.objects.filter(Q(course__slug__in=courses) | Q(slug__in=shop), state=Offer.State.LIVE)
        for row in rows.order_by("pk").values("slug", "course__slug", "programme__pk", "programme__is_open"):
            programme = row["programme__pk"] if row["programme__is_open"] else None
            sold.setdefault(("offer", row["slug"]), []).append(programme)
            sold.setdefault(("course", row["course__slug"]), []).append(programme)
    return {pk: sold.get(slug, []) for pk, slug in slugs.items()}


def target_of(target: str) -> tuple[str, str]:
    """("course" | "offer", its slug) that a path of ours is about; ("", "") for other pages."""
    try:
        match = resolve(target.partition("?")[0].partition("#")[0])
    except Resolver404:
        return "", ""
    if match.namespace == "courses" and "course_slug" in match.kwargs:
        return "course", match.kwargs["course_slug"]
    if match.namespace == "catalogue" and "offer_slug" in match.kwargs:
        return "offer", match.kwargs["offer_slug"]
    return "", ""


@dataclass(frozen=True)
class Gap:
    """A link that earns nothing yet: the programme to agree to, or None where none pays for its page."""

    door: Door | None


def gaps(links: Sequence[Link], behind: dict[int, list[int | None]], found: Sequence[Door]) -> dict[int, Gap]:
    """link id → what it lacks; links that earn, and links that sell nothing by themselves, are absent."""
    by_programme = {door.programme.pk: door for door in found}
    general = next((door for door in reversed(found) if door.programme.offer_id is None), None)
    missing = {}
    for link in links:
        for programme in behind[link.pk] if link.killed_at is None else []:
            door = general if programme is None else by_programme.get(programme)
            if door is None or not door.agreed:
                missing[link.pk] = Gap(door)
                break
    return missing
