"""Tickets on an event's page: buying one, and putting them up for sale."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.roles import INSTRUCTOR, OWNER, has_role
from community import event_access
from community.models import Event
from kit.money import CURRENCIES, SYMBOLS, parse_amount
from shop.catalogue.cards import offer_data
from shop.catalogue.flows.tickets import sell_tickets
from shop.catalogue.kept import as_kept_for
from shop.catalogue.models import Offer
from shop.catalogue.reads import best_ware, wares


class TicketForm(forms.Form):
    """What a ticket costs, as people write it."""

    use_required_attribute = False
    price = forms.CharField(
        label=gettext_lazy("Price"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, f"{code} {SYMBOLS[code].strip()}") for code in CURRENCIES]
    )


def _offers(event: Event) -> list[Offer]:
    parts = {"bundles__is_current": True, "bundles__components__event": event}
    return list(Offer.objects.filter(state=Offer.State.LIVE, **parts).distinct().order_by("pk"))


def fill_buy(request: Any, event: Event) -> tuple[str, dict[str, Any]]:
    """Slot event.buy: price and the button straight to the checkout; a word where nothing is for sale yet."""
    listed = as_kept_for(request.user.pk, wares(_offers(event)))
    best = best_ware(listed)
    return "shop/event_buy.html", {"shelf": offer_data(best) if best else None}


def fill_sale(request: Any, event: Event) -> tuple[str, dict[str, Any]] | None:
    """Slot event.sold: the price, for who may sell and runs the event."""
    if not event.is_sold or event.cancelled_at is not None or not _sells(request.user, event):
        return None
    offers = _offers(event)
    form = TicketForm(initial={"currency": settings.SHOP_CURRENCY})
    return "shop/event_sale.html", {"event": event, "form": form, "shelves": [offer_data(ware) for ware in wares(offers)]}


def _sells(user: Any, event: Event) -> bool:
    return has_role(user, OWNER, INSTRUCTOR) and event_access.may_run(user, event)


@login_required
@require_POST
def sell(request: HttpRequest, event_id: int) -> HttpResponse:
    """/events/<id>/sale/: the price of a ticket, from now on."""
    event = event_access.event_for(request.user, event_id)
    if not _sells(request.user, event):
        raise Http404("no such event")
    form = TicketForm(request.POST)
    try:
        if not form.is_valid():
            raise ValueError(_("Please give a price."))
        currency = form.cleaned_data["currency"]
        amount = parse_amount(form.cleaned_data["price"], currency)
        sell_tickets(event=event, amount=amount, currency=currency, actor=request.user)
        messages.success(request, _("Tickets are for sale."))
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(event.path)
