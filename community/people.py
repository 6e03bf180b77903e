"""What the community adds to a person's page: who follows, and the button (slot person.page)."""

from typing import Any

from community.models import Distance, Follow


def fill_person_page(request: Any, person: Any, profile: Any) -> tuple[str, dict[str, Any]] | None:
    """Three queries at most. Nobody follows themselves, nor a page that is not public."""
    user = request.user
    if not profile.is_public:
        return None
    context = {
        "profile": profile,
        "person": person,
        "followers": Follow.objects.filter(person=person).count(),
        "follows": user.is_authenticated and Follow.objects.filter(user=user, person=person).exists(),
        "is_own": user.pk == person.pk,
        "distance": Distance.objects.filter(user=user.pk, person=person).values_list("kind", flat=True).first(),
    }
    return "community/follow.html", context
