"""A good runs low: its seller and the owners are told, once until it rises above the threshold again."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.roles import OWNER
from notices.flows import Words, notify_many
from shop.catalogue.models import Sku


@transaction.atomic
def tell_low(payload: dict[str, Any]) -> None:
    """Handler of `stock.low`: {ref, left, at}. Silent where it is no good of the catalogue (a class fills up)."""
    sku = next((row for row in Sku.objects.filter(code=_code(payload["ref"]))), None)
    if sku is None:
        return
    people = User.objects.filter(Q(groups__name=OWNER) | Q(pk=sku.seller_id), is_active=True).distinct()
    words = Words(
        _("%(name)s runs low: %(left)s left"),
        _("So many pieces are neither sold nor on their way to a buyer. Order more, or change the number at which you are told."),
        {"name": sku.name, "left": payload["left"]},
    )
    key = f"low:{payload['ref']}:{payload['at']}"
    notify_many(users=people, kind="stock", key=key, words=words, url=reverse("shop_stock_item", args=[sku.code]))


def _code(ref: str) -> str:
    """`sku:UKE-S@main` → `UKE-S`; '' for what is no good."""
    return ref.removeprefix("sku:").rpartition("@")[0] if ref.startswith("sku:") else ""
