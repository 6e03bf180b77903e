"""By which day a parcel leaves: two working days from now, from the seller's return, or from the goods' arrival."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.catalogue.holidays import today
from shop.catalogue.reads import Ware, demand_of
from stock.reads import expected_for

SHIP_DAYS = 2
SATURDAY = 5


def after_working_days(day: date, count: int = SHIP_DAYS) -> date:
    """`count` working days (Monday to Friday) after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def usual_day() -> date:
    """By when a parcel leaves where nothing keeps it."""
    return after_working_days(today())


def leaves_by(wanted: Iterable[tuple[Ware, int]]) -> date | None:
    """By when the goods of (ware, number of bundles) leave, ordered now; None where nothing is sent.

    One query where something of it is not here yet, else none.
    """
    bought = [(ware, times) for ware, times in wanted if ware.goods]
    if not bought:
        return None
    demand: Mapping[str, int] = demand_of((part, times) for ware, times in bought for part in ware.goods)
    away = [ware.away_until for ware, _times in bought if ware.away_until]
    expected = expected_for(demand) if any(ware.is_awaited for ware, _times in bought) else []
    return after_working_days(max([today(), *away, *expected]))


def leaves_text(day: date | None) -> str:
    """`Leaves by 3 December`, `Leaves within two working days`, or ''."""
    if day is None:
        return ""
    if day <= usual_day():
        return _("Leaves within two working days")
    return _("Leaves by %(day)s") % {"day": date_format(day)}
