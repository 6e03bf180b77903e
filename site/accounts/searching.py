"""What of accounts is searched: people who have a public page, by their name, handle and words of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from kit import searchables
from kit.text import writing_language


def register_all() -> None:
    searchables.register(
        searchables.Searchable("person", label=_("People"), entries=person_entries, all_ids=all_people, visible=visible_people)
    )


def person_changed(user: User) -> None:
    """Name, page or account changed, or went: the index reads the person again."""
    searchables.changed(f"person:{user.pk}")


def person_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    for profile in _public(ids).select_related("user"):
        yield searchables.Entry(
            ref=f"person:{profile.user_id}",
            title=profile.user.display_name,
            text=" ".join(filter(None, [f"@{profile.handle}", profile.bio])),
            audience="public",
            url=f"/people/{profile.handle}/",
            language=writing_language(profile.bio or profile.user.name),
            author=profile.user_id,
        )


def visible_people(ids: Sequence[str], request: Any) -> set[str]:
    """Those whose page is public at this moment."""
    return {str(pk) for pk in _public(ids).values_list("user", flat=True)}


def all_people() -> Iterable[int]:
    people = Profile.objects.filter(is_public=True, user__is_active=True)
    return people.order_by("user").values_list("user", flat=True).iterator()


def _public(ids: Sequence[str]) -> QuerySet[Profile]:
    return Profile.objects.filter(user__in=ids, is_public=True, user__is_active=True)
