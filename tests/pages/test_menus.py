"""No menu leads nowhere: every link of header, footer and account menu opens for whoever is shown it."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


def links(client: Client) -> set[str]:
    page = client.get("/en/courses/").content.decode()
    return {address for address in re.findall(r'href="(/[^"#]*)"', page) if not address.startswith("/static/")}


def test_a_visitors_links_open(client: Client) -> None:
    found = links(client)
    assert "/en/shop/" in found
    assert {address: client.get(address).status_code for address in found if client.get(address).status_code >= 400} == {}


def test_the_owners_links_open(client_of: Any, owner: User) -> None:
    browser = client_of(owner)
    found = links(browser)
    assert {"/en/learn/", "/en/teach/"} <= found
    assert {address: browser.get(address).status_code for address in found if browser.get(address).status_code >= 400} == {}
