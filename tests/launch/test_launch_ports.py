"""Ports of `make run` (launch/ports.py)."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import ports
from launch.paths import LaunchError


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


def test_ports_are_chosen_once_and_remembered(tmp_path: Path) -> None:
    first = ports.choose(tmp_path / "ports.json", ["s3", "stripe"])
    assert first["s3"] != first["stripe"]
    assert ports.choose(tmp_path / "ports.json", ["s3", "stripe"]) == first


def test_a_remembered_port_that_somebody_took_is_chosen_again(tmp_path: Path) -> None:
    first = ports.choose(tmp_path / "ports.json", ["s3", "stripe"])
    with socket.socket() as server:
        server.bind(("127.0.0.1", first["s3"]))
        server.listen()
        second = ports.choose(tmp_path / "ports.json", ["s3", "stripe"])
    assert second["s3"] != first["s3"]
    assert second["stripe"] == first["stripe"]


def test_a_damaged_file_of_ports_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text('["not", "a", "map"')
    assert ports.choose(tmp_path / "ports.json", ["s3"]) == ports.choose(tmp_path / "ports.json", ["s3"])


def test_a_taken_web_port_is_refused_with_the_way_out(listener: socket.socket) -> None:
    with pytest.raises(LaunchError, match="PORT=8001 make run"):
        ports.web_port(str(listener.getsockname()[1]))


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1"])
def test_a_web_port_that_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(LaunchError, match="PORT must be a number"):
        ports.web_port(text)
