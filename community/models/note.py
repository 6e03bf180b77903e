"""Notes: pictures with words, and things tagged in the pictures."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from kit.text import slugify_any

MOST_PICTURES = 9


class Note(models.Model):
    """A draft until `published_at`; `removed_at` takes it from everybody but its author, who is told `removed_why`.

    Source, its HTML and the renderer's version, as posts have them. `cover` is its first picture, for lists.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    title = models.CharField(max_length=100)
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    cover = models.ForeignKey("kit.Picture", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="note_sent_once")]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(published_at__isnull=False, removed_at=None), name="note_wall"
            ),
            models.Index(fields=["author", "-published_at", "-id"], name="note_by_author"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        return slugify_any(self.title, "note")

    @property
    def path(self) -> str:
        """The note's address; the slug follows the title, the id finds it."""
        return reverse("community:note", args=[self.pk, self.slug])


class NotePicture(models.Model):
    """One of a note's pictures, in the public bucket. `alt` says what is seen, for those who do not see it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey("kit.Picture", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "position"], deferrable=models.Deferrable.DEFERRED, name="note_place_once"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=MOST_PICTURES), name="note_pictures_are_few"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} #{self.position}"


class NoteTag(models.Model):
    """A word that finds a note, as its author writes it and folded (kit.text)."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)
    folded = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["note", "folded"], name="note_tag_once")]
        indexes = [models.Index(fields=["folded", "-note"], name="note_by_tag")]

    def __str__(self) -> str:
        return self.name


class NoteThing(models.Model):
    """A thing (`offer:3`, `lesson:12`) tagged in a note, at a point of a picture in per mille of its sides, or without one."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="things")
    picture = models.ForeignKey(NotePicture, null=True, on_delete=models.CASCADE, related_name="things")
    ref = models.CharField(max_length=60)
    x = models.PositiveSmallIntegerField(null=True)
    y = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "ref"], name="note_thing_once"),
            models.CheckConstraint(
                condition=Q(picture=None, x=None, y=None) | Q(picture__isnull=False, x__lte=1000, y__lte=1000),
                name="note_thing_lies_in_its_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} {self.ref}"


class NoteLike(models.Model):
    """One person's liking of one note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="likes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="note_like_once")]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.note_id}"


class NoteComment(models.Model):
    """What somebody says under a note. One level: comments have no comments."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.TextField()
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="note_comment_sent_once")]
        indexes = [models.Index(fields=["note", "id"], condition=Q(removed_at=None), name="note_comments")]

    def __str__(self) -> str:
        return f"{self.author_id} on {self.note_id}"


class NotePick(models.Model):
    """An editor's choice, with the reason that is shown beside it; `ended_at` takes it from the top of the wall."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="picks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note"], condition=Q(ended_at=None), name="note_picked_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="note_pick_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


class NoteReport(models.Model):
    """A flag on a note or on one of its comments, once a person; the site's owner or a moderator decides."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="reports")
    comment = models.ForeignKey(NoteComment, null=True, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "comment", "reporter"], nulls_distinct=False, name="note_report_once")
        ]

    def __str__(self) -> str:
        return self.reason


class Badge(models.Model):
    """What somebody is known for here, by rule (settings; flows/badges.py): shown at the name."""

    class Kind(models.TextChoices):
        HELPER = "helper"
        CREATOR = "creator"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badges")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="badge_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
