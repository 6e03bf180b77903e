"""An account for somebody who bought without signing in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.flows.profile import ensure_profile
from accounts.models import User


@transaction.atomic
def account_for_guest(*, email: str, name: str = "", language: str = "") -> User:
    """The account that this address belongs to, or a new one without a password and with the address unproven.

    Nobody is signed in by this: the account opens only to whoever reads a code sent to the address.

    Defends against an account taken in advance: a stranger may have begun one with this address before its owner
    bought. While the address is unproven, whatever could open that account for the stranger (password, social
    sign-in, second factor) is taken away before anything of the buyer's is put into it. Where the address is
    proven, the account is its owner's, and an order that somebody else pays for is a gift.
    """
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        proven = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
        if proven is not None:
            return proven.user  # type: ignore[no-any-return]
        user = User.objects.create_user(email=email, name=name, language=language)
        ensure_profile(user=user)
    address, _created = EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": False})
    if not address.verified:
        _take_keys_away(user, name)
    return user


def _take_keys_away(user: User, name: str) -> None:
    if user.is_staff:  # made by the owner in the back office, not by a stranger at the door
        return
    SocialAccount.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.session_round += 1
    user.name = name or user.name
    user.save(update_fields=["password", "session_round", "name"])
