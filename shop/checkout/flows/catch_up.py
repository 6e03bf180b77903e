"""All that Stripe knows of one payment, brought in the order in which it happened there.

A refund or dispute that names no parts is spread over what is left of them, and what is left depends on those before it.
Were each event settled by itself, its place in the post would decide; so whichever event comes first brings the payment,
its refunds, their failures and its disputes up to the present, by Stripe's own moments. What is settled already stays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from kit.clock import now
from shop.checkout.flows.dispute import settle_dispute
from shop.checkout.flows.settle import settle_payment
from shop.checkout.flows.settle_refund import ENDED, settle_refund
from shop.payments import stripe
from shop.payments.models import Payment
from shop.payments.shapes import DisputeFacts, RefundFacts, Session

Step = tuple[datetime, Callable[[], bool]]


@dataclass(frozen=True)
class Story:
    """A payment as Stripe has it; `session` is None where none of its sessions is known. Refunds and disputes oldest first."""

    session: Session | None
    refunds: list[RefundFacts]
    disputes: list[DisputeFacts]


def read_story(intent_id: str) -> Story:
    """Ask Stripe. Call it outside any transaction. Raises StripeUnavailable, StripeUnknown."""
    refunds, disputes = stripe.refunds_of(intent_id), stripe.disputes_of(intent_id)
    # Asked last: a refund that is listed has its payment, too.
    return Story(session_of(intent_id), refunds[::-1], disputes[::-1])


def session_of(intent_id: str) -> Session | None:
    """The session of a payment as it stands now, or None."""
    known = Payment.objects.filter(provider_id=intent_id).exclude(session_id=None).first()
    return stripe.read_session(str(known.session_id)) if known else stripe.session_of_intent(intent_id)


@transaction.atomic
def catch_up(*, story: Story) -> bool:
    """Settle everything in it, each step once. False where something in it belongs to no payment of ours, or is nothing."""
    ours = [] if story.session is None else [settle_payment(session=story.session)]
    steps = [*_of_refunds(story.refunds), *_of_disputes(story.disputes)]
    ours += [settle() for _at, settle in sorted(steps, key=lambda step: step[0])]
    return bool(ours) and all(ours)


def _of_refunds(refunds: list[RefundFacts]) -> Iterator[Step]:
    """One that failed was owed until then: others may have been made meanwhile."""
    for facts in refunds:
        made_at = facts.made_at or now()
        if facts.state in ENDED:
            yield made_at, partial(settle_refund, facts=replace(facts, state="pending", failure_movement=None))
            yield facts.failure_movement.at if facts.failure_movement else now(), partial(settle_refund, facts=facts)
        else:
            yield made_at, partial(settle_refund, facts=facts)


def _of_disputes(disputes: list[DisputeFacts]) -> Iterator[Step]:
    for facts in disputes:
        yield facts.opened_at, partial(settle_dispute, facts=facts)
