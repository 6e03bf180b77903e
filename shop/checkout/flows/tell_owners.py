"""What the nightly looks at the books tell the owners: names of rows, never people's data."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import OWNER
from kit.clock import now
from notices.flows import Words, notify_many

SHOWN = 20


def tell_of_violations(*, names: Sequence[str]) -> None:
    """The audit found what must never be; once a day."""
    _tell(
        "audit",
        lambda: Words(
            _("The books break a rule: please have them looked at"),
            _("The nightly audit of money and stock found:") + _listed(names),
        ),
    )


def tell_of_differences(*, names: Sequence[str]) -> None:
    """Stripe's balance and our books differ; once a day."""
    _tell(
        "reconcile",
        lambda: Words(
            _("Stripe's balance differs from the books"),
            _("Movements at Stripe that the books do not explain or have otherwise:") + _listed(names),
        ),
    )


def _tell(what: str, words: Callable[[], Words]) -> None:
    owners = User.objects.filter(groups__name=OWNER, is_active=True)
    notify_many(users=owners, kind="money", key=f"{what}:{now():%F}", words=words, url=reverse("shop_ledger"))


def _listed(names: Sequence[str]) -> str:
    more = [f"… + {len(names) - SHOWN}"] if len(names) > SHOWN else []
    return "".join(f"\n{name}" for name in [*names[:SHOWN], *more])
