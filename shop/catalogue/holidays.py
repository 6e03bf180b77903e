"""Sellers on holiday: either nothing of theirs is sold meanwhile, or it is, and leaves later. It ends by itself."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from kit.clock import FALLBACK_ZONE, local_date, now
from kit.prepared import Given
from shop.catalogue.models import Component


class Holiday(models.Model):
    """A seller is away and back on the day `until` (the house's zone). One at a time; one that is over means nothing."""

    class Kind(models.TextChoices):
        PAUSE = "pause", _("nothing is sold meanwhile")
        SHIFT = "shift", _("sales go on, parcels leave later")

    seller = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holiday")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    until = models.DateField()

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.kind} until {self.until}"


def today() -> date:
    """The house's day."""
    return local_date(now(), FALLBACK_ZONE)


def with_holidays(parts: "QuerySet[Component]") -> "QuerySet[Component]":
    """Parts that know whether their offer's seller is away: `away_kind`, `away_until`; give `today` (kit.prepared)."""
    away = Holiday.objects.filter(seller=OuterRef("bundle__offer__seller"), until__gt=Given("today", models.DateField()))
    return parts.annotate(away_kind=Subquery(away.values("kind")), away_until=Subquery(away.values("until")))


def paused_until(sellers: Iterable[int]) -> date | None:
    """The day from which all of these sellers sell again; None where none of them pauses. One query."""
    return _until(Holiday.objects.filter(kind=Holiday.Kind.PAUSE), sellers)


def away_until(sellers: Iterable[int]) -> date | None:
    """The day on which all of these sellers are back, whatever is sold meanwhile; None where none is away. One query."""
    return _until(Holiday.objects.all(), sellers)


def _until(rows: "QuerySet[Holiday]", sellers: Iterable[int]) -> date | None:
    found: date | None = rows.filter(seller__in=set(sellers), until__gt=today()).aggregate(last=Max("until"))["last"]
    return found
