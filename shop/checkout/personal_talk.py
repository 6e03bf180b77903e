"""Offers for one person as a conversation shows them: the thing `personal_offer`, the seller's button."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Conversation
from kit import things
from kit.money import format_money
from kit.pictures import THUMB, picture_urls
from shop.catalogue.models import Offer
from shop.catalogue.personal import PersonalOffer
from shop.checkout.flows.personal import TAKING
from shop.orders.models import Order, OrderLine

TONES = {"open": "accent", "paid": "leaf", "expired": "", "withdrawn": "", "declined": ""}


def cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """For buyer and seller alone. Two queries for any number."""
    user, numbers = request.user, [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    lines = OrderLine.objects.filter(personal=OuterRef("pk"), order__state__in=[*TAKING]).exclude(order__state=Order.State.PAID)
    rows = PersonalOffer.objects.filter(Q(buyer=user.pk) | Q(seller=user.pk), pk__in=numbers)
    found = list(rows.select_related("offer__picture").annotate(is_taken=Exists(lines)))
    pictures = picture_urls([row.offer.picture for row in found], THUMB)
    return {str(row.pk): _card(row, user, pictures.get(row.offer.picture_id or 0, "")) for row in found}


def _card(row: PersonalOffer, user: Any, picture: str) -> things.Card:
    state = "expired" if row.state == "open" and not row.is_open else row.state
    data = {
        "row": row,
        "price": format_money(row.amount, row.currency),
        "state": state,
        "label": _("can be bought") if state == "open" else PersonalOffer.State(state).label,
        "tone": TONES[state],
        "is_buyer": row.buyer_id == user.pk,
        "is_taken": row.is_taken,  # type: ignore[attr-defined]
    }
    url = reverse("catalogue:offer", args=[row.offer.slug])
    return things.Card(row.offer.title, url, picture_url=picture, template="shop/personal/card.html", data=data)


def offers_to_make(user: Any) -> Any:
    """What this person sells and may offer somebody."""
    return Offer.objects.filter(seller=user, state=Offer.State.LIVE).order_by("title", "pk")


def fill_tools(request: Any, conversation: Conversation) -> tuple[str, dict[str, Any]] | None:
    """Slot conversation.tools: the way to make an offer, for whoever sells something. One query."""
    if not offers_to_make(request.user).exists():
        return None
    return "shop/personal/make_button.html", {"conversation": conversation}


def fill_settings(request: Any, user: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot messages.settings: where a seller says when they are away. One query."""
    return ("shop/personal/holiday_link.html", {}) if user.is_staff and offers_to_make(user).exists() else None
