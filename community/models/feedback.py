"""What people wish for, and what was built of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.topic import Topic


class Release(models.Model):
    """A release note (Markdown `source`) and the wishes that it fulfils."""

    title = models.CharField(max_length=140)
    source = models.TextField()
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.title


class Wish(models.Model):
    """A wish is a topic in the space of wishes, where it is talked about; here stand its votes and what became of it.

    `votes` is the number of its rows in WishVote, kept under the wish's row lock. Merged into another, a wish has none.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PLANNED = "planned", _("planned")
        BUILDING = "building", _("being built")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, related_name="wish")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answer_html = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    votes = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="wishes")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(release=None) | Q(state="done"), name="released_wish_is_done"),
            models.CheckConstraint(condition=Q(merged_into=None) | Q(votes=0), name="merged_wish_has_no_votes"),
        ]
        indexes = [
            models.Index(fields=["-votes", "-id"], condition=Q(merged_into=None), name="wish_board"),
            models.Index(fields=["state", "-votes", "-id"], condition=Q(merged_into=None), name="wish_board_by_state"),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}: {self.state}"

    @property
    def path(self) -> str:
        """Its address; the slug follows the title, the id finds it."""
        return reverse("community:wish", args=[self.pk, self.topic.slug])

    @property
    def is_decided(self) -> bool:
        """Nobody votes for it any more."""
        return self.state in (self.State.DONE, self.State.DECLINED) or self.merged_into_id is not None

    @property
    def label(self) -> str:
        return str(self.State(self.state).label)

    @property
    def badge(self) -> str:
        """The state where it says something: an open wish is like any other."""
        return "" if self.state == self.State.OPEN else self.label

    @property
    def tone(self) -> str:
        return {"planned": "info", "building": "koa", "done": "leaf"}.get(self.state, "")


class WishVote(models.Model):
    """One person's vote for one wish."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="ballots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wish", "user"], name="wish_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.wish_id}"
