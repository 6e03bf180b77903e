"""What the nightly looks at the books tell the owners: names of rows, never people's data."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from accounts.roles import OWNER
from kit.clock import now
from notices.flows import Words, notify_many

SHOWN = 20


def tell_of_violations(*, names: Sequence[str]) -> None:
    """The audit found what must never be; once a day."""
    title = _("The books break a rule: please have them looked at")
    _tell("audit", title, _("The nightly audit of money and stock found:%(rows)s"), names)


def tell_of_differences(*, names: Sequence[str]) -> None:
    """Stripe's balance and our books differ; once a day."""
    body = _("Movements at Stripe that the books do not explain or have otherwise:%(rows)s")
    _tell("reconcile", _("Stripe's balance differs from the books"), body, names)


def _tell(what: str, title: str, body: str, names: Sequence[str]) -> None:
    owners = User.objects.filter(groups__name=OWNER, is_active=True)
    words = Words(title, body, {"rows": _listed(names)})
    notify_many(users=owners, kind="money", key=f"{what}:{now():%F}", words=words, url=reverse("shop_ledger"))


def _listed(names: Sequence[str]) -> str:
    more = [f"… + {len(names) - SHOWN}"] if len(names) > SHOWN else []
    return "".join(f"\n{name}" for name in [*names[:SHOWN], *more])
