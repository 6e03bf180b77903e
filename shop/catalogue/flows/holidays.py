"""A seller goes on holiday, and comes back before its end."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from shop.catalogue.holidays import Holiday, today

LONGEST = timedelta(days=366)


class CannotSetHoliday(Exception):
    """The days make no sense; the text is for the seller."""


@transaction.atomic
def set_holiday(*, seller: Any, kind: str, until: date, actor: Any) -> Holiday:
    """The seller is away from now on and back on the day `until`. Another one takes its place. Raises CannotSetHoliday."""
    if not today() < until <= today() + LONGEST:
        raise CannotSetHoliday(_("Choose a day after today, within a year."))
    former = Holiday.objects.select_for_update().filter(seller=seller).first()
    row = Holiday.objects.update_or_create(seller=seller, defaults={"kind": kind, "until": until})[0]
    audit.record(actor=actor, action="holiday.set", target=f"user:{seller.pk}", before=_said(former), after=_said(row))
    return row


@transaction.atomic
def end_holiday(*, seller: Any, actor: Any) -> None:
    """The seller is back already: their offers are for sale again. What was promised meanwhile stays promised."""
    row = Holiday.objects.select_for_update().filter(seller=seller).first()
    if row is not None:
        row.delete()
        audit.record(actor=actor, action="holiday.ended", target=f"user:{seller.pk}", before=_said(row))


def _said(row: Holiday | None) -> dict[str, str] | None:
    return {"kind": row.kind, "until": row.until.isoformat()} if row else None
