"""The environment that `make run` gives to the site (launch/environment.py)."""

import subprocess
from pathlib import Path

import pytest

from launch import environment
from launch.paths import LaunchError
from launch.s3 import Buckets

BUCKETS = Buckets(Path("s3"), 21000, 21001, "k" * 20, "s" * 40)
KEPT = {"SECRET_KEY": "kept", "STRIPE_SECRET_KEY": "sk_test_kept", "STRIPE_WEBHOOK_SECRET": "whsec_kept"}
ADDRESS = "postgresql://courseyard@/courseyard?host=/tmp/x"


def for_site(given: dict[str, str]) -> dict[str, str]:
    queue = environment.queue_address(ADDRESS)
    return environment.for_site(given, KEPT, database=ADDRESS, queue=queue, buckets=BUCKETS, web=8000, stripe=21002, live=21003)


def test_the_site_gets_every_address_it_needs() -> None:
    env = for_site({"CLOCK_OFFSET": "3d"})
    assert env["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"
    assert env["DATABASE_URL"] == ADDRESS
    assert env["CELERY_BROKER_URL"] == "sqla+postgresql+psycopg://courseyard@/courseyard?host=/tmp/x"
    assert env["S3_ENDPOINT_URL"] == "http://127.0.0.1:21000"
    assert env["S3_PUBLIC_URL"] == "http://127.0.0.1:21001"
    assert env["STRIPE_API_BASE"] == "http://127.0.0.1:21002"
    assert env["STRIPE_SECRET_KEY"] == "sk_test_kept"
    assert env["LIVE_URL"] == "http://127.0.0.1:21003/live/"
    assert env["BIND"] == "127.0.0.1:8000"
    assert env["CLOCK_OFFSET"] == "3d"


def test_keys_of_the_real_stripe_leave_the_stand_in_out() -> None:
    env = for_site({"STRIPE_SECRET_KEY": "sk_test_mine", "STRIPE_WEBHOOK_SECRET": "whsec_mine"})
    assert "STRIPE_API_BASE" not in env
    assert env["STRIPE_SECRET_KEY"] == "sk_test_mine"


@pytest.mark.parametrize("name", ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"])
def test_half_a_pair_of_stripe_keys_is_refused(name: str) -> None:
    with pytest.raises(LaunchError, match="STRIPE_WEBHOOK_SECRET"):
        environment.real_stripe({name: "something"})


def test_a_shell_with_test_services_does_not_lead_make_run_to_their_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", ADDRESS)
    monkeypatch.delenv(environment.TEST_MARK, raising=False)
    assert environment.of_the_person()["DATABASE_URL"] == ADDRESS
    monkeypatch.setenv(environment.TEST_MARK, "1")
    assert "DATABASE_URL" not in environment.of_the_person()


def test_keys_are_made_once_long_enough_for_s3_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = environment.kept_secrets(path)
    assert environment.kept_secrets(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert len(made["S3_ACCESS_KEY_ID"]) >= 16
    assert made["STRIPE_SECRET_KEY"].startswith("sk_test_")


def test_a_shell_gets_the_environment_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    script = tmp_path / "env.sh"
    environment.write_script(script, {"SECRET_KEY": "a'b $HOME `id` c", "BIND": "127.0.0.1:8000"})
    assert script.stat().st_mode & 0o777 == 0o600
    read = subprocess.run(["sh", "-c", f'. {script}; printf %s "$SECRET_KEY|$BIND"'], capture_output=True, text=True, check=True)
    assert read.stdout == "a'b $HOME `id` c|127.0.0.1:8000"
