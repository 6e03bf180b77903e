"""Who brings students that finish, not only students that pay: for the teachers of their courses."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Substr

from accounts.models import User
from courses.models import Enrolment
from courses.permissions import Can, taught_courses
from courses.reads.groups import finished_seats
from shop.referrals.models import Attribution

MOST = 200
_HOLDER = "order:"


@dataclass(frozen=True)
class Bringer:
    """A referrer, and the students whom they brought to one's courses: in all, still with a seat, finished."""

    person: User
    brought: int
    learning: int
    finished: int

    @property
    def finished_percent(self) -> int:
        """Of those who were brought, rounded down."""
        return 100 * self.finished // self.brought


def bringers(user: Any) -> list[Bringer]:
    """Referrers credited for seats in the courses whose students this person may write to; those who brought most students
    that finished first. Three queries for any number of students."""
    seats = _credited(Enrolment.objects.filter(cohort__course__in=taught_courses(user, Can.WRITE)))
    active = Q(state=Enrolment.State.ACTIVE)
    counted = seats.order_by().values("referrer").annotate(n=Count("pk"), active=Count("pk", filter=active))
    finished = finished_seats(seats.filter(active)).order_by().values("referrer").annotate(n=Count("pk"))
    done = {row["referrer"]: row["n"] for row in finished}
    rows = {row["referrer"]: row for row in counted}
    people = User.objects.in_bulk(rows)
    found = [Bringer(people[pk], row["n"], row["active"], done.get(pk, 0)) for pk, row in rows.items()]
    return sorted(found, key=lambda row: (-row.finished, -row.brought, row.person.pk))[:MOST]


def has_brought(user: Any, referrer_id: int) -> bool:
    """Whether this referrer is one of those `bringers`. One query."""
    courses = taught_courses(user, Can.WRITE)
    return _credited(Enrolment.objects.filter(cohort__course__in=courses)).filter(referrer=referrer_id).exists()


def _credited(seats: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Seats that an order with a credited `referrer` paid for (their source is `order:17`)."""
    order = Cast(Substr(OuterRef("source"), len(_HOLDER) + 1), BigIntegerField())
    credited = Attribution.objects.filter(order_id=order, state=Attribution.State.CREDITED).values("referrer")
    rows = seats.filter(source__regex=rf"^{_HOLDER}\d+$")
    return rows.annotate(referrer=Subquery(credited)).filter(referrer__isnull=False)
