"""Events: meetings on-line or at a place, with seats that `site/stock` counts (`event:<id>`), tickets and a line."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.space import Space
from community.models.topic import Topic
from kit.clock import FALLBACK_ZONE, zone
from kit.text import slugify_any


class Event(models.Model):
    """A meeting; without a `space` it is public. Its seats are the stock item `event:<id>`.

    `is_sold`: seats come with an offer of the shop, else one press takes one. `join_url` is shown to who has a seat.
    `sequence` rises with each change, for calendars. `reminded_day` and `reminded_hour`: for which start its reminders went
    out. What happened after stands in the `report`, and in a `topic` of the space.
    """

    class Place(models.TextChoices):
        ONLINE = "online", _("on-line")
        OFFLINE = "offline", _("at a place")

    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events")
    title = models.CharField(max_length=120)
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.ONLINE)
    join_url = models.CharField(max_length=500, blank=True)
    venue = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    map_url = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    time_zone = models.CharField(max_length=60, default=FALLBACK_ZONE)
    is_sold = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    reminded_day = models.DateTimeField(null=True, blank=True)
    reminded_hour = models.DateTimeField(null=True, blank=True)
    report = models.TextField(blank=True)
    report_html = models.TextField(blank=True)
    recording_url = models.CharField(max_length=500, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="event_lasts")]
        indexes = [models.Index(fields=["starts_at", "id"], name="event_by_time")]

    def __str__(self) -> str:
        return self.title

    @property
    def seat_ref(self) -> str:
        """The stock item that counts its seats."""
        return f"event:{self.pk}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def local_start(self) -> datetime:
        """By the clock of its own zone."""
        return self.starts_at.astimezone(zone(self.time_zone))

    @property
    def path(self) -> str:
        return reverse("community:event", args=[self.pk, slugify_any(self.title)])


class Ticket(models.Model):
    """A person's seat in an event; `source` gave it: '' (taken for free) or what was paid (`order:17`).

    `code` is random; the QR picture signs it. Whoever is let in is so once: `came_key` is the scan's own name, so that a
    scan that is sent again is the same entry.
    """

    class State(models.TextChoices):
        LIVE = "live", _("valid")
        CLOSED = "closed", _("given back")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="tickets")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tickets")
    source = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.LIVE)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    came_key = models.CharField(max_length=64, blank=True)
    let_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], condition=Q(state="live"), name="one_live_ticket_per_person"),
            models.UniqueConstraint(fields=["event", "source"], condition=~Q(source=""), name="ticket_once_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.event_id}"

    @property
    def holder(self) -> str:
        """Its name towards stock: the order that paid for it, or its own."""
        return self.source or f"ticket:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    @property
    def printed_code(self) -> str:
        """In groups of four, to be read aloud and typed."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


class EventWait(models.Model):
    """A person in line for a full event, by `joined_at`. While it is offered, stock holds a seat for `holder`.

    `order` is the holder to which that seat was handed when the person began to buy it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("a seat is offered")
        TAKEN = "taken", _("has a seat")
        EXPIRED = "expired", _("let the offer pass")
        LEFT = "left", _("left the list")

    LIVE = ("waiting", "offered")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="line")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    joined_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    order = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"], condition=Q(state__in=["waiting", "offered"]), name="in_line_for_event_once"
            ),
            models.CheckConstraint(condition=~Q(state="offered") | Q(deadline__isnull=False), name="event_offer_has_a_deadline"),
        ]
        indexes = [models.Index(fields=["deadline"], condition=Q(state="offered"), name="event_wait_due")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.event_id}: {self.state}"

    @property
    def holder(self) -> str:
        return f"eventwait:{self.pk}"


class EventPicture(models.Model):
    """A picture of what happened, in the private bucket: shown to who may see the event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="pictures")
    key = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
