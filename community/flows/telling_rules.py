"""Members are told when a space has new rules: they accept them before they write on."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from community.flows.telling import space_path
from community.models import Membership, Space
from kit import outbox
from notices import fanout
from notices.flows import Words, notify_many

CHANGED, TELL = "space.rules", "space.rules.tell"


def rules_changed(space: Space) -> None:
    """Into the transaction that changed them."""
    key = f"{space.pk}:{space.rules_version}"
    outbox.write(topic=CHANGED, key=key, payload={"space": space.pk, "version": space.rules_version})


def split_members(payload: dict[str, Any]) -> None:
    """Handler of `space.rules`."""
    space = _with_these_rules(payload)
    if space:
        fanout.in_chunks(topic=TELL, key=f"rules:{space.pk}:{space.rules_version}", people=_not_yet(space), payload=payload)


def tell_chunk_of_members(payload: dict[str, Any]) -> None:
    """Handler of `space.rules.tell`."""
    space = _with_these_rules(payload)
    if space:
        notify_many(
            users=fanout.part_of(_not_yet(space), payload),
            kind="community.announcement",
            key=f"rules:{space.pk}:{space.rules_version}",
            words=Words(
                _("New rules in %(space)s"), _("Read them and accept them before you write there again."), {"space": space.name}
            ),
            url=f"{space_path(space)}join/",
            gate=f"space:{space.pk}",
        )


def _with_these_rules(payload: dict[str, Any]) -> Space | None:
    """None where they have been changed once more meanwhile, or taken away."""
    return Space.objects.filter(pk=payload["space"], rules_version=payload["version"]).exclude(rules="").first()


def _not_yet(space: Space) -> QuerySet[Any]:
    """Who has a place and has not accepted them, but for the owners, who make them."""
    places = Membership.objects.filter(space=space, ended_at=None, rules_version__lt=space.rules_version)
    places = places.exclude(role=Membership.Role.OWNER)
    return get_user_model().objects.filter(is_active=True, pk__in=places.values("user"))
