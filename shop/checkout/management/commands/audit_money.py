"""`manage.py audit_money`: MONEY.md's invariants I1 to I22 over the whole database. Changes nothing."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.checkout.audit import findings


class Command(BaseCommand):
    help = "Check every invariant of money and stock: one line each; fails where one is violated."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        found = findings()
        for finding in found:
            self.stdout.write(str(finding))
        violations = sum(finding.violations for finding in found)
        if violations:
            raise CommandError(f"{violations} violations ({time.monotonic() - began:.1f} s)")
        self.stdout.write(f"{len(found)} invariants hold ({time.monotonic() - began:.1f} s)")
