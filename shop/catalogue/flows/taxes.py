"""Rates of tax. A rate that has been in force is never changed: another one takes its place from a day on."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from shop.catalogue.models import TaxRate


class CannotSetTax(Exception):
    """The rate makes no sense; the text is for whoever wrote it."""


@transaction.atomic
def set_tax_rate(*, country: str, rate: int, name: str, actor: Any, valid_from: datetime | None = None) -> TaxRate:
    """The rate (basis points) of a country ("": everywhere else) from now or from `valid_from` on. Raises CannotSetTax."""
    code, moment, start = country.strip().upper(), now(), valid_from or now()
    if code and not re.fullmatch("[A-Z]{2}", code):
        raise CannotSetTax(_("A country is two letters, such as TW."))
    if not 0 <= rate < 10_000:
        raise CannotSetTax(_("A rate is 0 or more, and less than 100 percent."))
    if start < moment:
        raise CannotSetTax(_("A rate cannot begin in the past: orders were placed by the one before."))
    former = TaxRate.objects.filter(country=code, valid_from__lte=start).order_by("-valid_from").first()
    row = TaxRate.objects.update_or_create(country=code, valid_from=start, defaults={"rate": rate, "name": name.strip()})[0]
    before = {"rate": former.rate, "name": former.name} if former else None
    after = {"rate": rate, "name": row.name, "from": start.isoformat()}
    audit.record(actor=actor, action="tax.set", target=f"tax:{code or 'everywhere'}", before=before, after=after)
    return row


@transaction.atomic
def drop_tax_rate(*, rate_id: int, actor: Any) -> bool:
    """Take back a rate that has not begun. False where it has, or is gone."""
    row = TaxRate.objects.select_for_update().filter(pk=rate_id, valid_from__gt=now()).first()
    if row is None:
        return False
    before = {"rate": row.rate, "name": row.name, "from": row.valid_from.isoformat()}
    row.delete()
    audit.record(actor=actor, action="tax.dropped", target=f"tax:{row.country or 'everywhere'}", before=before)
    return True
