"""The audit trail: who did what to which thing, when, from what to what. The database refuses changes to it."""

from typing import Any

from kit.clock import now
from kit.models import AuditEntry


def record(*, actor: Any, action: str, target: str, before: Any = None, after: Any = None, reason: str = "") -> AuditEntry:
    """One line in the trail. `actor` is a user or None (the system); `target` a reference such as `order:17`."""
    return AuditEntry.objects.create(
        actor_id=getattr(actor, "pk", None), action=action, target=target, before=before, after=after, reason=reason, at=now()
    )
