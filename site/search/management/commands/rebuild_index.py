from typing import Any

from django.core.management.base import BaseCommand

from search.flows import rebuild_index


class Command(BaseCommand):
    help = "Read everything that can be searched into the index again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_index()} things read")
