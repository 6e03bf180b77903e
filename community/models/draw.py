"""Draws that anyone can check. docs/decisions/draws.md says what that defends against, and what not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from community.models.space import Space
from kit.text import slugify_any


class Draw(models.Model):
    """A draw among the members of a space. Made is published: from then on triggers refuse to change it or to delete it.

    `terms` (prizes, rule, times) and `commitment`, the sha256 of a secret seed, are public before registration `opens_at`.
    `head` chains the entries' codes, `entries` counts them. After `closes_at` it is frozen, then drawn: `seed` is shown.
    `public_value` is what the source that the terms name said after closing ('' where they name none).
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="draws")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="draws")
    title = models.CharField(max_length=120)
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    terms = models.JSONField()
    commitment = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    entries = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True, blank=True)
    public_value = models.CharField(max_length=200, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__lt=F("opens_at"), opens_at__lt=F("closes_at")), name="draw_published_before_it_opens"
            ),
            models.CheckConstraint(condition=Q(drawn_at=None) | Q(frozen_at__isnull=False), name="drawn_after_frozen"),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(frozen_at=None), name="draw_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """For the members of its space."""
        return reverse("community:draw", args=[self.space.slug, self.pk, slugify_any(self.title)])

    @property
    def public_path(self) -> str:
        """For everybody who wants to check it."""
        return reverse("community:draw_record", args=[self.pk])


class DrawSeed(models.Model):
    """The secret of a draw that is not drawn yet: in no page, export or log. It goes into the record when drawn."""

    draw = models.OneToOneField(Draw, primary_key=True, on_delete=models.PROTECT, related_name="secret")
    seed = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"of draw {self.draw_id}"


class DrawEntry(models.Model):
    """One person's entry, once. Triggers refuse a new one once the draw is frozen, and ever to change or delete one.

    `code` is public, whose it is only the person knows. `head` is the chain up to here. An erased person's entry stays.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="entrants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    no = models.PositiveIntegerField()
    code = models.CharField(max_length=32)
    head = models.CharField(max_length=64)
    answer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "user"], name="draw_entry_once_per_person"),
            models.UniqueConstraint(fields=["draw", "no"], name="draw_entry_number_once"),
            models.UniqueConstraint(fields=["draw", "code"], name="draw_entry_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.draw_id}"


class DrawWin(models.Model):
    """A prize and whose entry won it. `position` counts pieces of the prize list from 1; rooms above send it."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="wins")
    entry = models.ForeignKey(DrawEntry, on_delete=models.PROTECT, related_name="wins")
    position = models.PositiveSmallIntegerField()
    prize = models.CharField(max_length=120)
    thing = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "position"], name="prize_once"),
            models.UniqueConstraint(fields=["draw", "entry"], name="one_prize_an_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.prize} of draw {self.draw_id}"
