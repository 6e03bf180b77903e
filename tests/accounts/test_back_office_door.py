"""/admin/ and people who have no business there."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from kit.clock import available_zones

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/admin/", "/en/admin/", "/admin/pages/"])
def test_a_student_at_the_back_office_is_not_sent_in_circles(client_of: Any, student: User, address: str) -> None:
    response = client_of(student).get(address, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].endswith("/learn/")


def test_staff_who_sign_in_for_the_back_office_arrive_there(teacher: User) -> None:
    form = {"login": teacher.email, "password": "courseyard-demo", "next": "/admin/"}
    assert Client().post("/accounts/login/?next=/admin/", form)["Location"] == "/admin/"


def test_staff_have_a_page_for_themselves(client_of: Any, owner: User, teacher: User, packer: User) -> None:
    for person in (owner, teacher, packer):
        assert client_of(person).get("/admin/account/").status_code == 200


def test_the_own_account_in_the_back_office_offers_places_that_browsers_know(teacher: Any, client_of: Any) -> None:
    page = client_of(teacher).get("/en/admin/account/").content.decode()
    assert '<option value="Asia/Taipei"' in page
    assert '"localtime"' not in page
    assert "localtime" not in available_zones()
