"""A referrer's clicks, sign-ups, orders and kept orders, by day, channel and course. The parts always add up to the whole.

Clicks come from the roll-ups up to the last closed hour and are counted live since: a few queries however many there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from courses.models import Course
from kit.clock import local_date, now, start_of_day, zone
from shop.orders.models import OrderLine
from shop.referrals.doors import target_of
from shop.referrals.forms import CHANNELS
from shop.referrals.models import Attribution, Commission, Link

SPANS = (7, 30, 90, 365)
BY = ("day", "channel", "course")


@dataclass
class Row:
    """One line of a report: clicks, people who signed up, orders paid, orders kept (they still earn something)."""

    label: Any
    clicks: int = 0
    sign_ups: int = 0
    orders: int = 0
    kept: int = 0

    def add(self, other: "Row") -> None:
        self.clicks += other.clicks
        self.sign_ups += other.sign_ups
        self.orders += other.orders
        self.kept += other.kept


@dataclass(frozen=True)
class Fact:
    """What happened by one link (None: a coupon, an offer bought in place) on one day with one course (slug, '' for none)."""

    link: int | None
    day: date
    course: str
    row: Row


# Rolled up until the clock, live since: one statement, so that a page may ask for it beside much else.
_CLICKS = """
    WITH clock AS (SELECT coalesce((SELECT min(through) FROM referrals_clickclock), '2000-01-01+00'::timestamptz) AS through),
    mine AS (SELECT id FROM referrals_link WHERE owner_id = %(user)s)
    SELECT {columns}, sum(clicks)::bigint, sum(sign_ups)::bigint FROM (
        SELECT link_id, day, clicks, sign_ups FROM referrals_clickday WHERE link_id IN (SELECT id FROM mine) AND day >= %(since)s
        UNION ALL
        SELECT link_id, (at AT TIME ZONE %(zone)s)::date, 1, 0 FROM referrals_click
        WHERE link_id IN (SELECT id FROM mine) AND at >= greatest((SELECT through FROM clock), %(start)s)
        UNION ALL
        SELECT link_id, (bound_at AT TIME ZONE %(zone)s)::date, 0, 1 FROM referrals_click
        WHERE link_id IN (SELECT id FROM mine) AND is_signup AND bound_at >= greatest((SELECT through FROM clock), %(start)s)
    ) AS seen GROUP BY {columns}
"""
EVER = date(2000, 1, 1)


def _clicks(user: Any, since: date, columns: str) -> list[tuple[Any, ...]]:
    """(the columns, clicks, sign-ups), as far as there were any. One query."""
    values = {"user": user.pk, "since": since, "start": start_of_day(since, settings.TIME_ZONE), "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(_CLICKS.format(columns=columns), values)
        return list(cursor.fetchall())


def click_counts(user: Any) -> dict[int, Row]:
    """link id → its clicks and sign-ups, all of them. One query."""
    return {link: Row("", int(clicks), int(sign_ups)) for link, clicks, sign_ups in _clicks(user, EVER, "link_id")}


def funnel(user: Any, counts: dict[int, Row]) -> Row:
    """The four numbers over everything of a referrer, from `click_counts`. Two queries."""
    whole = Row("", orders=Attribution.objects.filter(referrer=user).count(), kept=_kept(user).count())
    for row in counts.values():
        whole.add(row)
    return whole


def _kept(user: Any) -> Any:
    """Attributions that still earn something, neither refunded in full nor rejected."""
    sums = Commission.objects.filter(payee=user).exclude(attribution__state=Attribution.State.REJECTED)
    rows = sums.values("attribution").annotate(sum=Sum("amount")).filter(sum__gt=0)
    return rows.order_by().values_list("attribution", flat=True)


def facts(user: Any, days: int, *, daily: bool = True) -> list[Fact]:
    """Everything of the last `days` days, today included, summed by the database: day by day, or (not `daily`) all on the
    first one. Four queries."""
    since = local_date(now(), settings.TIME_ZONE) - timedelta(days=days - 1)
    courses = _courses_of(Link.objects.filter(owner=user))
    found = []
    for link, *day, clicks, sign_ups in _clicks(user, since, "link_id, day" if daily else "link_id"):
        found.append(Fact(link, day[0] if daily else since, courses[link], Row("", clicks, sign_ups)))
    first = OrderLine.objects.filter(order=OuterRef("order")).order_by("offer__course__slug").values("offer__course__slug")
    rows = Attribution.objects.filter(referrer=user, created_at__gte=start_of_day(since, settings.TIME_ZONE))
    rows = rows.annotate(slug=Subquery(first[:1]), day=TruncDate("created_at", tzinfo=zone(settings.TIME_ZONE)))
    keys = ("link", "slug", "day") if daily else ("link", "slug")
    sums = rows.order_by().values(*keys).annotate(orders=Count("pk"), kept=Count("pk", filter=Q(pk__in=_kept(user))))
    for row in sums:
        counted = Row("", orders=row["orders"], kept=row["kept"])
        found.append(Fact(row["link"], row.get("day", since), row["slug"] or "", counted))
    return found


def _courses_of(links: Iterable[Link]) -> dict[int, str]:
    """link id → slug of the course that its page is about. One query at most."""
    targets = {link.pk: target_of(link.target) for link in links}
    offers = {slug for kind, slug in targets.values() if kind == "offer"}
    by_offer = dict(Course.objects.filter(offers__slug__in=offers).values_list("offers__slug", "slug")) if offers else {}
    return {pk: slug if kind == "course" else by_offer.get(slug, "") for pk, (kind, slug) in targets.items()}


def report(user: Any, by: str, days: int) -> list[Row]:
    """The facts gathered by day, channel or course, days in order (empty ones too), else the busiest first."""
    known = facts(user, days, daily=by == "day")
    if by == "day":
        today = local_date(now(), settings.TIME_ZONE)
        span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        return list(_gather(known, lambda fact: fact.day, {day: Row(day) for day in span}).values())
    if by == "channel":
        return _by_channel(user, known)
    titles = dict(Course.objects.filter(slug__in={fact.course for fact in known}).values_list("slug", "title"))
    return _busiest(_gather(known, lambda fact: fact.course, {}), lambda slug: titles.get(slug, _("other pages")))


def _by_channel(user: Any, known: list[Fact]) -> list[Row]:
    channels, names = (
        dict(Link.objects.filter(owner=user).values_list("pk", "channel")),
        {**dict(CHANNELS), Link.NOTES: _("notes")},
    )
    rows = _gather(known, lambda fact: None if fact.link is None else channels.get(fact.link, ""), {})
    return _busiest(rows, lambda name: _("coupons and recommendations") if name is None else names.get(name, name))


def _gather(known: Iterable[Fact], key: Callable[[Fact], Any], rows: dict[Any, Row]) -> dict[Any, Row]:
    for fact in known:
        rows.setdefault(key(fact), Row(key(fact))).add(fact.row)
    return rows


def _busiest(rows: dict[Any, Row], name: Callable[[Any], Any]) -> list[Row]:
    for row in rows.values():
        row.label = name(row.label)
    return sorted(rows.values(), key=lambda row: (-row.orders, -row.clicks, str(row.label)))


def total(rows: Iterable[Row]) -> Row:
    """All rows in one."""
    whole = Row(_("Together"))
    for row in rows:
        whole.add(row)
    return whole
