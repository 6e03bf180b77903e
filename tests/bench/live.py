"""`make bench ARGS="--live"`: a thousand open streams on one process, and how soon a post reaches all of them."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.servers import free_port

STREAMS, POSTS = 1000, 8
AIM_SECONDS = 2.0
ROOT = Path(__file__).resolve().parents[2]


def measure(count: int = STREAMS) -> int:
    """Prints a line; 1 where a post took longer than two seconds to the last stream."""
    from django.conf import settings

    from community import flows
    from tests.factories import make_topic
    from tests.notices.streams import Sockets

    port = free_port()
    settings.LIVE_URL = f"http://127.0.0.1:{port}/live/"
    topic = make_topic()
    name = f"topic:{topic.pk}"
    sessions = _listeners(topic, count)
    process = _serve(port)
    sockets = Sockets(port)
    try:
        began = time.perf_counter()
        _wait(sockets, sessions[0], name)
        for session in sessions[1:]:
            sockets.open(session, name)
        if not sockets.read_until(lambda texts: all("event: hello" in text for text in texts), 120):
            raise RuntimeError("not every stream was opened within two minutes")
        opened = time.perf_counter() - began
        seconds = []
        for number in range(POSTS):
            began = time.perf_counter()
            no = flows.reply(author=topic.author, topic=topic, source="news", key=str(number)).no
            mark = f'"{name}":{no}'
            if not sockets.read_until(lambda texts, mark=mark: all(mark in text for text in texts), 30):
                raise RuntimeError("a post did not reach every stream within 30 s")
            seconds.append(time.perf_counter() - began)
        memory = _memory(process.pid)
    finally:
        sockets.close()
        process.terminate()
        process.wait(20)
    print(
        f"{count:,} streams on one process ({memory:.0f} MB), opened in {opened:.1f} s; a post reached the last of them after "
        f"{statistics.median(seconds):.2f} s (median of {POSTS}), {max(seconds):.2f} s at most (aim {AIM_SECONDS} s)"
    )
    return 1 if max(seconds) > AIM_SECONDS else 0


def _listeners(topic: object, count: int) -> list[str]:
    from accounts.models import User
    from community.models import Membership, Topic
    from kit.clock import now
    from tests.notices.streams import session_of

    assert isinstance(topic, Topic)
    people = User.objects.bulk_create([User(email=f"listener{n}@demo.test") for n in range(count)])
    Membership.objects.bulk_create([Membership(space=topic.space, user=one, joined_at=now()) for one in people])
    return [session_of(one) for one in people]


def _serve(port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--app-dir", str(ROOT / "site"), "--port", str(port)]
    return subprocess.Popen([*command, "--lifespan", "off", "--log-level", "error", "--timeout-graceful-shutdown", "1"], cwd=ROOT)


def _wait(sockets: object, session: str, name: str) -> None:
    from tests.notices.streams import Sockets

    assert isinstance(sockets, Sockets)
    for _attempt in range(300):
        try:
            sockets.open(session, name)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the live process did not answer within 30 s")


def _memory(pid: int) -> float:
    """Resident megabytes; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
