"""Answering a dispute: a draft that is kept, then one call to Stripe that cannot be taken back.

The texts and their key are committed before Stripe is called, outside any transaction. Where it refuses or does not
answer, the draft stays and can be sent again: by the same key as long as it says the same.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kit.clock import local_date, now
from shop.checkout.flows.dispute import settle_dispute, take_evidence
from shop.checkout.flows.errors import CannotAnswer
from shop.checkout.flows.tell import tell_staff
from shop.orders.models import Order
from shop.payments import stripe
from shop.payments.models import Dispute, DisputeEvidence
from shop.payments.shapes import DisputeFacts

logger = logging.getLogger(__name__)
State = DisputeEvidence.State
WARN_BEFORE = timedelta(days=3)


@transaction.atomic
def save_evidence(*, dispute: Dispute, texts: Mapping[str, str]) -> DisputeEvidence:
    """Keep the draft; empty texts are left out. Raises CannotAnswer for a dispute that takes no evidence any more."""
    Order.objects.select_for_update(of=("self",)).get(pk=dispute.payment.order_id)  # orders are locked first, as everywhere
    row = Dispute.objects.get(pk=dispute.pk)
    known = DisputeEvidence.objects.select_for_update(of=("self",)).filter(dispute=row).first()
    if known is not None and known.state == State.SUBMITTED:
        raise CannotAnswer(_("The evidence is with the bank already."))
    if row.state not in Dispute.UNANSWERED or (row.evidence_due and now() > row.evidence_due):
        raise CannotAnswer(_("This dispute takes no evidence any more."))
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    draft = known or DisputeEvidence(dispute=row)
    if draft.texts != said:  # Stripe refuses a known key with other words
        draft.texts, draft.key = said, None
    draft.saved_at = now()
    draft.save()
    return draft


def submit_evidence(*, dispute: Dispute, texts: Mapping[str, str], actor: Any) -> DisputeEvidence:
    """Save the texts, send them to the bank through Stripe, and bring the dispute to where Stripe says it is.

    Raises CannotAnswer with words for the owner; the draft is kept then.
    """
    draft = _prepare(dispute, texts)
    try:
        facts = stripe.submit_evidence(dispute.provider_id, texts=draft.texts, key=str(draft.key))
    except stripe.StripeUnavailable as error:
        _note_trouble(draft, type(error).__name__)
        text = _("Stripe does not answer. The evidence is kept as a draft: please send it again in a minute.")
        raise CannotAnswer(text) from error
    except stripe.StripeRefused as error:
        _note_trouble(draft, str(error))
        text = _("Stripe did not take the evidence (%(code)s). It is kept as a draft.")
        raise CannotAnswer(text % {"code": error}) from error
    _settle(dispute, facts, actor)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def _settle(dispute: Dispute, facts: DisputeFacts, actor: Any) -> None:
    """Stripe's answer counts before its event does, so that the trail names who sent it."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=dispute.payment.order_id)
    take_evidence(order=order, dispute=dispute, facts=facts, actor=actor)
    settle_dispute(facts=facts)


@transaction.atomic
def _prepare(dispute: Dispute, texts: Mapping[str, str]) -> DisputeEvidence:
    draft = save_evidence(dispute=dispute, texts=texts)
    if not draft.texts:
        raise CannotAnswer(_("There is nothing to send yet."))
    if draft.key is None:
        draft.key = uuid.uuid4().hex
        draft.save(update_fields=["key"])
    return draft


@transaction.atomic
def _note_trouble(draft: DisputeEvidence, code: str) -> None:
    DisputeEvidence.objects.filter(pk=draft.pk, state=State.DRAFT).update(trouble=code[:80])
    logger.warning("evidence not taken", extra={"dispute": draft.dispute_id, "stripe_code": code[:80]})


def warn_of_deadlines() -> int:
    """Tell the owners, once a dispute, that it must be answered within three days. How many are due."""
    moment = now()
    due = Dispute.objects.filter(
        state__in=Dispute.UNANSWERED, evidence_due__gt=moment, evidence_due__lte=moment + WARN_BEFORE
    ).exclude(evidence__state=State.SUBMITTED)
    found = list(due.select_related("payment__order"))
    for dispute in found:
        assert dispute.evidence_due is not None
        day = local_date(dispute.evidence_due, settings.TIME_ZONE).isoformat()
        url = reverse("shop_dispute", args=[dispute.pk])
        with transaction.atomic():
            tell_staff(order=dispute.payment.order, kind="dispute_due", key=f"dispute_due:{dispute.pk}", what=day, url=url)
    return len(found)
