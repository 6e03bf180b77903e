"""/accounts/login/, by password and by code."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.test_sign_up import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "courseyard-demo"


def by_password(client: Client, email: str = "student@demo.test", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_a_password_opens_the_door_and_next_leads_on(student: User) -> None:
    client = Client()
    assert by_password(client, next="/checkout/").url == "/checkout/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "https://localhost.evil.test/",
        "http://localhost/x",
    ],
)
def test_next_stays_on_our_host(student: User, target: str) -> None:
    assert by_password(Client(), next=target).url == "/learn/"


def test_a_code_opens_the_door_and_next_is_kept_through_it(student: User) -> None:
    client = Client()
    page = client.get("/accounts/login/code/?next=/checkout/")
    assert b'name="next" value="/checkout/"' in page.content
    answer = client.post("/accounts/login/code/", {"email": student.email, "next": "/checkout/"})
    assert "next=%2Fcheckout%2F" in answer.url
    assert b'name="next" value="/checkout/"' in client.get(answer.url).content
    assert client.post(answer.url, {"code": code_of(mail.outbox[0]), "next": "/checkout/"}).url == "/checkout/"


def test_codes_under_a_language_prefix_keep_it(student: User) -> None:
    client = Client()
    answer = client.post("/en/accounts/login/code/", {"email": student.email, "next": "/en/checkout/"})
    assert answer.url.startswith("/en/accounts/login/code/confirm/")
    assert client.post(answer.url, {"code": code_of(mail.outbox[0]), "next": "/en/checkout/"}).url == "/en/checkout/"


def test_known_and_unknown_addresses_get_the_same_answer_to_a_code_request(student: User) -> None:
    answers = [Client().post("/accounts/login/code/", {"email": email}) for email in (student.email, "nobody@demo.test")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert "signup" in mail.outbox[1].body


def test_known_and_unknown_addresses_get_the_same_answer_to_a_wrong_password(student: User) -> None:
    pages = [by_password(Client(), email, "wrong-password") for email in (student.email, "nobody@demo.test")]
    errors = [list(page.context["form"].non_field_errors()) for page in pages]
    assert errors[0] == errors[1] != []


def test_the_session_key_changes_at_sign_in(student: User) -> None:
    client = Client()
    session = client.session
    session["gathered"] = "before"
    session.save()
    before = session.session_key
    assert client.get("/accounts/login/").status_code == 200
    by_password(client)
    assert client.session["gathered"] == "before"
    assert client.session.session_key != before


def test_signing_out_ends_the_other_sessions(student: User, client_of: Callable[[User], Client]) -> None:
    phone, laptop = client_of(student), client_of(student)
    assert laptop.get("/account/").status_code == 200
    phone.post("/accounts/logout/")
    assert laptop.get("/account/").status_code == 302
    assert by_password(Client()).status_code == 302


def test_signing_out_leaves_other_peoples_sessions_alone(
    student: User, visitor: User, client_of: Callable[[User], Client]
) -> None:
    other = client_of(visitor)
    client_of(student).post("/accounts/logout/")
    assert other.get("/account/").status_code == 200


def test_a_new_password_ends_the_other_sessions(student: User, client_of: Callable[[User], Client]) -> None:
    laptop, phone = client_of(student), Client()
    by_password(phone)
    answer = phone.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "quite-another-one", "password2": "quite-another-one"},
    )
    assert answer.status_code == 302
    assert laptop.get("/account/").status_code == 302


def test_a_get_signs_nobody_out(student: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(student)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/account/").status_code == 200


def test_a_password_is_reset_by_code(student: User) -> None:
    client = Client()
    answer = client.post("/accounts/password/reset/", {"email": student.email})
    answer = client.post(answer.url, {"code": code_of(mail.outbox[0])}, follow=False)
    answer = client.post(answer.url, {"password1": "quite-another-one", "password2": "quite-another-one"})
    assert by_password(Client(), password="quite-another-one").status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer_to_a_reset(student: User) -> None:
    answers = [Client().post("/accounts/password/reset/", {"email": email}) for email in (student.email, "nobody@demo.test")]
    assert (answers[0].status_code, answers[0].url) == (answers[1].status_code, answers[1].url)


@pytest.fixture
def limits(settings: Any) -> None:
    """The limits of production, counted from nothing."""
    from config.settings import base

    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    cache.clear()


def test_five_wrong_passwords_close_the_account_to_guesses_from_any_address(student: User, limits: None) -> None:
    for number in range(5):
        by_password(Client(REMOTE_ADDR=f"203.0.113.{number}"), password="wrong-password")
    answer = by_password(Client(REMOTE_ADDR="203.0.113.99"))
    assert answer.status_code == 200
    assert "_auth_user_id" not in answer.client.session


def test_a_forged_x_forwarded_for_does_not_dodge_the_limit_by_address(student: User, limits: None) -> None:
    statuses = []
    for number in range(31):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        statuses.append(
            Client(headers=headers).post("/accounts/login/", {"login": f"p{number}@demo.test", "password": "x"}).status_code
        )
    assert statuses[-1] == 429


def test_behind_one_proxy_only_the_address_it_wrote_counts(student: User, limits: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = []
    for number in range(31):
        headers = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
        statuses.append(
            Client(headers=headers).post("/accounts/login/", {"login": f"p{number}@demo.test", "password": "x"}).status_code
        )
    assert statuses[-1] == 429
    other = Client(headers={"X-Forwarded-For": "203.0.113.8"}).post("/accounts/login/", {"login": "a@demo.test", "password": "x"})
    assert other.status_code == 200


def test_the_fourth_reset_within_an_hour_is_refused(student: User, limits: None) -> None:
    statuses = [
        Client(REMOTE_ADDR=f"203.0.113.{n}").post("/accounts/password/reset/", {"email": student.email}).status_code
        for n in range(4)
    ]
    assert statuses[:3] == [302, 302, 302]
    assert statuses[3] in {200, 429}
    assert len(mail.outbox) == 3


def test_the_fourth_code_within_a_minute_is_refused(student: User, limits: None) -> None:
    for number in range(4):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/login/code/", {"email": student.email})
    assert len(mail.outbox) == 3
