"""Who somebody is, to themselves and to others."""

import secrets
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from wagtail.models import Collection

from accounts.models import Profile, User
from accounts.portraits import small_portrait
from accounts.searching import person_changed
from kit.clock import now
from kit.models import Picture
from kit.text import strip_controls

MOST_ZONES = 30


def choose_language(*, user: User, language: str) -> None:
    """Remember the language somebody reads."""
    user.language = language
    user.save(update_fields=["language"])


def ensure_profile(*, user: User) -> Profile:
    """The person's profile; a new one has a handle that says nothing about them and is not public."""
    profile = Profile.objects.filter(user=user).first()
    return profile or Profile.objects.create(user=user, handle=f"member-{secrets.token_hex(4)}")


@transaction.atomic
def change_time_zone(*, user: User, time_zone: str) -> None:
    """The person lives in another zone from now on; where they were until now is remembered, the newest thirty."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.time_zone != time_zone:
        left = {"zone": row.time_zone, "until": now().isoformat()}
        row.former_zones = [*row.former_zones, left][-MOST_ZONES:]
        row.time_zone = time_zone
        row.save(update_fields=["time_zone", "former_zones"])
    user.time_zone, user.former_zones = row.time_zone, row.former_zones


@transaction.atomic
def update_profile(
    *, user: User, portrait: UploadedFile | None = None, without_portrait: bool = False, film: str = "", **fields: Any
) -> Profile:
    """Write name, language, time_zone (account) and handle, bio, film, is_public (profile).

    A new portrait is re-encoded, which drops its place and camera data; raises accounts.portraits.BadPortrait.
    """
    profile = ensure_profile(user=user)
    old = profile.portrait
    user.name, user.language = strip_controls(fields["name"]), fields["language"]
    user.save(update_fields=["name", "language"])
    change_time_zone(user=user, time_zone=fields["time_zone"])
    profile.handle, profile.bio, profile.is_public = fields["handle"], strip_controls(fields["bio"]), fields["is_public"]
    profile.film = film
    if portrait is not None:
        profile.portrait = Picture.objects.create(
            title=profile.handle,
            file=small_portrait(portrait),
            uploaded_by_user=user,
            collection=Collection.get_first_root_node(),
        )
    elif without_portrait:
        profile.portrait = None
    profile.save()
    if old is not None and old.pk != profile.portrait_id:
        old.delete()
    person_changed(user)
    return profile


@transaction.atomic
def learn_from_order(*, user: User, name: str, language: str) -> None:
    """A member who never said their name or language gets those of their order; what they said themselves stays."""
    known = user.name or name, user.language or language
    if known != (user.name, user.language):
        user.name, user.language = known
        user.save(update_fields=["name", "language"])
        person_changed(user)
