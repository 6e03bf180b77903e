"""Troubles to order: the next API calls hang, fail, or do their work and then say nothing."""

import threading
from dataclasses import dataclass

from .errors import ApiError


@dataclass
class Fault:
    """`seconds`: how long to hang first. `status`: answer this error (0: the real answer, or none if `silent`).

    `after_work`: the call does its work, and an idempotency key keeps the answer, before the trouble starts.
    `path`, `method`: only calls whose path holds this text, and of this method.
    """

    seconds: float = 0
    status: int = 0
    silent: bool = False
    after_work: bool = False
    path: str = ""
    method: str = ""
    times: int = 1

    def error(self) -> ApiError:
        if self.status == 429:
            return ApiError(429, "Too many requests hit the API too quickly.", code="rate_limit")
        return ApiError(self.status, "The stand-in was told to fail here.", type="api_error")


class Faults:
    """The faults still to come. Hanging calls wait on `stopped`, so that closing the server ends them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []
        self.stopped = threading.Event()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._coming.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, counted down."""
        with self._lock:
            for fault in self._coming:
                if fault.path in path and fault.method in ("", method):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._coming.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._coming.clear()

    def hang(self, fault: Fault) -> None:
        if fault.seconds:
            self.stopped.wait(fault.seconds)
