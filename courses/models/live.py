"""Live sessions of a class, who was there, and the private address of a person's calendar."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.cohort import Cohort
from courses.models.course import Media
from courses.models.enrolment import Enrolment


class LiveSession(models.Model):
    """A meeting of a class. `join_url` leads to the room (https); `sequence` rises with each change, for calendars."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="live_sessions")
    title = models.CharField(max_length=140)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    join_url = models.CharField(max_length=500, blank=True)
    recording = models.ForeignKey(Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="live_session_lasts")]

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Attendance(models.Model):
    """A learner in a session: when they pressed "join", and what the host says (None: nothing)."""

    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    joined_at = models.DateTimeField(null=True, blank=True)
    was_present = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} in {self.session_id}"

    @property
    def counts(self) -> bool:
        """The host's word, else the press on "join"."""
        return self.was_present if self.was_present is not None else self.joined_at is not None


class CalendarFeed(models.Model):
    """The address at which a person's calendar program reads their sessions: whoever knows `token` reads it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
