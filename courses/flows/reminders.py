"""The daily reminder: at the learner's hour, in their own zone, which lesson is open."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from courses.models import Reminder
from courses.reads.learn import MyCourse, my_courses
from kit.clock import now, zone
from notices.flows import Words, language_of, notify

HOURS_LATE = 3  # after an outage a reminder is still of use for so long


def set_reminder(*, user: Any, hour: int | None, by_email: bool = True) -> None:
    """At which hour to be reminded; None: not any more. ValueError for what is no hour."""
    if hour is None:
        Reminder.objects.filter(user=user).delete()
        return
    if not 0 <= hour <= 23:
        raise ValueError(hour)
    Reminder.objects.update_or_create(user=user, defaults={"hour": hour, "by_email": by_email})


def send_reminders() -> int:
    """Remind everybody whose hour has come, at most once on a local day. Returns how many people were due.

    Where the hour is skipped in spring, the next one counts; where it comes twice in autumn, the first.
    """
    moment, due = now(), 0
    zones = Reminder.objects.filter(user__is_active=True).values_list("user__time_zone", flat=True).distinct()
    for name in list(zones):
        local = moment.astimezone(zone(name))
        rows = Reminder.objects.filter(
            Q(last_on=None) | Q(last_on__lt=local.date()),
            user__time_zone=name,
            user__is_active=True,
            hour__range=(local.hour - HOURS_LATE + 1, local.hour),
        )
        for pk in rows.values_list("pk", flat=True):
            due += _remind(pk, local.date())
    return due


@transaction.atomic
def _remind(pk: int, today: date) -> bool:
    rows = Reminder.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    row = rows.filter(Q(last_on=None) | Q(last_on__lt=today), pk=pk).first()
    if row is None:
        return False
    row.last_on = today
    row.save(update_fields=["last_on"])
    with override(language_of(row.user)):
        for item in my_courses(row.user):
            if item.lesson is not None and item.day > 0 and not item.paused and item.rests_today is None:
                _tell(row, item, today)
    return True


def _tell(row: Reminder, item: MyCourse, today: date) -> None:
    lesson, seat = item.lesson, item.seat
    assert lesson is not None
    values = {
        "day": lesson.day,
        "lesson": lesson.shown_title,  # type: ignore[attr-defined]
        "course": item.page.title if item.page else seat.cohort.course.title,
        "minutes": lesson.minutes,
    }
    notify(
        user=row.user,
        kind="lesson",
        key=f"reminder:{seat.pk}:{today}",
        gate=seat.cohort.seat_ref,
        url=reverse("courses:lesson", args=[seat.cohort.course.slug, lesson.slug]),
        words=Words(_("Day %(day)s is open: %(lesson)s"), _("%(course)s, %(minutes)s minutes."), values),
        email=row.by_email,
    )
