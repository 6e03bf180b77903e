"""An account for somebody who bought without signing in."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.flows import account_for_guest
from accounts.models import User
from tests.accounts.test_sign_up import code_of, sign_up
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_guest_gets_an_account_that_only_a_code_opens() -> None:
    user = account_for_guest(email="Guest@Demo.test", name="林", language="en")
    assert (user.email, user.name, user.has_usable_password(), user.language) == ("guest@demo.test", "林", False, "en")
    assert not EmailAddress.objects.get(user=user).verified
    client = Client()
    answer = client.post("/accounts/login/code/", {"email": "guest@demo.test"})
    client.post(answer.url, {"code": code_of(mail.outbox[0])})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


def test_the_same_address_is_the_same_account() -> None:
    assert account_for_guest(email="guest@demo.test") == account_for_guest(email="GUEST@demo.test ")
    assert User.objects.count() == 1


def test_a_proven_account_keeps_its_name_and_its_keys() -> None:
    known = make_user(email="known@demo.test", name="Known")
    found = account_for_guest(email="known@demo.test", name="Somebody else")
    found.refresh_from_db()
    assert found == known
    assert found.name == "Known"
    assert found.check_password("courseyard-demo")


def test_an_account_taken_in_advance_opens_for_nobody_but_the_reader_of_the_mail() -> None:
    stranger = Client()
    sign_up(stranger, "victim@demo.test")
    taken = User.objects.get(email="victim@demo.test")
    taken.set_password("known-to-the-stranger")
    taken.save()
    SocialAccount.objects.create(user=taken, provider="line", uid="stranger")
    user = account_for_guest(email="victim@demo.test", name="Victim")
    user.refresh_from_db()
    assert user == taken
    assert (user.name, user.has_usable_password()) == ("Victim", False)
    assert not SocialAccount.objects.exists()


def test_a_second_address_that_was_proven_leads_to_its_owner() -> None:
    owner = make_user(email="first@demo.test")
    EmailAddress.objects.create(user=owner, email="second@demo.test", verified=True)
    assert account_for_guest(email="second@demo.test") == owner
