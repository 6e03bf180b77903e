"""What search engines may know of: public pages only, never a paid lesson, a draft, or a space for members."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Profile
from community.models import Space
from community.note_access import shown_notes
from courses.access import with_published
from courses.models import Lesson
from courses.reads.catalogue import announced_courses
from pages.models import ArticlePage
from shop.catalogue.models import Offer

MOST = 10_000
# What is behind a sign-in, or nobody's business: each is refused on its own, this spares robots the way.
CLOSED = (
    "account/", "accounts/", "admin/", "basket/", "checkout/", "dev/", "language/", "learn/", "messages/", "notices/",
    "orders/", "promote/", "r/", "redeem/", "search/", "teach/", "webhooks/",
)  # fmt: skip


def public_paths(request: HttpRequest) -> list[str]:
    """Unprefixed paths of everything that anybody may read; a fixed number of queries whatever there is."""
    fixed = [
        reverse(name) for name in ("pages:home", "courses:catalogue", "catalogue:shop", "community:spaces", "community:notes")
    ]
    return list(dict.fromkeys([*fixed, *_courses(), *_shelf(), *_spaces(), *_notes(), *_people(), *_articles(request)]))[:MOST]


def _courses() -> Iterator[str]:
    """Landing pages, and the lessons that are free previews of announced courses."""
    for page in announced_courses():
        yield reverse("courses:landing", args=[page.course.slug])
    lessons = with_published(Lesson.objects.filter(is_preview=True).select_related("course").order_by("course", "position"))
    for lesson in lessons.filter(is_published=True, is_announced=True)[:MOST]:
        yield reverse("courses:lesson", args=[lesson.course.slug, lesson.slug])


def _shelf() -> Iterator[str]:
    for slug in Offer.objects.filter(state=Offer.State.LIVE).order_by("pk").values_list("slug", flat=True)[:MOST]:
        yield reverse("catalogue:offer", args=[slug])


def _spaces() -> Iterator[str]:
    for slug in Space.objects.filter(visibility=Space.Visibility.PUBLIC).order_by("pk").values_list("slug", flat=True)[:MOST]:
        yield reverse("community:space", args=[slug])


def _notes() -> Iterator[str]:
    for note in shown_notes().order_by("-pk")[:MOST]:
        yield note.path


def _people() -> Iterator[str]:
    people = Profile.objects.filter(is_public=True, user__is_active=True).order_by("pk")
    for handle in people.values_list("handle", flat=True)[:MOST]:
        yield reverse("people:person", args=[handle])


def _articles(request: HttpRequest) -> Iterator[str]:
    """Articles stand behind Wagtail's catch-all; the request remembers where its site begins."""
    for page in ArticlePage.objects.live().public().order_by("pk")[:MOST]:
        if address := page.get_url_parts(request):
            yield address[2]
