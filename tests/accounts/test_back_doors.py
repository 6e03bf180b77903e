"""Doors of the back office: one sign-in, and a second factor for staff."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from accounts.models import User
from tests.accounts.test_sign_in import by_password

SignIn = Callable[[User], Client]
GUARDED = ["/admin/", "/en/admin/", "/admin/pages/", "/teach/", "/zh-hans/teach/", "/admin/account/", "/admin/users/"]


@pytest.fixture
def second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR_STAFF = True


@pytest.mark.django_db
def test_wagtails_sign_in_is_ours() -> None:
    assert Client().get("/admin/login/?next=/admin/pages/").url == "/accounts/login/?next=%2Fadmin%2Fpages%2F"
    assert Client().get("/admin/login/?next=https://evil.test/").url == "/accounts/login/?next=%2Fadmin%2F"
    assert Client().post("/admin/login/", {"username": "owner@demo.test", "password": "courseyard-demo"}).status_code == 302
    assert "/accounts/login/" in Client().get("/admin/").url


def test_a_post_to_wagtails_sign_in_signs_nobody_in(owner: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": owner.email, "password": "courseyard-demo"})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_wagtails_password_reset_is_ours_or_off() -> None:
    assert Client().get("/admin/password_reset/").url == "/accounts/password/reset/"
    assert Client().post("/admin/password_reset/", {"email": "owner@demo.test"}).status_code == 302
    for path in ("/admin/password_reset/done/", "/admin/password_reset/complete/", "/admin/password_reset/confirm/MQ/abc/"):
        assert Client().get(path).status_code in {302, 404}


def test_wagtails_sign_out_ends_all_sessions(owner: User, client_of: SignIn) -> None:
    other = client_of(owner)
    assert client_of(owner).post("/admin/logout/").status_code == 302
    assert other.get("/account/").status_code == 302


@pytest.mark.django_db
def test_djangos_own_admin_is_not_there() -> None:
    assert Client().get("/django-admin/").status_code == 404


@pytest.mark.parametrize("path", GUARDED)
def test_staff_without_a_second_factor_are_led_to_set_one_up(
    path: str, teacher: User, owner: User, client_of: SignIn, second_factor: None
) -> None:
    for person in (teacher, owner):
        answer = client_of(person).get(path)
        assert answer.status_code == 302
        assert answer.url.endswith("/accounts/2fa/")


def test_posts_are_guarded_too(owner: User, client_of: SignIn, second_factor: None) -> None:
    assert client_of(owner).post("/admin/pages/add/pages/articlepage/3/", {}).url == "/accounts/2fa/"


def test_the_way_to_the_second_factor_is_open(teacher: User, client_of: SignIn, second_factor: None) -> None:
    client = client_of(teacher)
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert client.get("/account/").status_code == 200


def test_with_a_second_factor_the_back_office_opens(owner: User, client_of: SignIn, second_factor: None) -> None:
    TOTP.activate(owner, generate_totp_secret())
    assert client_of(owner).get("/admin/").status_code == 200


def test_members_need_none(student: User, client_of: SignIn, second_factor: None) -> None:
    assert client_of(student).get("/account/").status_code == 200


def test_off_where_settings_say_so(owner: User, client_of: SignIn) -> None:
    assert client_of(owner).get("/admin/").status_code == 200


def test_a_password_alone_does_not_sign_in_somebody_with_a_second_factor(owner: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(owner, secret)
    client = Client()
    answer = by_password(client, owner.email)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    counter = next(iter(yield_hotp_counters_from_time()))
    assert client.post(answer.url, {"code": format_hotp_value(hotp_value(secret, counter))}).status_code == 302
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert Authenticator.objects.filter(user=owner).exists()


PAGES = [
    "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/logout/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/3rdparty/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_account_is_in_our_own_frame(path: str, student: User) -> None:
    client = Client()
    by_password(client)
    response = client.get(path, follow=True)
    assert response.status_code == 200
    content = response.content.decode()
    assert 'class="site-head"' in content
    assert 'id="main"' in content
    assert "style=" not in content.replace("data:image", "")
