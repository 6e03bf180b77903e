"""Leaving: the account's own part, and the whole through kit.persons."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.flows.works import remove_work
from accounts.models import Address, Profile, User, Work
from accounts.searching import person_changed
from kit import audit
from kit.persons import CannotErase, erase_everything


@transaction.atomic
def erase_account(*, user: User) -> None:
    """Remove what is personal in every room; orders and ledger stay, without a name. Raises CannotErase for
    staff, and where a room says that something is still under way."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff or user.is_superuser:
        raise CannotErase(
            _("You still have work here (courses, orders or the yard itself). Ask the owner to take your roles first.")
        )
    erase_everything(user)
    audit.record(actor=user, action="account.erased", target=f"user:{user.pk}")


def export_account(user: User) -> dict[str, Any]:
    """The account's part of an export."""
    profile = Profile.objects.filter(user=user).first()
    return {
        "email": user.email,
        "emails": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "joined_at": user.joined_at,
        "last_login": user.last_login,
        "roles": list(user.groups.values_list("name", flat=True)),
        "profile": profile
        and {"handle": profile.handle, "bio": profile.bio, "film": profile.film, "is_public": profile.is_public},
        "works": list(Work.objects.filter(user=user).values("title", "created_at")),
        "addresses": list(
            Address.objects.filter(user=user).values(
                "name", "phone", "country", "region", "city", "district", "street", "postal_code", "is_default"
            )
        ),
        "social_accounts": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")),
    }


def erase_own_part(user: User) -> None:
    """Name, addresses, keys, profile and portrait go; the row stays, so that posts and orders keep an author without a name."""
    profile = Profile.objects.filter(user=user).select_related("portrait").first()
    if profile is not None:
        portrait = profile.portrait
        profile.delete()
        if portrait is not None:
            portrait.delete()
    for work in Work.objects.filter(user=user).select_related("picture"):
        remove_work(work=work)
    for model in (Address, EmailAddress, SocialAccount, Authenticator):
        model.objects.filter(user=user).delete()
    user.groups.clear()
    user.email = f"erased-{user.pk}-{secrets.token_hex(4)}@erased.invalid"
    user.name, user.is_active = "", False
    user.set_unusable_password()
    user.session_round += 1
    user.save()
    person_changed(user)
