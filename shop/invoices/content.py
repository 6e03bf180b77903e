"""What stands on a paper, frozen as plain data when it is issued. Amounts are minor units of its currency.

{language, seller: {name, address, phone, tax_number, email, note}, buyer: {name, email, address: [lines], country, company,
tax_number}, order, lines: [{title, quantity, unit, amount, discount, net, tax, parts: [{title, quantity}]}], shipping,
shipping_tax, shipping_gross, discount, tax_on_top, taxes: [{name, rate, net, tax}], total, einvoice, reason}.
A credit note's lines have no `unit`; `shipping` is as it was asked, `shipping_gross` with tax; `rate` is in hundredths
of a percent.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.conf import settings

from kit.addresses import lines_of
from shop.invoices.models import Seller
from shop.orders.models import Delivery, Order, OrderComponent

Content = dict[str, Any]


class GivenBack(Protocol):
    """A line of a refund or of a lost dispute."""

    component: OrderComponent
    net: int
    tax: int


def invoice_content(order: Order) -> Content:
    """Everything that was bought and paid, as the order has it now."""
    lines = [
        {
            "title": line.title,
            "quantity": line.quantity,
            "unit": line.unit_amount,
            "amount": line.amount,
            "discount": line.discount,
            "net": line.net,
            "tax": line.tax,
            "parts": [{"title": part.title, "quantity": part.quantity} for part in line.components.all()],
        }
        for line in order.lines.prefetch_related("components").order_by("pk")
    ]
    return {
        **_frame(order),
        "lines": lines,
        "shipping": order.shipping,
        "shipping_tax": order.shipping_tax,
        "shipping_gross": order.shipping_gross,
        "discount": order.discount,
        "tax_on_top": order.tax_on_top,
        "taxes": _taxes(order, [(line["net"], line["tax"]) for line in lines], (order.shipping_net, order.shipping_tax)),
        "total": order.total,
    }


def credit_content(order: Order, given: Iterable[GivenBack], shipping: tuple[int, int], reason: str) -> Content:
    """What a refund or a lost dispute gives back, part by part; `shipping` is (net, tax)."""
    lines = [
        {
            "title": row.component.title,
            "quantity": row.component.quantity,
            "amount": row.net + row.tax,
            "discount": 0,
            "net": row.net,
            "tax": row.tax,
            "parts": [],
        }
        for row in given
        if row.net + row.tax
    ]
    return {
        **_frame(order),
        "lines": lines,
        "shipping": sum(shipping),
        "shipping_tax": shipping[1],
        "shipping_gross": sum(shipping),
        "discount": 0,
        "tax_on_top": 0,
        "taxes": _taxes(order, [(line["net"], line["tax"]) for line in lines], shipping),
        "total": sum(line["amount"] for line in lines) + sum(shipping),
        "reason": reason,
    }


def _frame(order: Order) -> Content:
    return {
        "language": order.language or settings.LANGUAGE_CODE,
        "seller": seller_details(),
        "buyer": _buyer(order),
        "order": order.number,
        "einvoice": order.terms.get("einvoice", {}),
    }


def seller_details() -> dict[str, str]:
    """As the owner has written them down; the site's name until then."""
    row = Seller.objects.filter(pk=Seller.ONLY).first() or Seller(name=settings.WAGTAIL_SITE_NAME)
    return {name: getattr(row, name) for name in ("name", "address", "phone", "tax_number", "email", "note")}


def _buyer(order: Order) -> dict[str, Any]:
    """Name, e-mail and, where something is sent home, the address; a gift goes to somebody else's."""
    delivery = getattr(order, "delivery", None)
    at_home = delivery is not None and delivery.method == Delivery.Method.HOME and not hasattr(order, "gift")
    asked = order.terms.get("einvoice", {})
    return {
        "name": order.name,
        "email": order.email,
        "address": lines_of(vars(delivery)) if at_home else [],
        "country": delivery.country if delivery else order.terms.get("tax", {}).get("country", ""),
        "company": asked.get("title", ""),
        "tax_number": asked.get("value", "") if asked.get("kind") == "company" else "",
    }


def _taxes(order: Order, sums: Sequence[tuple[int, int]], shipping: tuple[int, int]) -> list[dict[str, Any]]:
    """Net and tax by rate; delivery has a line of its own where it bore none. Empty where there is no tax at all."""
    sums = [*sums, shipping] if shipping[1] else sums
    net, tax = sum(net for net, _tax in sums), sum(tax for _net, tax in sums)
    if not tax:
        return []
    rate = order.terms.get("tax") or {"name": "", "rate": 0}
    found = [{"name": rate["name"], "rate": rate["rate"], "net": net, "tax": tax}]
    return [*found, {"name": "", "rate": 0, "net": shipping[0], "tax": 0}] if shipping[0] and not shipping[1] else found
