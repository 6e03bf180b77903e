"""The environment of `make run`: what the person set is respected, the rest is made once and kept."""

import json
import os
import secrets
import shlex
from pathlib import Path

from launch.paths import SITE, VAR, LaunchError
from launch.s3 import Buckets

# Set by var/test/env.sh: a shell that sourced it must not make `make run` take the test services for a wish.
TEST_MARK = "COURSEYARD_TEST_SERVICES"
_OF_TESTS = ("DATABASE_URL", "CELERY_BROKER_URL", "TEST_DATABASE_NAME", TEST_MARK)


def of_the_person() -> dict[str, str]:
    """The environment we were started with, without the addresses of test services."""
    given = dict(os.environ)
    if TEST_MARK in given:
        for name in _OF_TESTS:
            given.pop(name, None)
    return given


def kept_secrets(path: Path) -> dict[str, str]:
    """Keys of this installation, made on first use; the file can be read by its owner only."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "S3_ACCESS_KEY_ID": secrets.token_hex(10),
            "S3_SECRET_ACCESS_KEY": secrets.token_hex(20),
            "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(16)}",
            "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        }
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(made))
        fresh.replace(path)
    known: dict[str, str] = json.loads(path.read_text())
    return known


def real_stripe(given: dict[str, str]) -> bool:
    """Whether the person brought Stripe keys. Raises LaunchError for half a pair."""
    pair = [bool(given.get(name)) for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")]
    if any(pair) and not all(pair):
        raise LaunchError("The real Stripe needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, the stand-in neither.")
    return all(pair)


def write_script(path: Path, env: dict[str, str]) -> str:
    """A file for a shell to source (`. FILE`), which only its owner may read; returns its lines."""
    lines = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in env.items()) + "\n"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(lines)
    return lines


def queue_address(database: str) -> str:
    """The Celery broker's address on a PostgreSQL database (kombu's SQL transport with psycopg 3)."""
    return f"sqla+postgresql+psycopg://{database.partition('://')[2]}"


def for_site(
    given: dict[str, str],
    kept: dict[str, str],
    *,
    database: str,
    queue: str,
    buckets: Buckets,
    web: int,
    stripe: int,
    live: int = 0,
) -> dict[str, str]:
    """The whole environment of web, worker, beat, live and management commands. `stripe`, `live`: their ports."""
    env = {
        **given,
        **buckets.env(),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": queue,
        "SECRET_KEY": given.get("SECRET_KEY") or kept["SECRET_KEY"],
        "SITE_URL": given.get("SITE_URL") or f"http://127.0.0.1:{web}",
        "BIND": f"127.0.0.1:{web}",
        "WEB_CONCURRENCY": given.get("WEB_CONCURRENCY", "2"),
        "WEB_THREADS": given.get("WEB_THREADS", "4"),
        "LIVE_URL": given.get("LIVE_URL") or (f"http://127.0.0.1:{live}/live/" if live else ""),
        "MAIL_DIR": str(VAR / "mail"),
        "PYTHONPATH": str(SITE),
        "PYTHONUNBUFFERED": "1",
    }
    if not real_stripe(given):
        env["STRIPE_SECRET_KEY"] = kept["STRIPE_SECRET_KEY"]
        env["STRIPE_WEBHOOK_SECRET"] = kept["STRIPE_WEBHOOK_SECRET"]
        env["STRIPE_API_BASE"] = f"http://127.0.0.1:{stripe}"
    return env
