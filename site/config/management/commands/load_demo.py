"""`manage.py load_demo`: the demo of docs and README, made through the rooms' own flows."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from launch.demo.load import load


class Command(BaseCommand):
    help = "Fill the site with the demo: people, courses, classes, orders, boards. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        logging.getLogger().setLevel(logging.WARNING)
        try:
            loaded = load(say=self.stdout.write)
        except OSError as error:
            raise CommandError(f"The Stripe stand-in does not answer: {error}") from error
        self.stdout.write(f"The demo is loaded ({time.monotonic() - began:.0f} s)." if loaded else "The demo is here already.")
