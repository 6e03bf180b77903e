"""Tickets of an event are put up for sale."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Event
from kit.money import check_price
from shop.catalogue.flows.shelf import Part, create_offer, publish_offer, set_price
from shop.catalogue.models import Offer


@transaction.atomic
def sell_tickets(*, event: Event, amount: int, currency: str, actor: Any) -> Offer:
    """The offer of one seat in the event, at `amount` minor units from now on; made where there is none yet.

    Who organises the event sells it. Raises ValueError for an event whose seats are free or that is cancelled, and for
    what cannot be charged.
    """
    row = Event.objects.select_for_update(of=("self",)).select_related("organiser").get(pk=event.pk)
    if not row.is_sold or row.cancelled_at is not None:
        raise ValueError(_("Tickets of this event are not sold."))
    check_price(amount, currency)
    known = Offer.objects.filter(bundles__is_current=True, bundles__components__event=row).order_by("pk").first()
    if known is not None:
        set_price(offer=known, currency=currency, amount=amount, actor=actor)
        return known
    offer = create_offer(
        slug=f"event-{row.pk}",
        title=row.title,
        seller=row.organiser,
        components=[Part(event=row)],
        price=amount,
        currency=currency,
        actor=actor,
    )
    return publish_offer(offer=offer, actor=actor)
