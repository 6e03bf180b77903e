"""Spaces and who belongs to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.clock import FALLBACK_ZONE


class Space(models.Model):
    """A board with its people. `about` is what it belongs to (`cohort:5`), empty for a free-standing space.

    `way` is how one comes in (community/ways.py), `way_of` whose graduates or seats (`course:3`, `cohort:5`); `visibility`
    follows from it. `rules_version` counts up whenever the rules change: everybody accepts them anew before writing.
    `kept_open`: somebody opened it again by hand, and the end of its class archives it no more.
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("everyone reads, members write")
        MEMBERS = "members", _("members only")

    class Way(models.TextChoices):
        PUBLIC = "public", _("Public: everyone reads, who has an account may join")
        SITE = "site", _("Members of the site: who has an account may join and read")
        COHORT = "cohort", _("A class: who has a seat in it")
        GRADUATES = "graduates", _("Graduates: who holds a certificate of a course")
        ANSWERS = "answers", _("By answers and proof: moderators decide")
        CODE = "code", _("By code: who types one that you handed out")
        INVITATION = "invitation", _("By invitation only: by link or e-mail")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.MEMBERS)
    about = models.CharField(max_length=60, blank=True, db_index=True)
    way = models.CharField(max_length=12, choices=Way.choices, default=Way.INVITATION)
    way_of = models.CharField(max_length=60, blank=True)
    questions = models.JSONField(default=list, blank=True)
    asks_proof = models.BooleanField(default=False)
    rules = models.TextField(blank=True)
    rules_version = models.PositiveIntegerField(default=0)
    interests = models.JSONField(default=list, blank=True)
    offers_allowed = models.BooleanField(default=True)
    referrals_allowed = models.BooleanField(default=True)
    list_hidden = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=60, default=FALLBACK_ZONE)
    kept_open = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a space. It ends, it is never deleted; `source` is what gave it (`enrolment:3`).

    `rules_version`: the rules that this person accepted, 0 for none. `is_removed`: those who run the space ended it.
    """

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
    rules_version = models.PositiveIntegerField(default=0)
    rules_accepted_at = models.DateTimeField(null=True, blank=True)
    is_removed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "user"], condition=Q(ended_at=None), name="one_live_membership")]
        indexes = [
            models.Index(fields=["space", "-id"], condition=Q(ended_at=None), name="place_newest"),
            models.Index(fields=["space", "role"], condition=Q(ended_at=None), name="place_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.space_id}"
