"""Many people at once: threads that start together, each with a database connection of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.utils import translation

from stock.models import StockItem


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


@contextmanager
def oversold() -> Iterator[None]:
    """For controls: the database's own last line of defence is down, so that only locks could help."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_stockitem DROP CONSTRAINT stock_never_oversold")
    yield
    StockItem.objects.update(allocated=0, reserved=0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_stockitem ADD CONSTRAINT stock_never_oversold CHECK (on_hand >= allocated + reserved)")
