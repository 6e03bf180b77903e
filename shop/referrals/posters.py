"""What stands on a link's poster, and which pictures may."""

from dataclasses import astuple, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Course, Submission, SubmissionFile
from courses.reads.catalogue import landing_variants
from courses.reads.language import best
from kit.money import format_money
from kit.paths import site_address
from kit.storage import PrivateStorage, PublicStorage, StorageFault
from shop.catalogue.reads import best_ware, live_offers, offers_of_course, wares
from shop.referrals.doors import target_of
from shop.referrals.drawing import DESIGNS, Words, draw_poster
from shop.referrals.models import Link, PosterPicture
from shop.referrals.recommended import disclosure_for

MOST = 12


@dataclass(frozen=True)
class Poster:
    """Words and picture of a link's posters; `art` names the picture's file, '' for none, in the private bucket or not."""

    words: Words
    art: str
    is_private: bool

    def tag(self, design: str) -> str:
        """Changes with everything that is seen."""
        return sha256(repr((design, astuple(self.words), self.art)).encode()).hexdigest()[:32]

    def draw(self, design: str, *, scale: int = 1) -> bytes:
        """JPEG; without the picture where storage does not answer. Raises KeyError for a design that there is not."""
        if design not in DESIGNS:
            raise KeyError(design)
        return draw_poster(design, self.words, self._picture(), scale=scale)

    def _picture(self) -> bytes | None:
        if not self.art:
            return None
        out = BytesIO()
        try:
            (PrivateStorage() if self.is_private else PublicStorage()).fetch(self.art, out)
        except (OSError, *StorageFault):
            return None
        return out.getvalue()


def poster_of(link: Link) -> Poster:
    """In the active language. Twelve queries at most."""
    kind, slug = target_of(link.target)
    offer = live_offers().filter(slug=slug).first() if kind == "offer" else None
    course = offer.course if offer else Course.objects.filter(slug=slug).first() if kind == "course" else None
    page = best(landing_variants(course.slug, link.owner)) if course else None
    ware = best_ware(wares([offer] if offer else offers_of_course(course) if course else [], settings.SHOP_CURRENCY))
    price = ware.price if ware and ware.buyable else None
    words = Words(
        title=offer.title if offer else page.title if page else settings.WAGTAIL_SITE_NAME,
        price=format_money(price.amount, price.currency) if price else "",
        by=_("Recommended by %(name)s") % {"name": link.owner.display_name},
        scan=_("Scan, or open the link"),
        disclosure=disclosure_for(course=course, offer=offer),
        site=settings.WAGTAIL_SITE_NAME,
        address=address_of(link),
    )
    own, cover = PosterPicture.objects.filter(link=link).first(), page.cover if page else None
    return Poster(words, own.key if own else cover.file.name if cover else "", own is not None)


def address_of(link: Link) -> str:
    """The short address that is shared."""
    return site_address(reverse("referrals:link", args=[link.code]))


@dataclass(frozen=True)
class HomeworkPicture:
    """A picture of accepted homework; `more` is its SubmissionFile's id where it is not the first file."""

    submission: Submission
    key: str
    more: int | None = None

    @property
    def name(self) -> str:
        """For the form."""
        return f"{self.submission.pk}-{self.more or 0}"


def homework_pictures(user: Any) -> list[HomeworkPicture]:
    """Pictures of one's own accepted homework, newest first. Two queries."""
    accepted = Submission.objects.filter(enrolment__user=user, state=Submission.State.ACCEPTED)
    rows = list(accepted.select_related("assignment__lesson").order_by("-pk")[:MOST])
    more = SubmissionFile.objects.filter(submission__in=rows, content_type__startswith="image/").order_by("pk")
    by_work: dict[int, list[SubmissionFile]] = {}
    for file in more:
        by_work.setdefault(file.submission_id, []).append(file)
    found = []
    for row in rows:
        if row.key and row.content_type.startswith("image/"):
            found.append(HomeworkPicture(row, row.key))
        found += [HomeworkPicture(row, file.key, file.pk) for file in by_work.get(row.pk, [])]
    return found[:MOST]
