"""What an owner sets now and then and every page asks for (rates of tax, zones, accounts): a process reads it once a second.

    @settled(TaxRate)
    def rates() -> list[TaxRate]: ...

A change made in this process is seen at once, another process's within settings.SETTLED_SECONDS (0: nothing is kept).
What must not be a second old (prices, stock, seats, access) is never read by this.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

Answer = TypeVar("Answer")
MOST = 200


def settled(*models: type[Model]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Decorates a read whose answer nobody changes and which depends on its hashable arguments and rows of `models` alone."""

    def decorate(read: Callable[..., Answer]) -> Callable[..., Answer]:
        known: dict[tuple[Hashable, ...], tuple[float, Answer]] = {}

        def forget(**_signal: Any) -> None:
            known.clear()

        for model in models:
            post_save.connect(forget, sender=model, weak=False)
            post_delete.connect(forget, sender=model, weak=False)

        @wraps(read)
        def remembered(*args: Hashable) -> Answer:
            moment = monotonic()
            found = known.get(args)
            if found is not None and moment - found[0] < settings.SETTLED_SECONDS:
                return found[1]
            answer = read(*args)
            if len(known) >= MOST:
                known.clear()
            known[args] = (moment, answer)
            return answer

        return remembered

    return decorate
