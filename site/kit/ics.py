"""Calendars as text (RFC 5545): CRLF lines, folded at 75 octets, times in UTC, so that no zone has to be described."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LIMIT = 75


@dataclass(frozen=True)
class Event:
    """`uid` stays the same for ever, `sequence` rises with each change of time (RFC 5545, 3.8.7.4)."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    url: str = ""
    text: str = ""
    place: str = ""
    sequence: int = 0
    changed_at: datetime | None = None
    is_cancelled: bool = False


def calendar_text(*, name: str, events: Iterable[Event], at: datetime) -> str:
    """A whole calendar. `at` is now; events say when they were changed last."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Courseyard//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += _event(event, at)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines)


def _event(event: Event, at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{utc(event.changed_at or at)}",
        f"DTSTART:{utc(event.starts_at)}",
        f"DTEND:{utc(event.ends_at)}",
        f"SEQUENCE:{event.sequence}",
        f"SUMMARY:{escaped(event.title)}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
    ]
    if event.text:
        lines.append(f"DESCRIPTION:{escaped(event.text)}")
    if event.place:
        lines.append(f"LOCATION:{escaped(event.place)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def utc(moment: datetime) -> str:
    """`20270303T110000Z`."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text as a value: no line of a person's can begin a property of its own (3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join("".join(sign for sign in line if sign.isprintable()) for line in plain.splitlines())


def folded(line: str) -> str:
    """The line with CRLF, in pieces of at most 75 octets that cut no character (3.1)."""
    parts, part = [], b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > LIMIT:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]).decode() + "\r\n"
