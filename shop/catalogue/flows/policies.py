"""What an offer promises about money back. Orders that were placed keep what they were promised."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from shop.catalogue.models import Offer
from shop.catalogue.policies import WHOLE, Policy

MOST_DAYS = 365


class CannotSetPolicy(Exception):
    """The policy makes no sense; the text is for whoever wrote it."""


@transaction.atomic
def set_policy(*, offer: Offer, policy: Policy, actor: Any) -> None:
    """From now on the offer promises this. The same again changes nothing. Raises CannotSetPolicy."""
    _check(policy)
    row = Offer.objects.select_for_update().get(pk=offer.pk)
    before, after = row.refund_policy.as_terms(), policy.as_terms()
    if before == after:
        return
    row.policy, row.refund_days, row.return_days = after, policy.cooling_days, policy.return_days
    row.save(update_fields=["policy", "refund_days", "return_days"])
    audit.record(actor=actor, action="offer.policy", target=f"offer:{row.pk}", before=before, after=after)


def _check(policy: Policy) -> None:
    if not all(0 <= days <= MOST_DAYS for days in (policy.cooling_days, policy.return_days, policy.opened_days)):
        raise CannotSetPolicy(_("A span is 0 to %(most)s days.") % {"most": MOST_DAYS})
    percents = [policy.kit_opened, policy.kit_kept, *(part for step in policy.opened for part in step)]
    if not all(0 <= percent <= WHOLE for percent in percents):
        raise CannotSetPolicy(_("A share is 0 to 100 percent."))
    pairs = list(zip(policy.opened, policy.opened[1:], strict=False))
    if any(later[0] <= earlier[0] or later[1] >= earlier[1] for earlier, later in pairs):
        raise CannotSetPolicy(_("The more lessons are opened, the less comes back: write the rows in that order."))
    if bool(policy.opened) != bool(policy.opened_days):
        raise CannotSetPolicy(_("Say how long after paying the table of lessons holds, and write its rows."))
