"""What the community adds to a person's page: who follows, and the button (slot person.page)."""

from typing import Any

from community.models import Follow
from community.note_access import shown_notes
from community.reads.notes import badges_of


def fill_person_page(request: Any, person: Any, profile: Any) -> tuple[str, dict[str, Any]] | None:
    """Four queries at most. Nobody follows themselves, nor a page that is not public."""
    user = request.user
    if not profile.is_public:
        return None
    context = {
        "profile": profile,
        "person": person,
        "followers": Follow.objects.filter(person=person).count(),
        "follows": user.is_authenticated and Follow.objects.filter(user=user, person=person).exists(),
        "is_own": user.pk == person.pk,
        "kinds": badges_of({person.pk}).get(person.pk, []),
        "has_notes": shown_notes().filter(author=person).exists(),
    }
    return "community/follow.html", context
