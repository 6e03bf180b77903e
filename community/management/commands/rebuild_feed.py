from typing import Any

from django.core.management.base import BaseCommand

from community.flows.feed import rebuild_feed


class Command(BaseCommand):
    help = "Read everything that comes into feeds again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_feed()} things read")
