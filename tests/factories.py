"""Plain makers of rows for tests. Each takes what the test cares about and fills in the rest."""

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Profile, User

_numbers = count(1)


def make_user(*, email: str = "", name: str = "", **fields: Any) -> User:
    """An account with a verified e-mail address and a handle."""
    number = next(_numbers)
    user = User.objects.create_user(email=email or f"person{number}@demo.test", password="courseyard-demo", name=name or f"Person {number}", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Profile.objects.create(user=user, handle=f"person-{number}")
    return user
