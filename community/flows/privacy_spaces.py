"""Leaving for good: what spaces hold of a person beside their places (kit.persons)."""

from typing import Any

from django.db import transaction

from community.flows.applying import forget_person
from community.models import Application, CodeGuess, Interest, Pass
from kit.clock import now


def export_doors(user: Any) -> dict[str, Any]:
    """Interests, applications with what is still kept of them, and invitations to one's address."""
    applications = Application.objects.filter(user=user).order_by("pk")
    return {
        "interests": list(Interest.objects.filter(user=user).values("space__name", "tag")),
        "applications": list(
            applications.values("space__name", "state", "answers", "interests", "made_at", "decided_at", "reason")
        ),
        "invitations": list(Pass.objects.filter(email__iexact=user.email).values("space__name", "made_at", "ended_at")),
    }


@transaction.atomic
def erase_doors(user: Any) -> None:
    """All of it goes, documents that still wait for a decision included; invitations forget the address and end."""
    Interest.objects.filter(user=user).delete()
    CodeGuess.objects.filter(user=user).delete()
    Pass.objects.filter(email__iexact=user.email).update(email="", ended_at=now())
    forget_person(user)
