"""Small readers of the environment used by the settings."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import available_timezones


def split(text: str) -> list[str]:
    """A comma separated list without blanks."""
    return [part.strip() for part in text.split(",") if part.strip()]


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/folder`.

    Raises ValueError for any other engine: PostgreSQL is the only one.
    """
    parts = urlsplit(url or "postgresql:///courseyard")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must be a postgresql:// address, not {parts.scheme}://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    # How often kit.prepared sends a statement over a connection before PostgreSQL keeps its plan; 0: never.
    prepare_threshold = int(query.pop("prepare_threshold", "3")) or None
    return {
        "ENGINE": "kit.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "courseyard",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 4, "prepare_threshold": prepare_threshold, **query},
    }


def percent(text: str) -> int:
    """A whole number from 0 to 100. Raises ValueError for any other."""
    number = int(text)
    if not 0 <= number <= 100:
        raise ValueError(f"a percentage lies between 0 and 100, not at {number}")
    return number


def broker_options(url: str) -> dict[str, Any]:
    """A dead broker may cost a request one second at most (HOUSE.md, one request)."""
    if url.startswith("redis"):
        return {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}
    if url.startswith("amqp"):
        return {"connect_timeout": 1, "max_retries": 0}
    if url.startswith("sqla"):  # kombu hands these to SQLAlchemy's create_engine as they are
        return {"connect_args": {"connect_timeout": 1}, "pool_pre_ping": True}
    return {}


def clock_offset(text: str) -> int:
    """Seconds for `90`, `3d`, `12h`, `-2h`. Raises ValueError for anything else."""
    units = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    text = text.strip()
    if text and text[-1] in units:
        return int(text[:-1]) * units[text[-1]]
    return int(text or 0)


def social_providers(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """allauth's settings of those providers whose id and secret are both set (GOOGLE_CLIENT_ID, LINE_CHANNEL_ID …)."""
    known = {
        "google": ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", ["profile", "email"]),
        "line": ("LINE_CHANNEL_ID", "LINE_CHANNEL_SECRET", ["profile", "openid", "email"]),
    }
    return {
        name: {"APPS": [{"client_id": environ[ident], "secret": environ[secret], "key": ""}], "SCOPE": scope}
        for name, (ident, secret, scope) in known.items()
        if environ.get(ident) and environ.get(secret)
    }


def time_zones() -> list[str]:
    """Places that people choose from; browsers know no others (`localtime` of a Linux machine breaks their page)."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
