"""The tests' settings without row locks: for controls, which must show the races that locks prevent."""

from config.settings.test import *  # noqa: F403  (settings inherit this way)
from config.settings.test import INSTALLED_APPS as APPS

INSTALLED_APPS = [*APPS, "tests.shop.races.unlocking"]
