"""Recordings made playable everywhere: the work on each, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course


class Transcode(models.Model):
    """The work on one recording of the private bucket, once per `source`; the recording itself stays as it was sent.

    `tries` counts claims and fences: only the last claim may renew the lease or end the work. `folder` holds the result:
    `plain.mp4` or `plain.m4a`, of a film also `poster.jpg` and the segments of `sizes`
    [{name, width, height, bandwidth (bit/s), segments: [seconds]}].
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be prepared")
        WORKING = "working", _("being prepared")
        READY = "ready", _("ready")
        FAILED = "failed", _("cannot be played")

    source = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=80)
    # Whose work it is; neither says who may open it.
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=300, blank=True)
    folder = models.CharField(max_length=200)
    is_film = models.BooleanField(default=False)
    seconds = models.FloatField(null=True, blank=True)
    sizes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="working", leased_until__isnull=False)
                | (~models.Q(state="working") & models.Q(leased_until__isnull=True)),
                name="transcode_lease_while_working",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(state__in=["queued", "working"]), name="transcodes_open"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.state}"
