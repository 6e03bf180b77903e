"""Offers made for one person: making one in a conversation, taking it to the checkout, ending it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import NotSound, Refused, TooFast
from community.message_access import conversation_for
from community.reads.messages import partner_in
from shop.catalogue.personal import PersonalOffer
from shop.checkout.flows.errors import CheckoutError
from shop.checkout.flows.personal import end_personal_offer, make_personal_offer
from shop.checkout.forms.personal import PersonalOfferForm, new_key
from shop.checkout.personal_talk import offers_to_make
from shop.orders.cookies import basket_token, write_cookie
from shop.orders.flows import CannotAdd, add_personal, open_basket
from shop.orders.reads import pieces_in


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """For whoever sells something, in a conversation of their own; to everybody else this page does not exist."""
    talk, _own = conversation_for(request.user, conversation_id)
    offers = offers_to_make(request.user)
    if not offers.exists():
        raise Http404("nothing to offer")
    form, status = PersonalOfferForm(request.POST or None, offers=offers), 200
    if request.method == "POST" and form.is_valid():
        sent = {name: form.cleaned_data[name] for name in ("offer", "amount", "currency", "expires_at", "source")}
        key = request.headers.get("Idempotency-Key", "")[:64] or form.cleaned_data["key"] or new_key()
        try:
            make_personal_offer(seller=request.user, conversation=talk, key=key, **sent)
            return redirect("community:conversation", talk.pk)
        except (CheckoutError, Refused, NotSound, TooFast) as error:
            form.add_error(None, str(error))
            status = 409
    context = {"form": form, "talk": talk, "partner": partner_in(talk, request.user)}
    return render(request, "shop/personal/make.html", context, status=400 if form.errors and status == 200 else status)


@login_required
@require_POST
def take(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Its buyer takes it to the checkout."""
    row = _own(request.user, offer_id, buyer=request.user)
    basket = open_basket(user=request.user, token=basket_token(request))
    path = f"/messages/{row.conversation_id}/"
    try:
        add_personal(basket=basket, offer=row, return_to=path)
    except CannotAdd as error:
        messages.error(request, str(error))
        return redirect("community:conversation", row.conversation_id)
    response = redirect("checkout:checkout")
    write_cookie(response, basket, pieces_in(basket))
    return response


@login_required
@require_POST
def end(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Its seller withdraws it, or its buyer declines."""
    row = _own(request.user, offer_id)
    try:
        end_personal_offer(offer=row, actor=request.user)
        messages.success(request, _("The offer is over."))
    except CheckoutError as error:
        messages.error(request, str(error))
    return redirect("community:conversation", row.conversation_id)


def _own(user: Any, offer_id: int, **also: Any) -> PersonalOffer:
    """An offer of buyer or seller; missing and another's are the same 404."""
    row = PersonalOffer.objects.select_related("offer").filter(pk=offer_id, **also).first()
    if row is None or user.pk not in (row.buyer_id, row.seller_id):
        raise Http404("no such offer")
    return row
