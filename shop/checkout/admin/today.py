"""What needs doing today, on the admin's home page: a number and a way in for each, by role."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from accounts.roles import OWNER, PACKER, has_role
from shop.checkout.admin import reads
from shop.fulfilment.reads import attention
from shop.fulfilment.shelf import running_low
from shop.payouts.models import Payout


@dataclass(frozen=True)
class Task:
    """`count` of things to do behind `href`; `urgent` ones stand out."""

    label: str | Promise
    count: int
    href: str
    urgent: bool = False


def tasks_of(user: Any) -> list[Task]:
    """What this person could do now; a fixed number of queries, none for other roles. Nothing to do: left out."""
    found: list[Task] = []
    if has_role(user, PACKER, OWNER):
        found += _packing()
    if has_role(user, OWNER):
        found += _owning()
    return [task for task in found if task.count]


def _packing() -> list[Task]:
    waiting, parcels = attention(), reverse("shop_parcels")
    return [
        Task(_("stopped after printing"), waiting.stopped, parcels, urgent=True),
        Task(_("parcels to send"), waiting.to_pack, parcels),
        Task(_("returns on their way"), waiting.returns, reverse("shop_returns")),
        Task(_("goods that run low"), running_low(), reverse("shop_stock")),
    ]


def _owning() -> list[Task]:
    orders, commissions = reverse("shop_orders"), reverse("shop_commissions")
    return [
        Task(_("orders to check"), reads.orders_to_review().count(), f"{orders}?state=review", urgent=True),
        Task(_("disputes to answer"), reads.unanswered_disputes().count(), reverse("shop_disputes"), urgent=True),
        Task(
            _("refunds that failed"),
            reads.failed_refunds().count(),
            reverse("shop_failed_refunds"),
            urgent=True,
        ),
        Task(_("returned goods to refund"), reads.returned_unrefunded().count(), reverse("shop_failed_refunds")),
        Task(_("credits to decide"), reads.held_attributions().count(), commissions),
        Task(
            _("payouts to send"),
            Payout.objects.filter(state=Payout.State.PREPARED).count(),
            reverse("shop_payouts"),
        ),
        Task(
            _("webhooks that failed"),
            reads.stuck_events().count(),
            reverse("shop_failed_refunds"),
            urgent=True,
        ),
    ]


class TodayPanel(Component):
    """The panel. `order` puts it above Wagtail's own."""

    name = "today"
    template_name = "shop/admin/today.html"
    order = 10

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"tasks": self.tasks}
