"""Who somebody is: allauth's ways of signing in; every page of a member reads its account, so the read is prepared."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from accounts.models import User
from kit.prepared import Given, prepared


class AccountBackend(AuthenticationBackend):
    """allauth's own but for the query that finds the person of a session."""

    def get_user(self, user_id: int) -> User | None:
        found = _people(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@prepared
def _people() -> QuerySet[User]:
    return User.objects.filter(pk=Given("pk"))
