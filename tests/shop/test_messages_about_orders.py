"""Offers and orders beside a conversation: whom one asks from their pages, and who sees them there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import User
from community.models import Conversation
from kit import things
from tests.factories import make_offer
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def card_for(user: User, reference: str) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return things.card(reference, request)


def test_the_offers_page_leads_to_its_seller(bundle: Any, student: User, teacher: User, client_of: SignIn) -> None:
    path = f"/en/messages/new/?about=offer:{bundle.pk}"
    browser = client_of(student)
    assert path in browser.get("/en/shop/ukulele/").content.decode()
    assert path not in client_of(teacher).get("/en/shop/ukulele/").content.decode()
    assert bundle.title in browser.get(path).content.decode()
    browser.post("/en/messages/new/", {"about": f"offer:{bundle.pk}", "source": "Which wood?"})
    talk = Conversation.objects.get()
    assert (talk.answerer, talk.about) == (teacher, f"offer:{bundle.pk}")
    assert "/en/shop/ukulele/" in client_of(teacher).get(f"/en/messages/{talk.pk}/").content.decode()


def test_a_draft_has_nobody_to_ask(student: User, teacher: User, client_of: SignIn) -> None:
    draft = make_offer(seller=teacher, live=False)
    assert client_of(student).get(f"/en/messages/new/?about=offer:{draft.pk}").status_code == 404


def test_an_order_is_shown_to_its_buyer_its_seller_and_the_owner_alone(
    till: Till,
    bundle: Any,
    student: User,
    teacher: User,
    teacher2: User,
    moderator: User,
    visitor: User,
    owner: User,
    client_of: SignIn,
) -> None:
    order = till.place(bundle, user=student)
    about = f"order:{order.pk}"
    page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    assert f"?about={about}&to={teacher.profile.handle}" in page.replace("&amp;", "&")
    client_of(student).post("/en/messages/new/", {"about": about, "to": teacher.profile.handle, "source": "When?"})
    talk = Conversation.objects.get()
    assert talk.about == about
    for person in (student, teacher):
        assert order.number in client_of(person).get(f"/en/messages/{talk.pk}/").content.decode()
    assert all(card_for(person, about) for person in (student, teacher, owner))
    assert not any(card_for(person, about) for person in (teacher2, moderator, visitor))
    assert client_of(visitor).get(f"/en/messages/new/?about={about}").status_code == 404
    client_of(visitor).post("/en/messages/new/", {"about": about, "to": teacher.profile.handle, "source": "Mine?"})
    assert Conversation.objects.get(asker=visitor).about == ""
