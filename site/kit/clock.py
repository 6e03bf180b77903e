"""The one clock. `CLOCK_OFFSET` (seconds; refused in production) shifts every process together."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings

FALLBACK_ZONE = "Asia/Taipei"
MORNING, NIGHT = 8, 22


def now() -> datetime:
    """The present moment in UTC, shifted by `settings.CLOCK_OFFSET` seconds."""
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET)


def zone(name: str) -> ZoneInfo:
    """The named IANA zone, or the fallback where the name is unknown."""
    return ZoneInfo(name if name in available_zones() else FALLBACK_ZONE)


def available_zones() -> frozenset[str]:
    """Names of all IANA zones known here; read once. What else lies in a machine's folder of zones is no place."""
    global _zones
    if _zones is None:
        _zones = frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})
    return _zones


def local_date(moment: datetime, zone_name: str) -> date:
    """The calendar day of `moment` as somebody in that zone sees it."""
    return moment.astimezone(zone(zone_name)).date()


def start_of_day(day: date, zone_name: str) -> datetime:
    """The first instant of a local calendar day, in UTC. Days that begin at 01:00 (daylight saving) begin there."""
    return datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)


def daytime(moment: datetime, zone_name: str) -> datetime:
    """`moment`, or where it is night there (22 to 8 o'clock) the next 8 in the morning: nobody is woken by an offer."""
    local = moment.astimezone(zone(zone_name))
    if MORNING <= local.hour < NIGHT:
        return moment
    day = local.date() + timedelta(days=local.hour >= NIGHT)
    return datetime(day.year, day.month, day.day, MORNING, tzinfo=zone(zone_name)).astimezone(moment.tzinfo)


_zones: frozenset[str] | None = None
