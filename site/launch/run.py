"""`make run`: everything the site needs, in the foreground, until Ctrl-C; and `make reset`."""

import hashlib
import shutil
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from launch import environment, locks, ports, postgres, services
from launch.identity import end_leftovers
from launch.paths import ROOT, RUN_ROOM, SITE, VAR, private_folder
from launch.processes import Child
from launch.s3 import Buckets
from launch.supervisor import Stopped, Supervisor, say

# kombu makes its tables when they are first needed, and worker and beat would race for that.
_MAKE_QUEUE = """
from config.celery import app
with app.connection_for_write() as broker, broker.channel() as channel:
    app.amqp.queues["celery"](channel).declare()
"""
SCRIPT = RUN_ROOM / "env.sh"
_ACCOUNTS = {
    "owner": "everything",
    "teacher": "teaches the ukulele",
    "teacher2": "teaches coffee, lends a hand in calligraphy",
    "packer": "packs and ships",
    "moderator": "looks after the boards",
    "referrer": "recommends, earns commission",
    "student": "enrolled in the ukulele course",
    "visitor": "has bought nothing",
}


def run() -> None:
    """Start all, say where it is, and watch until told to stop."""
    began = time.monotonic()
    given = environment.of_the_person()
    own_stripe = not environment.real_stripe(given)
    locks.hold(RUN_ROOM)
    RUN_ROOM.mkdir(parents=True, exist_ok=True)
    if names := end_leftovers(RUN_ROOM):
        say(f"Cleaned up after a run that was killed: {', '.join(names)}.")
    web = ports.web_port(given.get("PORT") or "8000")
    numbers = ports.choose(RUN_ROOM / "ports.json", ["s3", "s3_public", "stripe", "live"])
    with Supervisor(RUN_ROOM) as supervisor:
        try:
            env = _start_services(supervisor, given, web, numbers, own_stripe)
            # What a shell needs for management commands beside the running site.
            environment.write_script(SCRIPT, {name: value for name, value in env.items() if given.get(name) != value})
            _bring_up_to_date(supervisor, env, given)
            answer = _start_site(supervisor, env, numbers["live"])
            _welcome(env, answer, own_stripe, time.monotonic() - began)
            supervisor.watch()
        except Stopped:
            say("Stopping …")
        finally:
            SCRIPT.unlink(missing_ok=True)


def reset() -> None:
    """Delete what `make run` made: database, uploads, mails, keys. Refused while it runs."""
    locks.hold(RUN_ROOM)
    end_leftovers(RUN_ROOM)
    for data in (RUN_ROOM / "postgres", postgres.away(RUN_ROOM) / "postgres"):
        postgres.clear_stale_lock(data)
    services.discard(RUN_ROOM)
    shutil.rmtree(VAR / "mail", ignore_errors=True)
    say("Everything that `make run` had made is deleted.")


def _start_services(
    supervisor: Supervisor, given: dict[str, str], web: int, numbers: dict[str, int], own_stripe: bool
) -> dict[str, str]:
    """Start PostgreSQL, S3 and Stripe's stand-in as needed; return the environment of the site."""
    kept = environment.kept_secrets(RUN_ROOM / "secrets.json")
    folder = private_folder(RUN_ROOM / "s3")
    keys = kept["S3_ACCESS_KEY_ID"], kept["S3_SECRET_ACCESS_KEY"]
    buckets = Buckets(folder, numbers["s3"], numbers["s3_public"], *keys)
    if database := given.get("DATABASE_URL", ""):
        queue = environment.queue_address(database)
    else:
        cluster = postgres.prepare(RUN_ROOM, durable=True)
        supervisor.start(cluster.child(), cluster.answers)
        cluster.make_databases(postgres.NAME, f"{postgres.NAME}_queue")
        database, queue = (
            cluster.address(),
            environment.queue_address(cluster.address(f"{postgres.NAME}_queue")),
        )
    env = environment.for_site(
        given,
        kept,
        database=database,
        queue=given.get("CELERY_BROKER_URL") or queue,
        buckets=buckets,
        web=web,
        stripe=numbers["stripe"],
        live=numbers["live"],
    )
    started = [(supervisor.start(child), port) for child, port in buckets.children()]
    if own_stripe:
        started.append((supervisor.start(_stand_in(env, numbers["stripe"])), numbers["stripe"]))
    for running, port in started:
        supervisor.wait(running, partial(ports.answers, port))
    return env


def _stand_in(env: dict[str, str], port: int) -> Child:
    state = private_folder(RUN_ROOM / "stripe") / "state.db"
    command = [sys.executable, "-m", "tests.stripe_stand_in", "--port", str(port), "--state", str(state)]
    command += ["--webhook-url", f"http://{env['BIND']}/webhooks/stripe/"]
    return Child("stripe", command, env, ROOT)


