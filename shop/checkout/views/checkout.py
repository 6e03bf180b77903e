"""/checkout/: one page from basket to Stripe's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.flows import save_address
from shop.catalogue.flows import TooManyGuesses
from shop.checkout.flows.bank import begin_transfer, name_refund_account
from shop.checkout.flows.begin import begin_payment
from shop.checkout.flows.cancel import cancel_order
from shop.checkout.flows.errors import CheckoutError, PaymentUnavailable
from shop.checkout.flows.place import place_order
from shop.checkout.forms.account import AccountForm
from shop.checkout.page import CheckoutPage, checkout_page
from shop.orders import access, links
from shop.orders.cookies import basket_token, write_cookie
from shop.orders.models import Order
from shop.referrals.cookies import visitor_of


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Summary, contact, delivery, promise, pay. `refresh` shows the fields that a choice asks for and sends nothing."""
    try:
        page = checkout_page(request)
    except TooManyGuesses as error:
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if page is None:
        return redirect("orders:basket")
    if request.method != "POST" or "refresh" in request.POST:
        return render(request, "shop/checkout.html", page.context())
    if not page.is_valid():
        return render(request, "shop/checkout.html", page.context())
    return _order(request, page)


def _order(request: HttpRequest, page: CheckoutPage) -> HttpResponse:
    try:
        order = place_order(
            basket=page.filled.basket,
            key=page.key,
            user=request.user,
            email=page.email,
            name=page.name,
            language=get_language() or "",
            delivery=page.deliver_to,
            shipping=page.fee,
            kitless=page.is_kitless,
            consent=bool(page.contact.cleaned_data.get("consent")),
            visitor=visitor_of(request),
            coupon=page.code,
            recommended=page.recommended,
            country=page.country,
            gift=page.gift_data,
            einvoice=page.einvoice_wish,
        )
    except CheckoutError as error:
        return render(request, "shop/checkout.html", page.context() | {"refusal": str(error)}, status=409)
    if page.delivery is not None and page.is_sent and page.delivery.keeps:
        delivery = order.delivery
        save_address(user=request.user, name=delivery.name, phone=delivery.phone, parts=vars(delivery))
    return _to_transfer(request, order) if request.POST.get("by") == "transfer" else to_payment(request, order)


def _to_transfer(request: HttpRequest, order: Order) -> HttpResponse:
    try:
        begin_transfer(order=order)
    except CheckoutError as error:
        messages.error(request, str(error))
    return _count_anew(request, redirect(links.order_path(order)))


def to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """Off to Stripe's page (303); where that is not possible, to the order's page, which is kept."""
    try:
        response: HttpResponse = HttpResponseRedirect(begin_payment(order=order))
        response.status_code = 303
    except PaymentUnavailable as error:
        messages.warning(request, str(error))
        response = redirect(links.order_path(order))
    except CheckoutError as error:
        messages.error(request, str(error))
        response = redirect(links.order_path(order))
    return response


@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Pay an order that waits for it, again or at last."""
    return to_payment(request, access.order_for(request.user, number, request.POST.get("key", "")))


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer changes their mind before the parcel leaves."""
    order = access.order_for(request.user, number, request.POST.get("key", ""))
    try:
        means = cancel_order(order=order, actor=request.user if request.user.is_authenticated else None)
    except CheckoutError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _cancelled(order, means))
    return _count_anew(request, redirect(links.order_path(order)))


def _cancelled(order: Order, means: str) -> str:
    if means != "money_back":
        return _("The order is cancelled. Nothing was charged.")
    if "transfer" in order.terms:
        return _("The order is cancelled. Please write below where we shall transfer your money.")
    return _("The order is cancelled. Your money is on its way back.")


@sensitive_post_parameters()
@require_POST
def refund_account(request: HttpRequest, number: str) -> HttpResponse:
    """Where the refund of a transfer is to be sent."""
    order = access.order_for(request.user, number, request.POST.get("key", ""))
    form = AccountForm(request.POST)
    try:
        account = form.cleaned_data["account"] if form.is_valid() else ""
        name_refund_account(order=order, account=account, actor=request.user if request.user.is_authenticated else None)
        messages.success(request, _("Thank you. We transfer the money to this account."))
    except CheckoutError as error:
        messages.error(request, str(error))
    return redirect(links.order_path(order))


TRIES = 20


@never_cache
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Back from Stripe's page. Fulfils nothing: the webhook does. Waits for it, then leads on.

    Paid: to where the buyer came from, else to the order's page.
    """
    order = access.order_for(request.user, number, request.GET.get("key", ""))
    if order.state == Order.State.PAID and order.return_to:
        messages.success(request, _("Thank you! Order %(number)s is paid.") % {"number": order.number})
        return _count_anew(request, redirect(order.return_to))
    if order.state != Order.State.AWAITING:
        return _count_anew(request, redirect(links.order_path(order)))
    tries = request.GET.get("try", "0")
    tried = int(tries) if tries.isdecimal() and len(tries) < 4 else 0
    response = render(request, "shop/done.html", {"order": order, "order_path": links.order_path(order), "late": tried >= TRIES})
    if tried < TRIES:
        response.headers["Refresh"] = f"2; url={links.done_path(order)}&try={tried + 1}"
    return response


def _count_anew(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What was ordered has left the basket, or is in it again: the header's count follows."""
    basket = access.basket_of(request.user, basket_token(request))
    if basket is not None:
        write_cookie(response, basket, sum(basket.lines.values_list("quantity", flat=True)))
    return response
