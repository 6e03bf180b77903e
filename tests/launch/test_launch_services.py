"""PostgreSQL and S3 really start, survive the launcher's death, and start again (launch/services.py)."""

import os
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from launch import postgres
from launch.identity import end_leftovers
from launch.paths import ROOT, SITE
from launch.services import discard

Start = Callable[[], "tuple[subprocess.Popen[bytes], dict[str, str]]"]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    yield {**os.environ, "PYTHONPATH": str(SITE), "COURSEYARD_VAR": str(tmp_path)}
    for number in ("0", "1"):
        end_leftovers(tmp_path / "test" / number)
        discard(tmp_path / "test" / number)


@pytest.fixture
def start(tmp_path: Path, env: dict[str, str]) -> Iterator[Start]:
    launched: list[subprocess.Popen[bytes]] = []

    def launch() -> "tuple[subprocess.Popen[bytes], dict[str, str]]":
        script = tmp_path / "test" / "env.sh"
        script.unlink(missing_ok=True)
        launcher = subprocess.Popen([sys.executable, "-m", "launch", "services"], env=env, cwd=ROOT)
        launched.append(launcher)
        deadline = time.monotonic() + 60
        while not script.exists() or "TEST_DATABASE_NAME" not in script.read_text():
            assert launcher.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        words = [shlex.split(line)[1].partition("=") for line in script.read_text().splitlines()]
        return launcher, {name: value for name, _, value in words}

    yield launch
    for launcher in launched:
        launcher.terminate()
        launcher.wait(timeout=30)


def data_folder(tmp_path: Path) -> Path:
    room = tmp_path / "test" / "0"
    inside = room / "postgres"
    return inside if inside.exists() else postgres.away(room) / "postgres"


def test_killed_services_start_again_with_their_data_though_a_stranger_has_the_old_process_id(
    tmp_path: Path, start: Start
) -> None:
    first, found = start()
    with psycopg.connect(found["DATABASE_URL"], autocommit=True) as database:
        assert database.execute("SHOW server_version").fetchone()[0].startswith("18")  # type: ignore[index]
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.kill()
    first.wait()
    # The worst case that PostgreSQL itself does not solve: its lock file names a process that is not PostgreSQL.
    time.sleep(1)
    (data_folder(tmp_path) / "postmaster.pid").write_text(f"{os.getpid()}\n")
    _, found = start()
    with psycopg.connect(found["DATABASE_URL"]) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_what_s3_stores_in_the_public_bucket_is_served_at_once_and_its_private_bucket_is_closed(
    start: Start,
) -> None:
    import boto3
    from botocore.client import Config

    _, found = start()
    client = boto3.client(
        "s3",
        endpoint_url=found["S3_ENDPOINT_URL"],
        aws_access_key_id=found["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=found["S3_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    for name in ("first", "second"):
        client.put_object(Bucket=found["S3_PUBLIC_BUCKET"], Key=f"{name}.txt", Body=name.encode())
        with urllib.request.urlopen(f"{found['S3_PUBLIC_URL']}/{name}.txt") as answer:
            assert answer.read() == name.encode()
    client.put_object(Bucket=found["S3_PRIVATE_BUCKET"], Key="paid.txt", Body=b"paid")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{found['S3_ENDPOINT_URL']}/{found['S3_PRIVATE_BUCKET']}/paid.txt")
    for path in ("courseyard-private/paid.txt", "../courseyard-private/paid.txt"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{found['S3_PUBLIC_URL']}/{path}")


def test_a_command_gets_services_of_its_own_and_its_exit_code_comes_back(start: Start, env: dict[str, str]) -> None:
    _, found = start()
    code = "import os; print(os.environ['DATABASE_URL'], os.environ['S3_ENDPOINT_URL']); raise SystemExit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "launch", "exec", "--", sys.executable, "-c", code],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    database, s3 = done.stdout.split()[-2:]
    assert database != found["DATABASE_URL"]
    assert s3 != found["S3_ENDPOINT_URL"]
