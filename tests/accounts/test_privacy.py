"""/account/privacy/: take one's data along, or leave."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.flows import save_address
from accounts.models import Address, Profile, User
from kit import persons
from kit.models import AuditEntry
from tests.accounts.test_sign_in import by_password
from tests.accounts.test_sign_up import code_of

SignIn = Callable[[User], Client]
PARTS = {"country": "TW", "region": "台北市", "city": "大安區", "street": "和平東路一段1號"}


@pytest.fixture
def proven(student: User) -> Client:
    """The student, who has just shown the password."""
    client = Client()
    by_password(client)
    return client


def files_of(response: Any) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_an_export_holds_what_the_account_knows(student: User, proven: Client) -> None:
    save_address(user=student, name="陳小晨", phone="0912345678", parts=PARTS)
    response = proven.post("/account/privacy/export/")
    assert response.headers["Content-Type"] == "application/zip"
    account = files_of(response)["account.json"]
    assert account["email"] == student.email
    assert account["addresses"][0]["street"] == "和平東路一段1號"
    assert "password" not in json.dumps(account)


def test_rooms_bring_their_parts(student: User, proven: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "_parts", dict(persons._parts))
    gone: list[int] = []
    persons.register("garden", export=lambda user: {"trees": user.pk}, erase=lambda user: gone.append(user.pk))
    assert files_of(proven.post("/account/privacy/export/"))["garden.json"] == {"trees": student.pk}
    proven.post("/account/privacy/erase/", {"sure": "yes"})
    assert gone == [student.pk]


@pytest.mark.parametrize("door", ["export", "erase"])
def test_an_open_browser_alone_is_not_enough(door: str, student: User, client_of: SignIn) -> None:
    answer = client_of(student).post(f"/account/privacy/{door}/", {"sure": "yes"})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/reauthenticate/?next=")
    assert User.objects.get(pk=student.pk).is_active


def test_an_account_without_a_password_proves_itself_by_a_code(student: User, client_of: SignIn) -> None:
    student.set_unusable_password()
    student.save()
    client = client_of(student)
    answer = client.post("/account/privacy/export/")
    assert answer.url.startswith("/account/confirm/?next=")
    assert client.get(answer.url).status_code == 200
    assert mail.outbox == []
    client.post("/account/confirm/", {"next": "/account/privacy/"})
    assert mail.outbox[0].to == [student.email]
    assert client.post("/account/confirm/", {"code": "000000"}).status_code == 422
    assert (
        client.post("/account/confirm/", {"code": code_of(mail.outbox[0]), "next": "/account/privacy/"}).url
        == "/account/privacy/"
    )
    assert client.post("/account/privacy/export/").headers["Content-Type"] == "application/zip"


def test_three_wrong_codes_end_it(student: User, client_of: SignIn) -> None:
    client = client_of(student)
    client.post("/account/confirm/", {})
    right = code_of(mail.outbox[0])
    wrong = "111111" if right != "111111" else "222222"
    for _try in range(3):
        client.post("/account/confirm/", {"code": wrong})
    assert client.post("/account/confirm/", {"code": right}).status_code == 422


def test_erasing_removes_what_is_personal_and_leaves_a_former_member(student: User, proven: Client, client_of: SignIn) -> None:
    other_session = client_of(student)
    save_address(user=student, name="陳小晨", phone="0912345678", parts=PARTS)
    handle = student.profile.handle
    assert proven.post("/account/privacy/erase/", {"sure": "yes"}).url == "/"
    gone = User.objects.get(pk=student.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert gone.email.endswith("@erased.invalid")
    assert gone.display_name != "An"
    for model in (Address, EmailAddress, Profile):
        assert not model.objects.filter(user=student.pk).exists()
    assert Client().get(f"/people/{handle}/").status_code == 404
    assert proven.get("/account/").status_code == other_session.get("/account/").status_code == 302
    assert AuditEntry.objects.filter(action="account.erased", target=f"user:{student.pk}").exists()
    assert b"_auth_user_id" not in by_password(Client()).content


def test_without_the_tick_nothing_is_erased(student: User, proven: Client) -> None:
    assert proven.post("/account/privacy/erase/").status_code == 422
    assert User.objects.get(pk=student.pk).is_active


def test_staff_give_back_their_work_first(teacher: User) -> None:
    client = Client()
    by_password(client, teacher.email)
    assert client.post("/account/privacy/erase/", {"sure": "yes"}).status_code == 422
    assert User.objects.get(pk=teacher.pk).is_active


@pytest.mark.parametrize("door", ["export", "erase"])
def test_a_get_does_neither(door: str, student: User, proven: Client) -> None:
    assert proven.get(f"/account/privacy/{door}/").status_code == 405
