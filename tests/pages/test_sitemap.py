"""/robots.txt and /sitemap.xml."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile
from community.models import Space
from courses.models import CoursePage, Lesson, LessonPage
from shop.catalogue.models import Offer
from tests.factories import make_course, make_offer, make_space, make_user

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def listed(address: str = "/sitemap.xml") -> set[str]:
    response = Client().get(address)
    assert response["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)
    return {str(node.text).removeprefix(settings.SITE_URL) for node in tree.findall("s:url/s:loc", NAMES)}


def test_everything_public_is_listed_and_answers_everybody(teacher: Any) -> None:
    course = make_course(lessons=2, slug="ukulele", teacher=teacher)
    make_offer(slug="ukulele-kit")
    make_space(slug="porch", visibility=Space.Visibility.PUBLIC)
    Profile.objects.update_or_create(user=teacher, defaults={"handle": "lin", "is_public": True})
    preview = Lesson.objects.filter(course=course, is_preview=True).get()
    found = listed()
    wanted = {"/", "/courses/", "/shop/", "/community/", "/courses/ukulele/", f"/courses/ukulele/{preview.slug}/"}
    assert wanted | {"/shop/ukulele-kit/", "/community/porch/", "/people/lin/"} <= found
    for path in found:
        assert Client().get(path).status_code == 200, path


def test_nothing_paid_private_or_unpublished_is_listed(teacher: Any) -> None:
    course = make_course(lessons=3, slug="ukulele", teacher=teacher)
    draft = make_course(lessons=1, slug="draft", teacher=teacher)
    CoursePage.objects.filter(course=draft).update(live=False)
    hidden = make_course(lessons=1, slug="hidden", teacher=teacher)
    LessonPage.objects.filter(lesson__course=hidden).update(live=False)
    Offer.objects.filter(pk=make_offer(slug="secret").pk).update(state=Offer.State.DRAFT)
    make_space(slug="members", visibility=Space.Visibility.MEMBERS)
    Profile.objects.update_or_create(user=make_user(), defaults={"handle": "shy", "is_public": False})
    found = listed()
    paid = Lesson.objects.filter(course=course, is_preview=False).values_list("slug", flat=True)
    assert len(paid) == 2
    assert not found & {f"/courses/ukulele/{slug}/" for slug in paid}
    assert not [path for path in found if any(word in path for word in ("draft", "secret", "members", "shy"))]
    assert not [path for path in found if path.startswith("/courses/hidden/day")]


def test_each_page_names_its_languages() -> None:
    tree = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    home = tree.findall("s:url", NAMES)[0]
    links = {link.get("hreflang"): link.get("href") for link in home.findall("x:link", NAMES)}
    assert links["en"] == f"{settings.SITE_URL}/en/"
    assert set(links) == {"zh-hant", "zh-hans", "en", "x-default"}


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_map_costs_the_same_queries_for_any_number_of_rows(rows: int) -> None:
    spaces = [Space(slug=f"s{n}", name="x", visibility="public", created_at="2026-01-01T00:00Z") for n in range(rows)]
    Space.objects.bulk_create(spaces)
    Client().get("/sitemap.xml")
    with CaptureQueriesContext(connection) as queries:
        assert len(listed()) >= rows
    assert len(queries) <= 8


def test_robots_are_told_where_not_to_go() -> None:
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /learn/" in text
    assert "Disallow: /en/orders/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
