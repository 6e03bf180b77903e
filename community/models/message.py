"""Conversations of two people: a member and whom they ask, or two members who follow each other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

PERSON = settings.AUTH_USER_MODEL


class Conversation(models.Model):
    """`asker` began it; `answerer` is a teacher, seller, moderator or the owner, or (`is_peer`) a member.

    `about` is what it is about (`course:5`, `offer:3`, `order:9`, or nothing), `about_title` what that was called.
    `due_at` is the reply clock: by when the answerer owes a word, empty while they owe none. `away_until` is the day named
    in the last answer that their absence gave by itself.
    """

    asker = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    is_peer = models.BooleanField(default=False)
    about = models.CharField(max_length=60, blank=True)
    about_title = models.CharField(max_length=140, blank=True)
    last_no = models.PositiveIntegerField(default=0)
    last_text = models.CharField(max_length=140, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Least("asker", "answerer"), Greatest("asker", "answerer"), "about", name="conversation_once"),
            models.CheckConstraint(condition=~Q(asker=F("answerer")), name="conversation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} with {self.answerer_id} about {self.about or 'anything'}"

    def partner_of(self, user: object) -> int:
        """The id of the other one."""
        return self.answerer_id if getattr(user, "pk", None) == self.asker_id else self.asker_id


class Correspondent(models.Model):
    """One of the two: how far they have read, whether they ever wrote themselves. `last_at` orders their inbox."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="correspondents")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    read_no = models.PositiveIntegerField(default=0)
    wrote = models.BooleanField(default=False)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="correspondent_once")]
        indexes = [models.Index(fields=["user", "-last_at", "-id"], name="correspondent_inbox")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Message(models.Model):
    """A numbered message: Markdown source and its HTML. `thing` is shown with it (`personal_offer:7`).

    `is_automatic`: an absence answered, not the person. A removed one keeps its number and has no words left to show.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    no = models.PositiveIntegerField()
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField()
    thing = models.CharField(max_length=60, blank=True)
    is_automatic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=64)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "no"], name="message_number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="message_sent_once"),
        ]
        indexes = [models.Index(fields=["author", "-created_at"], name="message_by_author")]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.no}"


class MessageFile(models.Model):
    """A picture or file in the private bucket; only the two of its conversation open it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class MessageReport(models.Model):
    """One of the two shows a message to the site's owner: that one message, and nobody else sees it."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        REMOVED = "removed"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "reporter"], name="message_reported_once")]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.reporter_id}"
