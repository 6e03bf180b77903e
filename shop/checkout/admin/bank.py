"""/admin/shop/bank/: transfers that are waited for and confirmed, refunds to be sent, and the accounts. The owner's."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from kit.money import parse_amount
from shop.catalogue.models import Price
from shop.checkout import flows
from shop.orders.models import Order
from shop.payments.flows import set_bank_account
from shop.payments.models import BankAccount, Payment, Refund

BANK = Payment.Method.BANK


@for_roles(OWNER)
@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    waiting = Payment.objects.filter(method=BANK, state=Payment.State.PROCESSING).select_related("order").order_by("expires_at")
    owed = Refund.objects.filter(payment__method=BANK, state=Refund.State.PENDING).select_related("payment__order")
    accounts = {row.currency: row for row in BankAccount.objects.all()}
    sold = set(Price.objects.values_list("currency", flat=True))
    context = {
        "page": page_of(request, waiting),
        "owed": owed.order_by("created_at"),
        "accounts": [(code, accounts.get(code)) for code in sorted(sold | accounts.keys())],
    }
    return admin_page(request, "shop/admin/bank.html", context, title=_("Bank transfers"), icon="download")


@for_roles(OWNER)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """A line of the bank's statement: reference, amount as written, the bank's number of it."""
    reference = request.POST.get("reference", "").strip()
    order = Order.objects.filter(number__iexact=reference).first()

    def do() -> str:
        amount = parse_amount(request.POST.get("amount", ""), order.currency if order else "CNY")
        statement = request.POST.get("statement", "")[:80]
        done = flows.confirm_transfer(reference=reference, amount=amount, statement=statement, actor=request.user)
        return _("Written down. The order is now: %(state)s") % {"state": done.get_state_display()}

    return _try(request, do)


@for_roles(OWNER)
@require_POST
def refunded(request: HttpRequest, refund_id: int) -> HttpResponse:
    refund = get_object_or_404(Refund.objects.select_related("payment"), pk=refund_id)

    def do() -> str:
        flows.confirm_refund_sent(refund=refund, statement=request.POST.get("statement", "")[:80], actor=request.user)
        return _("Written down: the refund has left.")

    return _try(request, do)


@for_roles(OWNER)
@require_POST
def take_back(request: HttpRequest, payment_id: int) -> HttpResponse:
    """A transfer that was written down wrongly."""
    payment = get_object_or_404(Payment.objects.select_related("order"), pk=payment_id)

    def do() -> str:
        flows.take_back_transfer(payment=payment, actor=request.user)
        return _("Taken back. Please write it down once more, as the statement has it.")

    _try(request, do)
    return redirect("shop_order", payment.order.number)


@for_roles(OWNER)
@require_POST
def account(request: HttpRequest, currency: str) -> HttpResponse:
    """Where buyers transfer to in a currency, how long we wait, and whether it is offered at all."""

    def do() -> str:
        set_bank_account(
            currency=currency.upper(),
            details=request.POST.get("details", ""),
            days=int(request.POST.get("days", "")),
            is_on="is_on" in request.POST,
            actor=request.user,
        )
        return _("The account is saved.")

    return _try(request, do)


def _try(request: HttpRequest, do: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, do())
    except (flows.CannotConfirm, ValueError) as refusal:
        messages.error(request, str(refusal))
    return redirect("shop_bank")