def _bring_up_to_date(supervisor: Supervisor, env: dict[str, str], given: dict[str, str]) -> None:
    """Migrate when code or libraries changed since the last time, and load the demo into a new database."""
    done, now = RUN_ROOM / "migrated", _fingerprint(env["DATABASE_URL"])
    if not done.exists() or done.read_text() != now:
        say("Bringing the database up to date …")
        supervisor.complete(manage(env, "migrate", "--noinput"))
        supervisor.complete(Child("queue", [sys.executable, "-c", _MAKE_QUEUE], env, ROOT))
        done.write_text(now)
    loaded = RUN_ROOM / "demo-loaded"
    if given.get("DATABASE_URL"):
        say("DATABASE_URL is yours: nothing is loaded into it. For the demo: python manage.py load_demo")
    elif not loaded.exists() and any(SITE.glob("**/management/commands/load_demo.py")):
        say("Loading the demo (the first time only) …")
        supervisor.complete(manage(env, "load_demo"))
        loaded.touch()


def _start_site(supervisor: Supervisor, env: dict[str, str], live: int) -> int:
    """Start web, worker, beat and live, and return the status with which the front page answers (0: not at all)."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-c", str(SITE / "gunicorn.conf.py")]
    celery = [sys.executable, "-m", "celery", "--workdir", str(SITE), "-A", "config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    schedule = str(RUN_ROOM / "beat-schedule")
    web = supervisor.start(Child("web", gunicorn, env, ROOT, grace=10.0, echo=True))
    supervisor.start(Child("worker", [*celery, "worker", "--concurrency=2", "--loglevel=INFO", *quiet], env, ROOT))
    supervisor.start(Child("beat", [*celery, "beat", "--pidfile=", f"--schedule={schedule}"], env, ROOT))
    supervisor.start(Child("live", live_command(live), env, SITE))
    supervisor.wait(web, lambda: _status(f"http://{env['BIND']}/healthz/") > 0, 60.0)
    return _status(f"http://{env['BIND']}/")


def live_command(port: int) -> list[str]:
    """The live process (docs/running.md) on a loopback port. Streams never end by themselves: stopping waits for none."""
    quiet = ["--lifespan", "off", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
    return [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port), *quiet]


def manage(env: dict[str, str], *arguments: str) -> Child:
    """A management command as a child."""
    return Child(f"manage-{arguments[0]}", [sys.executable, str(ROOT / "manage.py"), *arguments], env, ROOT)


def _status(address: str) -> int:
    """The status with which an address answers; 0 if it does not."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _fingerprint(database: str) -> str:
    """Changes whenever `migrate` might have work to do: another database, other libraries, other code."""
    summary = hashlib.sha256(database.encode())
    rooms = [SITE, ROOT / "courses", ROOT / "community", ROOT / "shop"]
    sources = [path for room in rooms for path in sorted(room.glob("**/*.py"))]
    for path in [ROOT / "requirements.txt", *sources]:
        summary.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return summary.hexdigest()


def _welcome(env: dict[str, str], status: int, own_stripe: bool, seconds: float) -> None:
    site = env["SITE_URL"]
    lines = [f"Courseyard is up after {seconds:.0f} s: {site}", f"  mails      {site}/dev/mail/"]
    if own_stripe:
        lines.append(f"  Stripe     stand-in at {env['STRIPE_API_BASE']} (no real money)")
    else:
        lines.append(f"  Stripe     the real one; its webhooks must reach {site}/webhooks/stripe/")
    if env.get("CLOCK_OFFSET", "0") not in {"", "0"}:
        lines.append(f"  clock      shifted by {env['CLOCK_OFFSET']}")
    if (RUN_ROOM / "demo-loaded").exists():
        lines.append("  demo       password courseyard-demo for all of:")
        lines += [f"             {name}@demo.test".ljust(36) + what for name, what in _ACCOUNTS.items()]
    if not 200 <= status < 500:
        lines.append(f"!! The front page answers {status or 'nothing'}: see {log_folder() / 'web.log'}")
    lines.append(f"  commands   . {_typed(SCRIPT)} && {_typed(Path(sys.executable))} manage.py help")
    lines.append(f"  logs       {log_folder()}   stop: Ctrl-C   start over: make reset")
    say("\n".join(lines))


def _typed(path: Path) -> str:
    """A path as one types it at the root."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def log_folder() -> Path:
    """Where the children's logs are."""
    return RUN_ROOM / "log"
