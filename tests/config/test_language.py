"""Which language a page comes in, and that addresses keep a forced one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix

from accounts.models import User
from config.middleware.language import LanguagePrefixMiddleware, accepted_language

pytestmark = pytest.mark.django_db
COOKIE = django_settings.LANGUAGE_COOKIE_NAME


def lang(response: Any) -> str:
    return str(response.headers["Content-Language"])


def test_without_any_wish_a_page_is_in_traditional_chinese() -> None:
    response = Client().get("/courses/")
    assert lang(response) == "zh-hant"
    assert b'lang="zh-Hant"' in response.content


def test_the_browsers_wish_counts() -> None:
    assert lang(Client(headers={"Accept-Language": "en-GB,en;q=0.9"}).get("/courses/")) == "en"


def test_the_cookie_counts_more_than_the_browser() -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[COOKIE] = "zh-hans"
    assert lang(client.get("/courses/")) == "zh-hans"


def test_the_account_counts_more_than_the_cookie(student: User, client_of: Callable[[User], Client]) -> None:
    student.language = "en"
    student.save()
    client = client_of(student)
    client.cookies[COOKIE] = "zh-hans"
    assert lang(client.get("/courses/")) == "en"


@pytest.mark.parametrize("code", ["en", "zh-hans", "zh-hant"])
def test_a_prefix_counts_more_than_everything(code: str, student: User, client_of: Callable[[User], Client]) -> None:
    student.language = "en" if code != "en" else "zh-hans"
    student.save()
    assert lang(client_of(student).get(f"/{code}/courses/")) == code


def test_an_unknown_cookie_is_ignored() -> None:
    client = Client()
    client.cookies[COOKIE] = "tlh"
    assert lang(client.get("/courses/")) == "zh-hant"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-Hant-MO", "zh-hant"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-Hans-TW", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("ja,en;q=0.5", "en"),
        ("en;q=0.1,zh-TW;q=0.9", "zh-hant"),
        ("en;q=0,zh-CN;q=0.1", "zh-hans"),
        ("fr", ""),
        ("english", ""),
        ("", ""),
        ("en;q=x,zh-TW", "zh-hant"),
        ("*", ""),
    ],
)
def test_accept_language_is_read_as_browsers_write_it(header: str, code: str) -> None:
    assert accepted_language(header) == code


def test_links_and_redirects_keep_the_prefix(student: User) -> None:
    client = Client()
    page = client.get("/en/courses/")
    assert b'href="/en/basket/"' in page.content
    assert client.get("/en/courses").url == "/en/courses/"
    assert client.get("/en/account/").url == "/en/accounts/login/?next=/en/account/"
    answer = client.post("/en/accounts/login/", {"login": student.email, "password": "courseyard-demo"})
    assert answer.url == "/en/learn/"
    assert client.post("/en/accounts/logout/").url == "/en/"


def test_static_addresses_have_no_prefix() -> None:
    content = Client().get("/en/courses/").content
    assert b'href="/static/css/base.css"' in content
    assert b"/en/static/" not in content


def test_a_prefix_without_a_slash_leads_to_the_one_with_it() -> None:
    answer = Client().get("/en?x=1")
    assert (answer.status_code, answer.url) == (301, "/en/?x=1")


def test_the_front_page_has_prefixes_too() -> None:
    assert lang(Client().get("/en/")) == "en"
    assert lang(Client().get("/")) == "zh-hant"


def test_a_word_that_only_begins_like_a_language_is_no_prefix() -> None:
    assert Client().get("/english/").status_code == 404
    assert Client().get("/en/en/courses/").status_code == 404


def test_every_page_names_its_alternates() -> None:
    for path in ("/courses/", "/zh-hans/courses/"):
        content = Client().get(path).content.decode()
        for code in ("zh-hant", "zh-hans", "en"):
            assert f'hreflang="{code}" href="{django_settings.SITE_URL}/{code}/courses/"' in content
        assert f'hreflang="x-default" href="{django_settings.SITE_URL}/courses/"' in content


def test_the_prefix_of_one_request_is_gone_in_the_next() -> None:
    client = Client()
    client.get("/en/courses/")
    assert get_script_prefix() == "/"
    assert b'href="/basket/"' in client.get("/courses/").content


def test_the_prefix_is_gone_after_an_exception_too() -> None:
    def fail(request: Any) -> HttpResponse:
        assert get_script_prefix() == "/en/"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        LanguagePrefixMiddleware(fail)(RequestFactory().get("/en/courses/"))
    assert get_script_prefix() == "/"


def test_a_post_under_a_prefix_arrives() -> None:
    answer = Client().post("/en/language/", {"language": "zh-hans", "next": "/en/courses/"})
    assert answer.url == "/courses/"
    assert answer.cookies[COOKIE].value == "zh-hans"
    assert answer.cookies[COOKIE]["httponly"]


def test_choosing_a_language_is_kept_in_the_account(student: User, client_of: Callable[[User], Client]) -> None:
    client_of(student).post("/language/", {"language": "en"})
    student.refresh_from_db()
    assert student.language == "en"


@pytest.mark.parametrize(
    "target",
    ["//evil.test/", "https://evil.test/", "/en//evil.test/", "/en/\\evil.test/", "/zh-hant///evil.test", "javascript:x"],
)
def test_choosing_a_language_never_leads_off_our_host(target: str) -> None:
    assert Client().post("/language/", {"language": "en", "next": target}).url == "/"


def test_choosing_a_language_is_a_post() -> None:
    assert Client().get("/language/?language=en").status_code == 405


def test_caches_know_what_an_unprefixed_page_depends_on() -> None:
    vary = Client().get("/courses/").headers["Vary"]
    assert "Accept-Language" in vary
    assert "Cookie" in vary
