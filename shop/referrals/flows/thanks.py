"""A teacher thanks a referrer."""

from typing import Any

from django.utils.translation import gettext_noop

from kit.clock import local_date, now
from notices.flows import Words, notify


def thank_referrer(*, referrer: Any, teacher: Any, text: str) -> None:
    """Tell them, in the teacher's own words or in ours; once a week by the same teacher, however often it is pressed."""
    year, week, _day = local_date(now(), teacher.time_zone).isocalendar()
    body = text.strip()
    notify(
        user=referrer,
        kind="thanks",
        key=f"thanks:{teacher.pk}:{year}-{week}",
        url="/promote/",
        words=Words(
            gettext_noop("%(name)s thanks you"),
            gettext_noop("“%(text)s”") if body else gettext_noop("The students whom you brought are a joy to teach."),
            {"name": teacher.display_name, "text": body},
        ),
    )
