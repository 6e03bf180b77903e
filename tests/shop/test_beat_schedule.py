"""What beat calls exists."""

from django.conf import settings

import shop.checkout.tasks  # noqa: F401  (registers its tasks)
from config.celery import app


def test_every_scheduled_task_of_the_checkout_exists() -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"].startswith("shop.checkout.")}
    assert len(names) == 10
    assert names <= set(app.tasks)
