"""Many people at once: threads that start together, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.utils import translation


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of `works` returned, or the exception that it raised, in order."""
    answers: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int) -> None:
        try:
            gate.wait(timeout=30)
            with translation.override("en"):
                answers[index] = works[index]()
        except Exception as error:  # the test looks at it
            answers[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
