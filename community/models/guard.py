"""How a space is kept kind: what waits or is refused, time-outs, removals and appeals; whom one does not want to meet."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from community.models.post import Post
from community.models.space import Space
from community.models.topic import Topic


class Guard(models.Model):
    """What a space holds back or refuses; without a row nothing.

    `hold_first`: so many posts of a new member wait for a moderator. `hold_links`: every post with a link does. Words stand one
    a line: `held_words` make a post wait, `refused_words` refuse it. Hosts: with `allowed_hosts` only links to these, never to
    `blocked_hosts`; both mean subdomains too. `slow_seconds`: time between two posts of one person.
    """

    space = models.OneToOneField(Space, on_delete=models.CASCADE, related_name="guard")
    hold_first = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(50)])
    hold_links = models.BooleanField(default=False)
    held_words = models.TextField(blank=True, max_length=4000)
    refused_words = models.TextField(blank=True, max_length=4000)
    allowed_hosts = models.TextField(blank=True, max_length=4000)
    blocked_hosts = models.TextField(blank=True, max_length=4000)
    slow_seconds = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(86_400)])

    def __str__(self) -> str:
        return f"guard of {self.space_id}"


class HeldPost(models.Model):
    """A post that waits for a moderator. It is no Post yet, so that no page, search, feed, count or notice knows of it.

    `topic` None: it would open one, of `kind` and `title`. `values`: what else the flow was asked
    (about, offer, answers_no, files).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        PUBLISHED = "published"
        DECLINED = "declined"

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="held")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="held")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=140, blank=True)
    source = models.TextField()
    key = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    why = models.CharField(max_length=20)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="held_once")]
        indexes = [models.Index(fields=["space", "at"], condition=Q(state="waiting"), name="held_waiting")]

    def __str__(self) -> str:
        return f"{self.author_id} in {self.space_id}"


class TimeOut(models.Model):
    """A person reads a space and does not write in it until `until`; `ended_at` where a moderator took it back."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="time_outs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "user"], condition=Q(ended_at=None), name="one_time_out")]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.until:%Y-%m-%d}"


class Removal(models.Model):
    """Why a post was taken away, by whom, and what its author says to that; `verdict` of another moderator where there is one."""

    class Verdict(models.TextChoices):
        STANDS = "stands"
        RESTORED = "restored"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="removals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    appeal = models.TextField(blank=True, max_length=2000)
    appealed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.reason}"


class Mute(models.Model):
    """`user` does not want to read `person`. Blocks, which work in both directions, are in answering.py."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="muted_once"),
            models.CheckConstraint(condition=~Q(user=F("person")), name="nobody_mutes_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} mutes {self.person_id}"
