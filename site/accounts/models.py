"""People: an account known by its e-mail address, and its public profile."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kit.clock import FALLBACK_ZONE, available_zones, now
from kit.text import strip_controls


def check_zone(name: str) -> None:
    if name not in available_zones():
        raise ValidationError(_("Unknown time zone: %(name)s"), params={"name": name})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. `name` is one field: names have no first and last part that every culture shares."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, default=FALLBACK_ZONE, validators=[check_zone])
    # Where the person lived before: [{"zone", "until"}], oldest first. What had opened there stays open (courses.calendar).
    former_zones = models.JSONField(default=list, blank=True, editable=False)
    joined_at = models.DateTimeField(default=now)
    # Counts up when all sessions of this person shall end; a session's hash holds the number it began under.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def display_name(self) -> str:
        """What other people see: never the e-mail address."""
        if not self.is_active and not self.name:
            return str(_("Former member"))
        return strip_controls(self.name).strip() or str(_("Member"))

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password they began under (Django) and with the round (accounts.flows.end_sessions)."""
        begun_under = f"{self.session_round}:{self.password}"
        return salted_hmac("accounts.User.session", begun_under, secret=secret, algorithm="sha256").hexdigest()


class Profile(models.Model):
    """A person's public page at /people/<handle>/."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    handle = models.SlugField(max_length=40, unique=True)
    bio = models.TextField(blank=True)
    # An address that kit.embeds knows.
    film = models.URLField(blank=True)
    portrait = models.ForeignKey("kit.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_public = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.handle


class Work(models.Model):
    """A picture of what a person made, on their public page."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="works")
    picture = models.ForeignKey("kit.Picture", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class Address(models.Model):
    """A delivery address in a person's address book; orders keep a copy of their own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=80, blank=True)
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return f"{self.name}, {self.street}"


class Session(AbstractBaseSession):
    """Django's session and whose it is, so that one read finds both."""

    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
