"""Tests' settings with a real broker: what is queued goes to the worker's process."""

from config.settings.test import *  # noqa: F403  (settings inherit this way)

CELERY_TASK_ALWAYS_EAGER = False
