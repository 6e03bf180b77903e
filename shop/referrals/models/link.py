"""Links and what is known of those who follow them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Link(models.Model):
    """/r/<code>/ leads to `target`, a path of our own site.

    `note`: the one in which the thing at `target` is tagged; such a link is made by the first click there, for its author.
    """

    NOTES = "note"  # the channel of such links

    code = models.CharField(max_length=24, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    target = models.CharField(max_length=300)
    channel = models.CharField(max_length=30, blank=True)
    label = models.CharField(max_length=60, blank=True)
    note = models.ForeignKey("community.Note", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    killed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "target"], name="link_of_note_once")]

    def __str__(self) -> str:
        return self.code


class Click(models.Model):
    """A visit by a link, stored before the redirect leaves. `visitor` is the cookie's token, or nobody's where none was
    given; `address_hash` is keyed and salted by day, '' once it is forgotten; `user` is bound at sign-up or log-in."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="clicks")
    visitor = models.UUIDField(db_index=True)
    address_hash = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    bound_at = models.DateTimeField(null=True)
    is_signup = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["link", "-at"], name="click_by_link"),
            models.Index(fields=["at"], name="click_by_time"),
            models.Index(fields=["bound_at"], condition=Q(is_signup=True), name="click_signed_up"),
            models.Index(fields=["user", "-at"], condition=Q(user__isnull=False), name="click_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%F}"


class ClickSalt(models.Model):
    """The day's salt of address hashes. Once it is deleted no hash of that day can be tried against an address."""

    day = models.DateField(primary_key=True)
    secret = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day}"


class ClickDay(models.Model):
    """Clicks and sign-ups of a link on a day of the site's zone, as far as hours are closed (ClickClock)."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)
    sign_ups = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="click_day_once")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}"


class ClickClock(models.Model):
    """Until when clicks are counted into ClickDay; one row."""

    through = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.through}"
