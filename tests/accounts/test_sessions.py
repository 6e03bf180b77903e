"""A session and its person are one read; what happens to the person holds from the next page on."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.backends import AccountBackend
from accounts.models import Session
from accounts.sessions import SessionStore, take_person
from accounts.tasks import clear_sessions
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/en/account/"


def test_a_page_reads_session_and_person_together(client_of: Any) -> None:
    browser = client_of(make_user())
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE).status_code == 200
    people = [
        query["sql"] for query in asked if 'FROM "accounts_user"' in query["sql"] and '"accounts_user"."id" = ' in query["sql"]
    ]
    sessions = [query["sql"] for query in asked if 'FROM "accounts_session"' in query["sql"]]
    assert (len(sessions), people) == (1, [])


def test_whoever_is_switched_off_or_gone_is_signed_out_on_the_next_page(client_of: Any) -> None:
    off, gone = make_user(), make_user()
    browsers = [client_of(off), client_of(gone)]
    assert {browser.get(PAGE).status_code for browser in browsers} == {200}
    off.is_active = False
    off.save()
    gone.delete()
    assert {browser.get(PAGE).status_code for browser in browsers} == {302}
    assert list(Session.objects.values_list("user", flat=True)) == [off.pk]


def test_signing_out_and_in_again_as_another_changes_whose_session_it_is() -> None:
    first, second = make_user(), make_user()
    browser = Client()
    for person in (first, second):
        browser.force_login(person, backend="accounts.backends.AccountBackend")
        assert person.email in browser.get(PAGE).content.decode()
    browser.logout()
    assert browser.get(PAGE).status_code == 302


def test_a_person_read_with_a_session_is_handed_out_once_and_to_nobody_else() -> None:
    person, other = make_user(), make_user()
    store = SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store.save()
    again = SessionStore(session_key=store.session_key)
    assert again["_auth_user_id"] == str(person.pk)
    assert take_person(other.pk) is None
    assert take_person(person.pk) is None, "it was asked for another: gone"
    SessionStore(session_key=store.session_key).load()
    assert take_person(person.pk) == person
    found = AccountBackend().get_user(person.pk)
    assert found == person


def test_sessions_that_have_run_out_are_cleared() -> None:
    for _one in range(2):
        store = SessionStore()
        store["x"] = 1
        store.save()
    Session.objects.filter(pk=store.session_key).update(expire_date="2020-01-01T00:00Z")
    clear_sessions()
    assert Session.objects.count() == 1
