"""An offer standing in a lesson, an article or a topic."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from accounts.models import User
from community.flows import join
from courses.models import Lesson
from pages.models import ArticlePage
from shop.orders.models import BasketLine
from shop.referrals.flows import create_programme, join_programme
from shop.referrals.rules import Rules
from tests.factories import make_cohort, make_course, make_offer, make_sku, make_space, make_topic

pytestmark = pytest.mark.django_db


def bought_from(client: Client, page: str) -> BasketLine:
    """Press "buy now" in the block that stands in this page."""
    block = re.search(r'<aside class="card offer-block".*?</aside>', page, re.S)
    assert block, "no offer block in the page"
    data = dict(re.findall(r'<input type="hidden" name="(offer|place|return_to)" value="([^"]*)"', block[0]))
    assert set(data) == {"offer", "place", "return_to"}
    response = client.post("/basket/add/", {**data, "buy": "now"})
    assert response["Location"] == "/checkout/"
    return BasketLine.objects.get()


def test_in_a_lesson_it_knows_the_lesson(client: Client) -> None:
    offer = make_offer(slug="strings", title="New strings", sku=make_sku(on_hand=3))
    course = make_course(lessons=1, preview_first=True)
    lesson = Lesson.objects.get(course=course)
    page: Any = Page.objects.get(slug=lesson.slug).specific
    page.body = [("offer", f"offer:{offer.pk}")]
    page.save_revision().publish()
    path = f"/courses/{course.slug}/{lesson.slug}/"
    html = client.get(path).content.decode()
    assert "New strings" in html
    assert "¥599" in html
    line = bought_from(client, html)
    assert (line.offer, line.place, line.return_to) == (offer, f"lesson:{lesson.pk}", path)


def test_in_an_article_it_knows_the_page(client: Client) -> None:
    make_offer(slug="strings")
    home = Page.objects.get(depth=2)
    body = json.dumps([{"type": "offer", "value": "offer:strings"}])
    article = home.add_child(instance=ArticlePage(title="How to change strings", slug="change-strings", body=body))
    html = client.get("/change-strings/").content.decode()
    line = bought_from(client, html)
    assert (line.place, line.return_to) == (f"page:{article.pk}", "/change-strings/")


def test_in_a_topic_it_knows_the_topic(owner: User, student: User, client_of: Callable[[User], Client]) -> None:
    offer = make_offer(slug="strings")
    space = make_space(visibility="public")
    join(user=owner, space=space, role="moderator")
    topic = make_topic(space=space, author=owner, offer=f"offer:{offer.pk}")
    client = client_of(student)
    path = f"/community/{space.slug}/{topic.pk}-{topic.slug}/"
    line = bought_from(client, client.get(path).content.decode())
    assert (line.place, line.return_to) == (f"topic:{topic.pk}", path)


def test_what_is_sold_out_stands_there_without_a_button_and_a_draft_not_at_all(client: Client) -> None:
    gone, draft = make_offer(title="Gone kit", sku=make_sku(on_hand=0)), make_offer(title="Secret draft", live=False)
    home = Page.objects.get(depth=2)
    body = json.dumps([{"type": "offer", "value": f"offer:{row.pk}"} for row in (gone, draft)])
    home.add_child(instance=ArticlePage(title="Shelf", slug="shelf", body=body))
    html = client.get("/shelf/").content.decode()
    assert "Gone kit" in html
    assert "/basket/add/" not in html
    assert "Secret draft" not in html


def test_a_full_class_says_so_in_the_block(client: Client) -> None:
    offer = make_offer(cohort=make_cohort(seats=0))
    home = Page.objects.get(depth=2)
    home.add_child(
        instance=ArticlePage(title="Shelf", slug="shelf", body=json.dumps([{"type": "offer", "value": f"offer:{offer.pk}"}]))
    )
    assert "This class is full" in client.get("/en/shelf/").content.decode()


def test_a_referrers_topic_says_that_its_author_earns(
    owner: User, student: User, referrer: User, client_of: Callable[[User], Client]
) -> None:
    """Rule 4 of DISTRIBUTION.md: credited like a link, disclosed."""
    offer = make_offer(slug="strings", title="New strings", sku=make_sku(on_hand=3))
    space = make_space(visibility="public")
    for person in (student, referrer):
        join(user=person, space=space, role="moderator" if person is referrer else "member")
    topic = make_topic(space=space, author=referrer, offer=f"offer:{offer.pk}")
    path = f"/en/community/{space.slug}/{topic.pk}-{topic.slug}/"
    said = f"{referrer.display_name} wrote this and earns a share"
    assert said not in client_of(student).get(path).content.decode(), "no agreement: nothing is earned"
    join_programme(user=referrer, programme=create_programme(name="School", rules=Rules()))
    assert said in client_of(student).get(path).content.decode()
    assert said not in client_of(referrer).get(path).content.decode()
