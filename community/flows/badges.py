"""Badges by rule (settings/notes.py): counted by a task each night, given and taken, never by hand."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q

from accounts.models import User
from community.models import Badge, Note, NoteLike, Post, Reaction
from kit.clock import now


@transaction.atomic
def refresh_badges() -> None:
    """Who fulfils a rule now has the badge; who does no longer, has it no more."""
    for kind, people in ((Badge.Kind.HELPER, helpers()), (Badge.Kind.CREATOR, creators())):
        active = set(User.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
        Badge.objects.filter(kind=kind).exclude(user__in=active).delete()
        moment = now()
        Badge.objects.bulk_create([Badge(user_id=pk, kind=kind, since=moment) for pk in sorted(active)], ignore_conflicts=True)


def helpers() -> set[int]:
    """Accepted answers, or thanks from that many different people, within the last days; nobody's own count."""
    since = now() - timedelta(days=settings.HELPER_DAYS)
    accepted = Post.objects.filter(no=F("topic__accepted_no"), removed_at=None, created_at__gte=since)
    answered = accepted.exclude(author=F("topic__author")).values("author").annotate(n=Count("pk"))
    thanks = Reaction.objects.filter(at__gte=since, post__removed_at=None).exclude(user=F("post__author"))
    thanked = thanks.values("post__author").annotate(n=Count("user", distinct=True))
    enough = set(answered.filter(n__gte=settings.HELPER_ANSWERS).order_by().values_list("author", flat=True))
    return enough | set(thanked.filter(n__gte=settings.HELPER_THANKS).order_by().values_list("post__author", flat=True))


def creators() -> set[int]:
    """Enough notes that stand, liked by enough different people."""
    shown = Q(published_at__isnull=False, removed_at=None)
    many = Note.objects.filter(shown).values("author").annotate(n=Count("pk")).filter(n__gte=settings.CREATOR_NOTES)
    likes = NoteLike.objects.filter(note__published_at__isnull=False, note__removed_at=None).exclude(user=F("note__author"))
    liked = likes.values("note__author").annotate(n=Count("user", distinct=True)).filter(n__gte=settings.CREATOR_LIKES)
    return set(many.order_by().values_list("author", flat=True)) & set(liked.order_by().values_list("note__author", flat=True))
