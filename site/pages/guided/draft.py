"""What a course under way holds by now, read from the rows themselves."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.roles import INSTRUCTOR, OWNER, has_role
from courses.flows.authoring import original_page
from courses.models import Cohort, Course, CoursePage, Lesson, LessonPage
from kit.clock import local_date, now
from kit.paths import without_language
from shop.catalogue.models import Component, Offer, Price, Sku
from shop.payouts.reads import first_shares, points_of, shares_in_force
from shop.referrals.models import Link, Programme
from shop.referrals.rules import Rules
from stock.models import StockItem

STEPS = ("name", "outline", "price", "kit", "sharing", "check")
ROLES = (INSTRUCTOR, OWNER)


def own_courses(user: Any) -> QuerySet[Course]:
    """Courses whose making and prices are this person's: the teacher's own; the owner has all. Newest first."""
    rows = Course.objects.select_related("teacher").order_by("-pk")
    return rows if has_role(user, OWNER) else rows.filter(teacher=user)


def own_draft(user: Any, course_id: int) -> "Draft":
    """Http404 for missing and foreign alike."""
    return Draft(get_object_or_404(own_courses(user), pk=course_id))


@dataclass
class Draft:
    """A course with everything that its first offer needs; parts not made yet are None."""

    course: Course

    @cached_property
    def page(self) -> CoursePage:
        """The landing page as last saved, published or not."""
        page: CoursePage = self.original.get_latest_revision_as_object()
        return page

    @cached_property
    def original(self) -> CoursePage:
        if not CoursePage.objects.filter(course=self.course).exists():
            raise Http404
        return original_page(self.course)

    @cached_property
    def offer(self) -> Offer | None:
        return Offer.objects.filter(course=self.course).order_by("pk").first()

    @cached_property
    def parts(self) -> list[Component]:
        rows = Component.objects.filter(bundle__offer=self.offer, bundle__is_current=True).select_related("cohort", "sku")
        return list(rows) if self.offer else []

    @cached_property
    def cohort(self) -> Cohort | None:
        return next((part.cohort for part in self.parts if part.cohort), None)

    @cached_property
    def price(self) -> Price | None:
        return Price.objects.filter(offer=self.offer, valid_to=None).order_by("-pk").first() if self.offer else None

    @cached_property
    def kit(self) -> Sku | None:
        """The goods in the offer as it is now."""
        return next((part.sku for part in self.parts if part.sku), None)

    @cached_property
    def former_kit(self) -> Sku | None:
        """Goods that were in the offer once: putting a kit back takes up the same ones."""
        old = Component.objects.filter(bundle__offer=self.offer, sku__isnull=False).select_related("sku").order_by("-pk").first()
        return self.kit or (old.sku if old else None)

    @cached_property
    def programme(self) -> Programme | None:
        return Programme.objects.filter(offer=self.offer).first() if self.offer else None

    @cached_property
    def rules(self) -> Rules | None:
        version = self.programme.versions.order_by("-number").first() if self.programme else None
        return Rules.from_json(version.rules) if version else None

    @cached_property
    def points(self) -> dict[int | None, int]:
        """Payee id (None: the yard) → basis points: those in force, else those it is published with; {}: nobody shares."""
        split = shares_in_force([self.offer.pk]).get(self.offer.pk) if self.offer else None
        return points_of(split) if split else first_shares(self.course.teacher)

    @cached_property
    def lessons(self) -> list[Any]:
        """Lessons in order; each knows `page_id` (of its original page) and `has_text`."""
        pages: dict[int, LessonPage] = {}
        for page in LessonPage.objects.filter(lesson__course=self.course).order_by("-pk"):
            pages[page.lesson_id] = page
        rows = list(Lesson.objects.filter(course=self.course).select_related("module").order_by("position"))
        written = with_text(pages.values())
        for row in rows:
            page = pages.get(row.pk)
            row.page_id, row.has_text = page and page.pk, row.pk in written  # type: ignore[attr-defined]
        return rows

    @cached_property
    def free_lesson(self) -> Any:
        return next((row for row in self.lessons if row.is_preview), None)

    @cached_property
    def link(self) -> Link | None:
        """The teacher's own short link to the landing page."""
        target = without_language(reverse("courses:landing", args=[self.course.slug]))
        return Link.objects.filter(owner=self.course.teacher, target=target, note=None, killed_at=None).order_by("pk").first()

    @property
    def unwritten(self) -> int:
        return sum(not row.has_text for row in self.lessons)

    def on_hand(self, ref: str) -> int:
        """Pieces (or seats) counted for a stock item, 0 where there is none."""
        return StockItem.objects.filter(ref=ref).values_list("on_hand", flat=True).first() or 0

    @property
    def is_published(self) -> bool:
        return bool(self.original.live and self.offer and self.offer.state == Offer.State.LIVE)

    @property
    def is_fixed(self) -> bool:
        """Published once: the address stays."""
        return self.original.first_published_at is not None or bool(self.offer and self.offer.state != Offer.State.DRAFT)

    @property
    def has_news(self) -> bool:
        """Something was saved after publishing."""
        pages = LessonPage.objects.filter(lesson__course=self.course).filter(Q(live=False) | Q(has_unpublished_changes=True))
        return bool(self.original.has_unpublished_changes) or pages.exists()

    @property
    def starts_in_time(self) -> bool:
        return self.cohort is not None and self.cohort.starts_on >= local_date(now(), self.cohort.time_zone)

    @property
    def done(self) -> dict[str, bool]:
        """Which steps hold what they need."""
        return {
            "name": True,
            "outline": bool(self.lessons),
            "price": self.offer is not None,
            "kit": self.programme is not None or self.kit is not None,
            "sharing": self.programme is not None,
            "check": self.is_published,
        }

    @property
    def next_step(self) -> str:
        return next((step for step in STEPS if not self.done[step]), "check")


def with_text(pages: Any) -> set[int]:
    """Ids of the lessons whose draft says something."""
    return {page.lesson_id for page in pages if len(page.body)}


def course_rows(user: Any) -> list[Course]:
    """One's courses for the list, each with `is_sold` (its offer is for sale) and `cover`. Two queries."""
    live = Offer.objects.filter(course=OuterRef("pk"), state=Offer.State.LIVE)
    rows = list(own_courses(user).annotate(is_sold=Exists(live)))
    pages: dict[int, CoursePage] = {}
    for page in CoursePage.objects.filter(course__in=rows).select_related("cover").order_by("-pk"):
        pages[page.course_id] = page
    for row in rows:
        page = pages.get(row.pk)
        row.cover = page.cover if page else None  # type: ignore[attr-defined]
    return [row for row in rows if row.pk in pages]
