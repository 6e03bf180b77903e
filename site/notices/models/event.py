"""What open pages are told of as it happens."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class LiveEvent(models.Model):
    """One thing that happened, written in its own transaction; for streams that watch `channel` or belong to `people`.

    `seq` is the Last-Event-ID. It is given after the commit, one event after the other (notices.live.feed): ids are taken
    before it, so that a transaction which commits late would be passed over by whoever reads on from the highest id.
    `gate` is asked for each person when the event is delivered. Rows older than settings.LIVE_DAYS are deleted.
    """

    seq = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=20)
    channels = ArrayField(models.CharField(max_length=40), default=list)
    people = ArrayField(models.BigIntegerField(), default=list)
    gate = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(seq=None), name="live_event_new")]

    def __str__(self) -> str:
        return f"{self.kind} {self.channels or len(self.people)}"
