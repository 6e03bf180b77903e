"""Spaces and who belongs to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Space(models.Model):
    """A board with its people. `about` is what it belongs to (`cohort:5`), empty for a free-standing space."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("everyone reads, members write")
        MEMBERS = "members", _("members only")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.MEMBERS)
    about = models.CharField(max_length=60, blank=True, db_index=True)
    rules = models.TextField(blank=True)
    offers_allowed = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a space. It ends, it is never deleted; `source` is what gave it (`enrolment:3`)."""

    class Role(models.TextChoices):
        READER = "reader", _("reader")
        MEMBER = "member", _("member")
        HELPER = "helper", _("helper")
        MODERATOR = "moderator", _("moderator")
        OWNER = "owner", _("owner")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    source = models.CharField(max_length=60, blank=True)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "user"], condition=Q(ended_at=None), name="one_live_membership")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.space_id}"
