"""What papers add to an order's page."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kit.money import format_money
from shop.invoices.content import seller_details
from shop.invoices.models import Paper
from shop.invoices.reads import papers_of
from shop.invoices.texts import kind_title
from shop.orders.models import Order
from shop.orders.moments import Moment


def fill_papers(request: Any, order: Order, key: str = "") -> tuple[str, dict[str, Any]] | None:
    """Slot order.papers: the order's invoices to download, with the guest's key where there is one. One query."""
    found = [(paper, kind_title(paper.kind), _path(paper, order, key)) for paper in papers_of(order)] if order.paid_at else []
    return ("shop/order_papers.html", {"papers": found}) if found else None


def _path(paper: Paper, order: Order, key: str) -> str:
    path = reverse("invoices:paper", args=[order.number, paper.number])
    return f"{path}?{urlencode({'key': key})}" if key else path


def fill_sender(request: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot parcel.sender: the seller's name, address and phone. One query."""
    details = seller_details()
    return "", {"sender": {name: details[name] for name in ("name", "address", "phone")}}


def fill_moments(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.moments: papers in the order's history. No query beside that of fill_papers."""
    if order.paid_at is None:
        return None
    return "shop/order.html", {"moments": [_moment(paper) for paper in papers_of(order)]}


def _moment(paper: Paper) -> Moment:
    text = _("%(number)s over %(amount)s") % {"number": paper.number, "amount": format_money(paper.total, paper.currency)}
    title = {
        Paper.Kind.INVOICE: _("Invoice issued"),
        Paper.Kind.CREDIT: _("Credit note issued"),
        Paper.Kind.REVERSAL: _("Credit note taken back"),
    }[Paper.Kind(paper.kind)]
    return Moment(paper.issued_at, title, text, icon="file")
