"""A referrer disputes how an order of theirs was credited (rule 6), and the owner answers."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kit import audit
from kit.clock import now
from notices.flows import Words, notify
from shop.referrals.models import Attribution, Objection

DAYS = 30


class CannotObject(Exception):
    """Too late, or for no reason; the text is for the referrer."""


def may_object_until(attribution: Attribution) -> Any:
    """The last moment at which its referrer may dispute it."""
    return attribution.created_at + timedelta(days=DAYS)


@transaction.atomic
def object_to(*, attribution: Attribution, text: str) -> Objection:
    """Dispute a conversion of one's own, once. Raises CannotObject."""
    if now() > may_object_until(attribution):
        raise CannotObject(_("A receipt can be disputed for 30 days."))
    if not text.strip():
        raise CannotObject(_("Please say what is wrong."))
    defaults = {"text": text.strip()[:2000], "created_at": now()}
    return Objection.objects.get_or_create(attribution=attribution, defaults=defaults)[0]


@transaction.atomic
def answer_objection(*, objection: Objection, uphold: bool, actor: Any, answer: str) -> Objection:
    """Say yes or no, once. A correction of money is made by hand beside it (adjust), so that its amount is said."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("attribution__order").get(pk=objection.pk)
    if row.state != Objection.State.OPEN:
        return row
    row.state = Objection.State.UPHELD if uphold else Objection.State.DISMISSED
    row.answer, row.decided_at = answer.strip()[:2000], now()
    row.save(update_fields=["state", "answer", "decided_at"])
    audit.record(
        actor=actor,
        action="objection.answered",
        target=f"order:{row.attribution.order_id}",
        before=str(Objection.State.OPEN),
        after=str(row.state),
        reason=row.answer,
    )
    number = row.attribution.order.number
    notify(
        user=row.attribution.referrer,
        kind="promote",
        key=f"objection:{row.pk}",
        url=f"/promote/receipts/{number}/",
        words=Words(
            gettext_noop("Your dispute about order %(number)s is answered"),
            gettext_noop("The answer is on the receipt."),
            {"number": number},
        ),
    )
    return row
