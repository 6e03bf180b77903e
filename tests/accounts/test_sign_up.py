"""/accounts/signup/: an e-mail address and a code."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^\d{6}$", re.MULTILINE)


def code_of(message: Any) -> str:
    found = CODE.search(message.body)
    assert found, message.body
    return found.group()


def sign_up(client: Client, email: str, **more: str) -> Any:
    return client.post("/accounts/signup/", {"email": email, "name": "小魚", **more})


def test_a_code_sent_by_mail_opens_the_account_and_leads_back_to_the_checkout() -> None:
    client = Client()
    assert b'name="next" value="/checkout/"' in client.get("/accounts/signup/?next=/checkout/").content
    answer = sign_up(client, "new@demo.test", next="/checkout/")
    page = client.get(answer.url)
    assert page.status_code == 200
    answer = client.post(answer.url, {"code": code_of(mail.outbox[0])})
    assert answer.status_code == 302
    assert answer.url == "/checkout/"
    user = User.objects.get(email="new@demo.test")
    assert (user.name, user.has_usable_password(), user.profile.is_public) == ("小魚", False, False)
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_opens_nothing() -> None:
    client = Client()
    answer = sign_up(client, "new@demo.test")
    client.post(answer.url, {"code": "000000"})
    assert client.get("/account/").status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer() -> None:
    make_user(email="known@demo.test")
    pages = []
    for email in ("known@demo.test", "fresh@demo.test"):
        client = Client()
        answer = sign_up(client, email)
        page = client.get(answer.url)
        pages.append(
            (answer.status_code, answer.url, page.status_code, _without_tokens(page.content.decode().replace(email, "X")))
        )
    assert pages[0] == pages[1]
    known, fresh = mail.outbox
    assert "/accounts/login/code/" in known.body
    assert code_of(fresh)


def _without_tokens(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", text)


def test_somebody_who_began_and_never_finished_gets_in_by_a_sign_in_code() -> None:
    sign_up(Client(), "half@demo.test")
    client = Client()
    answer = client.post("/accounts/login/code/", {"email": "half@demo.test", "next": "/checkout/"})
    answer = client.post(answer.url, {"code": code_of(mail.outbox[-1]), "next": "/checkout/"})
    assert answer.url == "/checkout/"
    assert client.get("/account/").status_code == 200


def test_mails_are_in_the_visitors_language_and_in_our_look() -> None:
    sign_up(Client(headers={"Accept-Language": "en"}), "english@demo.test")
    message = mail.outbox[0]
    assert "confirms your e-mail address" in message.subject
    html = message.alternatives[0][0]
    assert 'lang="en"' in html
    assert "Courseyard" in html


def test_no_password_is_asked() -> None:
    assert b'type="password"' not in Client().get("/accounts/signup/").content
