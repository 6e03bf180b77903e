"""Answering a dispute: a draft that is kept, then one call to Stripe that cannot be taken back.

The answer and its key are committed before Stripe is called, outside any transaction. Where it refuses or does not
answer, the draft stays and can be sent again: by the same key as long as it says the same.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.files import kind_of
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
# https://docs.stripe.com/disputes/responding: PDF, JPEG or PNG, 4.5 MB together.
PAPER_TYPES = frozenset(["application/pdf", "image/jpeg", "image/png"])
PAPERS_TOGETHER = 4_500_000


@transaction.atomic
def save_evidence(*, dispute: Dispute, texts: Mapping[str, str]) -> DisputeEvidence:
    """Keep the draft; empty texts are left out. Raises CannotAnswer for a dispute that takes no evidence any more."""
    draft = _open_draft(dispute)
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    if draft.texts != said:  # Stripe refuses a known key with other words
        draft.texts, draft.key = said, None
    draft.saved_at = now()
    draft.save()
    return draft


def _open_draft(dispute: Dispute) -> DisputeEvidence:
    """The draft, locked (unsaved, where there is none yet), if it may still be changed. Raises CannotAnswer."""
    Order.objects.select_for_update(of=("self",)).get(pk=dispute.payment.order_id)  # orders are locked first, as everywhere
    row = Dispute.objects.get(pk=dispute.pk)
    known = DisputeEvidence.objects.select_for_update(of=("self",)).filter(dispute=row).first()
    if known is not None and known.state == State.SUBMITTED:
        raise CannotAnswer(_("The evidence is with the bank already."))
    if row.state not in Dispute.UNANSWERED or (row.evidence_due and now() > row.evidence_due):
        raise CannotAnswer(_("This dispute takes no evidence any more."))
    return known or DisputeEvidence(dispute=row)


def attach_paper(*, dispute: Dispute, field: str, paper: UploadedFile) -> DisputeEvidence:
    """Hand a PDF, JPEG or PNG to Stripe and name it in the draft, in place of what the field named before.

    Raises CannotAnswer with words for the owner; what the draft had is kept then.
    """
    _check_paper(dispute, field, paper)
    paper.seek(0)
    try:
        ident = stripe.upload_evidence(paper)
    except stripe.StripeUnavailable as error:
        raise CannotAnswer(_("Stripe does not answer. “%(name)s” is not attached: please try again.") % _named(paper)) from error
    except stripe.StripeRefused as error:
        text = _("Stripe did not take “%(name)s” (%(code)s).")
        raise CannotAnswer(text % {**_named(paper), "code": error}) from error
    return _name_papers(dispute, {field: {"id": ident, **_named(paper), "size": paper.size}})


def remove_paper(*, dispute: Dispute, field: str) -> DisputeEvidence:
    """The draft names it no longer; Stripe keeps the file, which says nothing to anybody. Raises CannotAnswer."""
    return _name_papers(dispute, {field: None})


def _named(paper: UploadedFile) -> dict[str, str]:
    return {"name": (paper.name or "")[-80:]}


def _check_paper(dispute: Dispute, field: str, paper: UploadedFile) -> None:
    """Raises CannotAnswer before Stripe is asked."""
    kind = kind_of(paper.read(64))
    if kind is None or kind.content_type not in PAPER_TYPES:
        raise CannotAnswer(_("“%(name)s” is no PDF, JPEG or PNG: banks read nothing else.") % _named(paper))
    known = DisputeEvidence.objects.filter(dispute=dispute).first()
    others = [row["size"] for name, row in known.papers.items() if name != field] if known else []
    if sum(others) + (paper.size or 0) > PAPERS_TOGETHER:
        text = _("All papers together may have %(limit)s at most; with “%(name)s” they would have more.")
        raise CannotAnswer(text % {**_named(paper), "limit": filesizeformat(PAPERS_TOGETHER)})


@transaction.atomic
def _name_papers(dispute: Dispute, papers: Mapping[str, dict[str, Any] | None]) -> DisputeEvidence:
    draft = _open_draft(dispute)
    merged = {name: paper for name, paper in {**draft.papers, **papers}.items() if paper}
    draft.papers, draft.key, draft.saved_at = merged, None, now()
    draft.save()
    return draft


def submit_evidence(*, dispute: Dispute, texts: Mapping[str, str], actor: Any) -> DisputeEvidence:
    """Save the texts, send them to the bank through Stripe, and bring the dispute to where Stripe says it is.

    Raises CannotAnswer with words for the owner; the draft is kept then.
    """
    draft = _prepare(dispute, texts)
    try:
        facts = stripe.submit_evidence(dispute.provider_id, texts=draft.answer, key=str(draft.key))
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
    if not draft.answer:
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
