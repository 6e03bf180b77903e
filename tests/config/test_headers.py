"""Content-Security-Policy and friends, hosts, and production's settings."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from accounts.models import User

ROOT = Path(__file__).resolve().parents[2]


def policy(response: Any) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: rest for name, _space, rest in (part.strip().partition(" ") for part in parts)}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/courses/", "/accounts/login/", "/accounts/signup/", "/nowhere/", "/en/courses/"])
def test_pages_run_no_inline_script_and_are_framed_by_nobody(path: str) -> None:
    response = Client().get(path)
    found = policy(response)
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert found["default-src"] == "'self'"
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/admin/", "/en/admin/"])
def test_the_back_office_may_run_inline_scripts_there_alone(path: str, owner: User, client_of: Callable[[User], Client]) -> None:
    response = client_of(owner).get(path)
    assert response.status_code == 200
    found = policy(response)
    assert "'unsafe-inline'" in found["script-src"]
    assert found["frame-ancestors"] == "'none'"
    assert found["object-src"] == found["base-uri"] == "'none'"


def test_a_preview_may_be_framed_by_ourselves_and_runs_no_inline_script(owner: User, client_of: Callable[[User], Client]) -> None:
    owner.is_superuser = True
    owner.save()
    page = Page.objects.get(slug="home")
    client = client_of(owner)
    response = client.get(f"/admin/pages/{page.pk}/edit/preview/")
    assert response.status_code == 200
    assert policy(response)["frame-ancestors"] == "'self'"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_a_foreign_host_header_is_refused() -> None:
    assert Client(headers={"Host": "evil.test"}).get("/courses/").status_code == 400


@pytest.mark.django_db
def test_x_forwarded_host_steers_no_link() -> None:
    response = Client(headers={"X-Forwarded-Host": "evil.test"}).get("/courses/")
    assert response.status_code == 200
    assert b"evil.test" not in response.content


def production(*args: str, **extra: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.production", "SECRET_KEY": "k9$" + "Zq7-" * 20, "DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "SITE_URL": "https://yard.test", "ALLOWED_HOSTS": "yard.test",
    }  # fmt: skip
    env |= extra
    return subprocess.run(
        [sys.executable, "manage.py", *args], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_djangos_own_check_for_deployment_is_clean() -> None:
    done = production("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "SITE_URL", "ALLOWED_HOSTS"])
def test_production_does_not_start_without_its_secrets(missing: str) -> None:
    done = production("check", **{missing: ""})
    assert done.returncode != 0
    assert missing in done.stderr


def test_production_refuses_a_moved_clock() -> None:
    done = production("check", CLOCK_OFFSET="3d")
    assert "CLOCK_OFFSET" in done.stderr


def test_cookies_in_production_are_bound_to_the_host() -> None:
    names = [
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "LANGUAGE_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
    ]
    code = f"from django.conf import settings as s; print(*(getattr(s, n) for n in {names!r}))"
    done = production("shell", "--no-imports", "-c", code)
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "__Host-language", "True", "True", "True", "True", "Lax"], (
        done.stderr
    )


def test_social_sign_ins_come_with_their_keys_and_the_policy_lets_their_forms_go() -> None:
    code = (
        "from django.conf import settings as s; from config.middleware.headers import site_policy; "
        "print(sorted(s.SOCIALACCOUNT_PROVIDERS), 'accounts.google.com' in site_policy(), 'access.line.me' in site_policy())"
    )
    done = production("shell", "--no-imports", "-c", code, GOOGLE_CLIENT_ID="a", GOOGLE_CLIENT_SECRET="b", LINE_CHANNEL_ID="c")
    assert done.stdout.strip() == "['google'] True False", done.stderr
