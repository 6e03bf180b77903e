"""The live process as it runs: many streams, two seconds, late commits, coming back."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from community import flows
from community.models import Membership
from kit.clock import now
from notices import live
from tests.factories import make_topic
from tests.notices.streams import Sockets, parsed, session_of
from tests.profile import size
from tests.shop.served import ROOT, environment, free_address, start, stop

STREAMS = size(100, 1000)


def serve(port: str) -> "subprocess.Popen[bytes]":
    env = environment("", "config.settings.test") | {"LIVE_URL": f"http://127.0.0.1:{port}/live/"}
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--app-dir", str(ROOT / "site"), "--port", port]
    return start([*command, "--lifespan", "off", "--log-level", "error", "--timeout-graceful-shutdown", "1"], env)


def heard_by(texts: Iterable[str], name: str, value: int) -> int:
    return sum(any(data.get("values", {}).get(name) == value for _seq, _name, data in parsed(text)) for text in texts)


@pytest.mark.django_db(transaction=True)
def test_many_streams_hear_within_two_seconds_and_nothing_is_lost_or_doubled(settings: Any) -> None:
    settings.LIVE_URL = "http://127.0.0.1:9/live/"
    topic = make_topic()
    name = f"topic:{topic.pk}"
    people = User.objects.bulk_create([User(email=f"listener{n}@demo.test") for n in range(STREAMS)])
    Membership.objects.bulk_create([Membership(space=topic.space, user=one, joined_at=now()) for one in people])
    sessions = [session_of(one) for one in people]
    port = free_address().rpartition(":")[2]
    process = serve(port)
    sockets = Sockets(int(port))
    try:
        _wait(sockets, sessions[0], name, process)
        opened = [sockets.open(session, name) for session in sessions[1:]]
        assert sockets.read_until(lambda texts: all("event: hello" in text for text in texts), 60)

        began = time.monotonic()
        no = flows.reply(author=topic.author, topic=topic, source="news", key="a").no
        assert sockets.read_until(lambda texts: heard_by(texts, name, no) == STREAMS, 10)
        assert time.monotonic() - began < 2

        away = opened[0]
        seen = max(seq for seq, _name, _data in parsed(sockets.texts[away]))
        before = sockets.texts[away]
        sockets.drop(away)
        _commit_late(name)
        again = sockets.open(sessions[1], name, last=seen)
        assert sockets.read_until(lambda texts: heard_by(texts, name, 1001) == heard_by(texts, name, 1002) == STREAMS, 5)
        got = [data["values"][name] for _seq, kind, data in parsed(before + sockets.texts[again]) if kind == "change"]
        assert sorted(got) == [no, 1001, 1002]
    finally:
        sockets.close()
        stop(process)


def _wait(sockets: Sockets, session: str, name: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        assert process.poll() is None, "the live process ended at once"
        try:
            sockets.open(session, name)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the live process did not answer")


def _commit_late(name: str) -> None:
    """An event whose id is taken first and whose transaction commits last: read on from the highest id, it would be lost."""
    taken, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            live.publish(kind="change", values={name: 1001})
            taken.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    taken.wait(10)
    live.publish(kind="change", values={name: 1002})
    time.sleep(0.8)  # two looks of the live process
    go_on.set()
    thread.join()
