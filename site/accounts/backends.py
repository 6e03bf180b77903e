"""Who somebody is: allauth's ways of signing in; a member comes with their session (sessions.py)."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from accounts.models import User
from accounts.sessions import take_person
from kit.prepared import Given, prepared


class AccountBackend(AuthenticationBackend):
    """allauth's own but for the query that finds the person of a session."""

    def get_user(self, user_id: int) -> User | None:
        person = take_person(user_id) or next(iter(_people(pk=user_id)), None)
        return person if person is not None and self.user_can_authenticate(person) else None


@prepared
def _people() -> QuerySet[User]:
    return User.objects.filter(pk=Given("pk"))
