"""The whole demo, in the order in which it happened."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from wagtail.signal_handlers import disable_reference_index_auto_update

from config.celery import app
from courses.models import Cohort
from kit import audit, outbox
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry
from launch.demo.load import (
    accounts,
    jottings,
    learning,
    lessons,
    links,
    lively,
    meetings,
    messages,
    orders,
    shelf,
    spaces,
    talk,
    wishes,
)
from launch.demo.load.calendar import Calendar, Step, own_clock, travel, walk
from launch.demo.load.front import cut_pictures, ensure_home
from launch.demo.load.till import Till, open_till

MARK = "demo.loaded"
NO_STAND_IN = "The site speaks to the real Stripe: no orders are made up, students get their seats as a gift of the house."


def load(*, say: Callable[[str], object], again: bool = False) -> bool:
    """Load the demo, or finish a load that was interrupted; False where it is complete already.

    The clock is moved from day to day for this process and for the Stripe stand-in, and is put back whatever happens.
    Mails of those days go nowhere. `again` walks through a complete demo once more, which changes nothing.
    """
    if AuditEntry.objects.filter(action=MARK).exists() and not again:
        return False
    calendar = _calendar()
    with ExitStack() as scope:
        scope.enter_context(own_clock())
        scope.enter_context(_quietly())
        scope.enter_context(_quickly())
        till = scope.enter_context(open_till())
        if till is None:
            say(NO_STAND_IN)
        walk(list(_steps(calendar, till)))
        travel(calendar.latest)
        _deliver_everything()
        cut_pictures()
        if till is not None:
            till.listen()
        if not AuditEntry.objects.filter(action=MARK).exists():
            audit.record(actor=None, action=MARK, target="site")
    return True


def _calendar() -> Calendar:
    """Days as they were when loading began: an interrupted load goes on with the same ones."""
    latest = now() - timedelta(minutes=1)
    first = next(plan for plan in shelf.CLASSES if plan.slug == "ukulele-class-1")
    begun = Cohort.objects.filter(slug=first.slug).first()
    today = begun.starts_on + timedelta(days=first.starts) if begun else local_date(latest, FALLBACK_ZONE)
    return Calendar(today, latest)


def _steps(calendar: Calendar, till: Till | None) -> Iterator[Step]:
    yield Step(calendar.moment(accounts.OPENED, "12:00"), ensure_home)
    yield from accounts.steps(calendar)
    yield from lessons.steps(calendar)
    yield from shelf.steps(calendar)
    yield from links.steps(calendar, paid=till is not None)
    yield from orders.steps(calendar, till) if till is not None else learning.seats_without_orders(calendar)
    yield from learning.steps(calendar)
    yield from talk.steps(calendar)
    yield from spaces.steps(calendar)
    yield from messages.steps(calendar)
    yield from wishes.steps(calendar)
    yield from jottings.steps(calendar)
    yield from lively.steps(calendar)
    yield from meetings.steps(calendar)


@contextmanager
def _quietly() -> Iterator[None]:
    """Tasks run here and now, at the moment at which we are, and no mail of the past is sent."""
    eager, backend = app.conf.task_always_eager, settings.EMAIL_BACKEND
    app.conf.task_always_eager, settings.EMAIL_BACKEND = True, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        app.conf.task_always_eager, settings.EMAIL_BACKEND = eager, backend


@contextmanager
def _quickly() -> Iterator[None]:
    """A crash may cost the last second, and the next load makes it again; Wagtail's index of uses is made once, at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        with disable_reference_index_auto_update():
            yield
        call_command("rebuild_references_index", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO DEFAULT")


def _deliver_everything() -> None:
    """What waits in the outbox, so that no worker sends the past's mails later. Mails wait a minute: go beyond it."""
    travel(now() + timedelta(minutes=5))
    while sum(outbox.deliver(message_id=message_id) for message_id in outbox.due_message_ids()):
        pass
