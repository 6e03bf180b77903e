"""What a basket asks for, looked at before it becomes an order: all of it is for sale, goes where it should, and is promised."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from community.models import Ticket
from courses.models import Enrolment
from kit.clock import now
from shop.catalogue.promise import leaves_by
from shop.catalogue.reads import Ware, instead_of
from shop.catalogue.shipping import NotSentThere, Parcel, shipping_fee, weight_of
from shop.catalogue.texts import paused_text
from shop.checkout.flows.errors import CannotOrder
from shop.orders.delivery import DeliveryData
from shop.orders.flows.create import Line
from shop.orders.models import Basket, BasketLine


def lines_of(basket: Basket, rows: Sequence[BasketLine], found: Sequence[Ware]) -> list[Line]:
    """What create_order needs. Raises CannotOrder where something is not for sale now, in this currency."""
    if not rows:
        raise CannotOrder(_("Your basket is empty."))
    lines: list[Line] = []
    for row, ware in zip(rows, found, strict=True):
        if ware.state == "paused" and ware.away_until:
            raise CannotOrder(paused_text(ware.away_until))
        # What is sold out may be held by an older order of this very basket: reserving decides.
        for_sale = ware.state in ("live", "sold_out") and ware.bundle is not None
        if not for_sale or ware.price is None or ware.price.currency != basket.currency:
            raise CannotOrder(_("%(title)s cannot be bought at the moment.") % {"title": ware.offer.title})
        assert ware.bundle is not None
        lines.append((ware.offer, ware.bundle, ware.price, row.quantity))
    return lines


def without_kits(found: Sequence[Ware], currency: str) -> list[Ware]:
    """Nobody pays for a kit that is not sent to them. Raises CannotOrder where something is sold with its kit only."""
    instead = instead_of(found, currency)
    for ware, other in zip(found, instead, strict=True):
        if other is None:
            text = _("%(title)s is sold with its kit only, and that is not sent there.")
            raise CannotOrder(text % {"title": ware.offer.title})
    return [ware for ware in instead if ware is not None]


def refuse_unreached(lines: Sequence[Line], found: Sequence[Ware], delivery: DeliveryData | None) -> None:
    """What is paid for is sent: no order of goods to a place that no zone holds. Raises CannotOrder."""
    pieces = [(part, line[3]) for line, ware in zip(lines, found, strict=True) for part in ware.goods]
    if delivery is None or not pieces:
        return
    weight = weight_of((part.sku, part.quantity * times) for part, times in pieces if part.sku)
    parcel = Parcel(lines[0][2].currency, weight, worth=0)
    try:
        shipping_fee(parcel, country=delivery.country, postal_code=delivery.postal_code)
    except NotSentThere as error:
        raise CannotOrder(_("The kit is not sent to this address.")) from error


def refuse_second_seat(user: Any, found: Sequence[Ware]) -> None:
    """Nobody pays twice for their own seat. Raises CannotOrder."""
    cohorts = [part.cohort_id for ware in found for part in ware.seats]
    seats = Enrolment.objects.filter(user=user, cohort__in=cohorts, state=Enrolment.State.ACTIVE)
    if user and (seat := seats.select_related("cohort").first()):
        raise CannotOrder(_("You already have a seat in %(cohort)s.") % {"cohort": seat.cohort.name})
    events = [part.event_id for ware in found for part in ware.tickets]
    tickets = Ticket.objects.filter(user=user, event__in=events, state=Ticket.State.LIVE).exclude(source="")
    if len(events) > len(set(events)) or (events and user and tickets.exists()):
        raise CannotOrder(_("One ticket is for one person: you have one for this event already."))


def terms_of(rows: Sequence[BasketLine], found: Sequence[Ware]) -> dict[str, Any]:
    """What is promised, frozen: windows in days, the day by which goods leave. The order's own are its offers' longest."""
    offers = [ware.offer for ware in found]
    day = leaves_by((ware, row.quantity) for row, ware in zip(rows, found, strict=True))
    return {
        "leaves_by": day.isoformat() if day else "",
        "refund_days": max(offer.refund_days for offer in offers),
        "return_days": max(offer.return_days for offer in offers),
        "offers": {
            str(offer.pk): {
                "title": offer.title,
                "refund_days": offer.refund_days,
                "return_days": offer.return_days,
                "policy": offer.refund_policy.as_terms(),
            }
            for offer in offers
        },
    }


def consent_of(found: Sequence[Ware], given: bool) -> dict[str, str]:
    """When it was given, kept with the order. Raises CannotOrder where an offer asks for it and the buyer did not tick it."""
    if not asks_consent(found):
        return {}
    if not given:
        raise CannotOrder(_("Please tick that you want to begin at once, or take the course out of your basket."))
    return {"consent": now().isoformat()}


def asks_consent(found: Iterable[Ware]) -> bool:
    """Whether a course among them asks for consent to begin at once."""
    return any(ware.seats and ware.offer.refund_policy.digital_consent for ware in found)
