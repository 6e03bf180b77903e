"""How classes end: who finished, and who bought again within 30 and 90 days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from courses.models import Cohort, Enrolment
from courses.permissions import Can, taught_courses
from courses.reads.groups import finished_seats
from kit.clock import local_date, now
from shop.orders.models import Order

WINDOWS = (30, 90)
MOST = 60


@dataclass(frozen=True)
class ClassNumbers:
    """`learners`: seats that no refund ended. `again`: days → how many of them bought again up to so many days after the
    class's last day, None while those days are not over.
    """

    cohort: Cohort
    learners: int
    finished: int
    again: dict[int, int | None]

    @property
    def finished_percent(self) -> int:
        return self._percent(self.finished)

    @property
    def again_30(self) -> int | None:
        return None if self.again[30] is None else self._percent(self.again[30])

    @property
    def again_90(self) -> int | None:
        return None if self.again[90] is None else self._percent(self.again[90])

    def _percent(self, count: int) -> int:
        """Rounded down; 0 of an empty class."""
        return 100 * count // self.learners if self.learners else 0


def class_numbers(user: Any) -> list[ClassNumbers]:
    """The classes in which this person sees names, newest first. Three queries for any number of students."""
    cohorts = Cohort.objects.filter(course__in=taught_courses(user, Can.SEE_NAMES)).select_related("course")
    rows = list(cohorts.order_by("-starts_on", "-pk")[:MOST])
    seats = Enrolment.objects.filter(cohort__in=rows, state=Enrolment.State.ACTIVE)
    learners = seats.order_by().values("cohort").annotate(n=Count("pk"), **_again(seats))
    known = {row["cohort"]: row for row in learners}
    finished = dict(finished_seats(seats).order_by().values("cohort").annotate(n=Count("pk")).values_list("cohort", "n"))
    return [_numbers(cohort, known.get(cohort.pk, {}), finished.get(cohort.pk, 0)) for cohort in rows]


def _numbers(cohort: Cohort, found: dict[str, Any], finished: int) -> ClassNumbers:
    today = local_date(now(), cohort.time_zone)
    again = {days: found.get(f"again_{days}", 0) if _is_over(cohort.ends_on, days, today) else None for days in WINDOWS}
    return ClassNumbers(cohort, found.get("n", 0), finished, again)


def _is_over(last: date, days: int, today: date) -> bool:
    return last + timedelta(days=days) < today


def _again(seats: QuerySet[Enrolment]) -> dict[str, Count]:
    """again_30, again_90: seats whose person paid another order after this one, up to so many days after the class ended."""
    paid = Order.objects.filter(user=OuterRef("user"), state=Order.State.PAID, paid_at__gt=OuterRef("created_at"))
    holder = Concat(Value("order:"), Cast("pk", CharField()))
    other = paid.annotate(own_name=holder).exclude(own_name=OuterRef("source"))
    return {
        f"again_{days}": Count(
            "pk", filter=Exists(other.filter(paid_at__date__lte=OuterRef("cohort__ends_on") + Value(timedelta(days=days))))
        )
        for days in WINDOWS
    }
