"""The wall of notes and one note, for everybody."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import public_profile
from community import note_access
from community.flows.note_replies import is_steward, may_pick
from community.models import Follow, Note
from community.note_forms import CommentForm
from community.reads import notes as reads
from kit import things, visits
from kit.text import plain_text
from notices.reads import unread_count


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """`tag`, `by` (a handle) narrow it; keyset pages by `before`. What editors chose stands on top of the first page."""
    tag, handle, before = (request.GET.get(name, "").replace("\x00", "")[:60].strip() for name in ("tag", "by", "before"))
    person = public_profile(request.user, handle).user if handle else None
    page = reads.wall(tag=tag, author=person, before=before)
    is_first = not (tag or handle or before)
    picks = reads.picks() if is_first else []
    people = {note.author_id for note in [*page.notes, *(pick.note for pick in picks)]}
    wishes = {"tag": tag, "by": handle}
    kept = {name: value for name, value in wishes.items() if value}
    context = {
        "page": page,
        "picks": picks,
        "badges": reads.badges_of(people),
        "tag": tag,
        "person": person,
        "older": "?" + urlencode({**kept, "before": page.older}) if page.older else "",
        "newest": "?" + urlencode(kept) if before else "",
        "edits": is_steward(request.user),
        "notice_count": unread_count(request.user),
    }
    response = render(request, "community/notes/wall.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def note(request: HttpRequest, note_id: int, slug: str = "") -> HttpResponse:
    """A draft shows itself to its author alone."""
    found = note_access.note_for(request.user, note_id)
    if slug != found.slug:
        return HttpResponsePermanentRedirect(found.path)
    return note_page(request, found, CommentForm())


def note_page(request: HttpRequest, found: Note, form: CommentForm, status: int = 200) -> HttpResponse:
    """The whole page, with a comment that did not go through."""
    after = request.GET.get("after", "")
    comments, more = reads.comments(found, int(after) if after.isdecimal() and len(after) < 19 else 0)
    pictures, points = reads.shown_pictures(found, request)
    reads.add_faces([found])
    likes, liked = reads.likes_of(found, request.user)
    user, is_own = request.user, found.author_id == request.user.pk
    context: dict[str, Any] = {
        "note": found,
        "place": f"note:{found.pk}",
        "pictures": pictures,
        "points": points,
        "tags": [row.name for row in found.tags.all()],
        "likes": likes,
        "liked": liked,
        "comments": comments,
        "more": f"?after={more}#comments" if more else "",
        "form": form,
        "is_own": is_own,
        "is_public": found.published_at is not None and found.removed_at is None,
        "follows": user.is_authenticated and not is_own and Follow.objects.filter(user=user, person=found.author).exists(),
        "badges": reads.badges_of({found.author_id, *(row.author_id for row in comments)}),
        "pick": reads.is_picked(found),
        "may_pick": may_pick(user),
        "is_steward": is_steward(user),
        "notice_count": unread_count(user),
        "og_type": "article",
        "og_title": found.title,
        "og_description": plain_text(found.html)[:200],
        "og_image": pictures[0].wide if pictures else "",
    }
    response = render(request, "community/notes/note.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def to(request: HttpRequest, note_id: int, thing_id: int) -> HttpResponse:
    """From a note to what is tagged in it; upper rooms note down where somebody came from (kit.visits)."""
    found = note_access.note_for(request.user, note_id)
    row = found.things.filter(pk=thing_id).first()
    card = things.card(row.ref, request) if row else None
    if row is None or card is None:
        return HttpResponseRedirect(found.path)
    response = HttpResponseRedirect(card.url)
    response.headers["Cache-Control"] = "private, no-store"
    visits.tell(request, response, source=f"note:{found.pk}", to=row.ref)
    return response
