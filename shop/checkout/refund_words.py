"""A refund in words: the letter to its buyer as a draft, and what becomes of the invoice."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kit.clock import local_date, now
from kit.money import format_money
from shop.checkout.flows.refund_preview import Preview
from shop.invoices.models import Paper
from shop.invoices.taiwan import ZONE, is_taiwanese, period
from shop.orders.models import Order


def draft_message(order: Order, plan: Preview, reason: str) -> str:
    """For the buyer, in the language they read: what comes back for what, why, and what ends with it."""
    with translation.override(order.reader_language or settings.LANGUAGE_CODE):
        amount = format_money(plan.amount, plan.currency)
        lines = [_("Hello %(name)s,") % {"name": order.name or order.email}, ""]
        lines += [_("we refund %(amount)s of your order %(number)s:") % {"amount": amount, "number": order.number}]
        for part, (net, tax) in plan.parts.items():
            if net + tax:
                lines.append(f"- {part.title}: {format_money(net + tax, plan.currency)}")
        if plan.delivery:
            lines.append(f"- {_('Delivery')}: {format_money(plan.delivery, plan.currency)}")
        if reason:
            lines += ["", _("Why: %(reason)s") % {"reason": reason}]
        if plan.ends:
            lines += ["", _("With this ends: %(what)s") % {"what": ", ".join(plan.ends)}]
        if plan.stopped:
            lines += ["", _("Not sent any more: %(what)s") % {"what": ", ".join(plan.stopped)}]
        how = _("The money goes back the way it came; banks take some days for this.")
        return "\n".join(lines if "transfer" in order.terms else [*lines, "", how])


def invoice_note(order: Order, plan: Preview) -> str:
    """What the refund asks of the invoice.

    In Taiwan an invoice is void where all of it comes back in its two months, else an allowance is due (統一發票使用辦法
    Art. 20; shop.invoices.taiwan tells which in the export).
    """
    paper = Paper.objects.filter(order=order, kind=Paper.Kind.INVOICE).first()
    if paper is None:
        return _("No invoice was issued: nothing to correct.")
    sums = {"amount": format_money(plan.amount, plan.currency), "tax": format_money(plan.tax, plan.currency)}
    note = _("A credit note over %(amount)s (tax %(tax)s) is issued by itself.") % sums
    if not is_taiwanese(paper):
        return note
    same = period(local_date(paper.issued_at, ZONE)) == period(local_date(now(), ZONE))
    if same and plan.amount == paper.total:
        return f"{note} {_('Taiwan: the e-invoice becomes void (作廢).')}"
    return f"{note} {_('Taiwan: an allowance (折讓) is due.')}"
