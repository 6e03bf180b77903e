"""A small load generator: prepared requests over fresh connections, answers read to their end."""

import http.client
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A prepared HTTP/1.1 request; `expect` is the status that counts as right."""

    method: str
    path: str
    cookies: str = ""
    body: str = ""
    expect: int = 200

    def encoded(self, port: int) -> bytes:
        head = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Accept-Language: zh-TW",
            "Connection: close",
        ]
        if self.cookies:
            head.append(f"Cookie: {self.cookies}")
        if self.method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(self.body.encode())}"]
        return ("\r\n".join(head) + "\r\n\r\n" + self.body).encode()


def fetch(port: int, request: bytes) -> bytes:
    """The whole answer to one request."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def post(port: int, path: str, body: bytes, headers: dict[str, str], *, expect: int) -> None:
    """Post JSON as a machine does. Raises RuntimeError where the answer is not the expected one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
    if (status := connection.getresponse().status) != expect:
        raise RuntimeError(f"POST {path}: {status}")
    connection.close()


def rate(port: int, request: Request, *, seconds: float, clients: int = 4) -> float:
    """Right answers a second. Raises RuntimeError where any answer is not the expected one."""
    data, wanted = request.encoded(port), f"HTTP/1.1 {request.expect} ".encode()
    counts = [0] * clients
    wrong: list[bytes] = []
    end = time.perf_counter() + seconds

    def work(index: int) -> None:
        while time.perf_counter() < end and not wrong:
            answer = fetch(port, data)
            if not answer.startswith(wanted):
                wrong.append(answer[:300])
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{request.method} {request.path}: {wrong[0]!r}")
    return sum(counts) / (time.perf_counter() - started)


def get(port: int, request: Request) -> None:
    """One request. Raises RuntimeError where the answer is not the expected one."""
    answer = fetch(port, request.encoded(port))
    if not answer.startswith(f"HTTP/1.1 {request.expect} ".encode()):
        raise RuntimeError(f"{request.path}: {answer[:200]!r}")


def times(work: Callable[[], None], count: int) -> list[float]:
    """Milliseconds of `count` runs, after ten to warm up."""
    for _warm in range(10):
        work()
    found = []
    for _number in range(count):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def crowd(work: Callable[[], None], clients: int, each: int) -> list[float]:
    """The same by several clients at once."""
    found: list[float] = []
    threads = [threading.Thread(target=lambda: found.extend(times(work, each))) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def tell(name: str, found: list[float], share: float, aim: int | None = None) -> int:
    """Prints median and percentile; 1 where the percentile misses the aim (ms)."""
    found = sorted(found)
    value = found[int(share * (len(found) - 1))]
    wanted = f" (aim {aim})" if aim else ""
    print(f"{name}: median {found[len(found) // 2]:.0f} ms, p{int(share * 100)} {value:.0f} ms{wanted}", flush=True)
    return int(aim is not None and value > aim)
