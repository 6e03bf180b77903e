"""The site on gunicorn over a test's own database, and browsers that visit it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = re.compile(r'<input type="hidden" name="(key|csrfmiddlewaretoken)" value="([^"]+)"')


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def environment(stripe: str, module: str = "config.settings.test") -> dict[str, str]:
    """What a process of the site needs to know to work on this test's database and stand-in."""
    parts = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    return {
        **os.environ,
        "DATABASE_URL": parts._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl(),
        "DJANGO_SETTINGS_MODULE": module,
        "STRIPE_API_BASE": stripe,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }


def gunicorn(address: str, *options: str) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "-c", "site/gunicorn.conf.py", "--no-control-socket", "--log-level", "error"]
    return [*command, "--bind", address, *options]


def start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A process in a group of its own, so that it and its children can be ended together."""
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def site(stripe: str, *options: str, module: str = "config.settings.test") -> Iterator[str]:
    """The site's address; four workers unless `options` say otherwise. `module`: its settings."""
    address = free_address()
    process = start(gunicorn(address, *(options or ("--workers", "4", "--preload"))), environment(stripe, module))
    try:
        wait_for(process, address)
        yield f"http://{address}"
    finally:
        stop(process)


def wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    for _attempt in range(600):
        assert process.poll() is None, "gunicorn ended at once"
        try:
            urllib.request.urlopen(f"http://{address}/healthz/", timeout=5)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("gunicorn did not answer within a minute")


class Browser:
    """Keeps cookies and the hidden fields of the page it saw last; follows no redirect. `number` gives it an address."""

    def __init__(self, site: str, number: int = 0) -> None:
        self.site, self.number = site, number
        handlers = [urllib.request.HTTPCookieProcessor(CookieJar()), StaysHere(), ComesFrom(f"127.0.1.{number % 250 + 1}")]
        self.open = urllib.request.build_opener(*handlers).open
        self.form: dict[str, str] = {}

    def page(self, path: str) -> str:
        page = str(self.open(f"{self.site}{path}", timeout=60).read().decode())
        self.form = dict(HIDDEN.findall(page))
        return page

    def post(self, path: str, data: dict[str, str]) -> int:
        """The status. Raises OSError where there is no answer."""
        body = urllib.parse.urlencode({**self.form, **data}).encode()
        try:
            return int(self.open(f"{self.site}{path}", body, timeout=60).status)
        except urllib.error.HTTPError as error:
            return error.code


class ComesFrom(urllib.request.HTTPHandler):
    """Every buyer has an address of their own, so that nobody is counted for another's codes."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(partial(http.client.HTTPConnection, source_address=(self.address, 0)), request)  # type: ignore[arg-type]


class StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None
