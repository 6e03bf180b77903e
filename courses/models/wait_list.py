"""Who waits for a seat in a full class."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.cohort import Cohort


class WaitListEntry(models.Model):
    """A person in line, by `joined_at`. While it is offered, `site/stock` holds a seat for `holder` until `deadline`.

    `order` is the holder (`order:17`) to which that seat was handed when the person began to buy.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("a seat is offered")
        TAKEN = "taken", _("has a seat")
        EXPIRED = "expired", _("let the offer pass")
        LEFT = "left", _("left the list")

    LIVE = ("waiting", "offered")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="wait_list")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wait_lists")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    joined_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    order = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(state__in=["waiting", "offered"]), name="in_line_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_at__isnull=False, deadline__isnull=False), name="offer_has_a_deadline"
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "joined_at", "id"], condition=Q(state="waiting"), name="wait_list_line"),
            models.Index(fields=["deadline"], condition=Q(state="offered"), name="wait_list_due"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.cohort_id}: {self.state}"

    @property
    def holder(self) -> str:
        """For whom stock holds the offered seat."""
        return f"waitlist:{self.pk}"
