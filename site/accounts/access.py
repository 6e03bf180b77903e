"""A person's own things, and who may see a person's page."""

from typing import Any

from django.http import Http404

from accounts.models import Address, Profile


def address_of(user: Any, address_id: int) -> Address:
    """An address in this person's book; missing and another's are the same 404."""
    address = Address.objects.filter(user=user.pk, pk=address_id).first()
    if address is None:
        raise Http404
    return address


def public_profile(viewer: Any, handle: str) -> Profile:
    """The profile behind /people/<handle>/: public ones for everyone, one's own for oneself, else the same 404."""
    profile = Profile.objects.select_related("user", "portrait").filter(handle=handle, user__is_active=True).first()
    if profile is None or not (profile.is_public or profile.user_id == viewer.pk):
        raise Http404
    return profile
