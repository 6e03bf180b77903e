"""A lesson's files: each address asks `lesson_access`, then leads to storage for 15 minutes at most."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from courses.access import lesson_access
from courses.captions import write_cues
from courses.models import Media
from courses.permissions import teaches
from courses.reads import lesson as reads
from courses.reads.playlists import in_preparation, part_key, playlist, prepared_form
from kit.storage import presigned_address

private = cache_control(private=True, no_store=True)


def media_for(request: HttpRequest, course_slug: str, lesson_slug: str, media_id: int) -> Media:
    """The file, if the lesson is open to this person. It must stand in the text that this person may read: a free
    preview's address must not open the file of a paid lesson. Http404 else.
    """
    row = reads.lesson_at(course_slug, lesson_slug)
    access = lesson_access(request.user, row)
    if not access.granted:
        raise Http404
    item = get_object_or_404(Media, pk=media_id, course=row.course_id)
    if not teaches(request.user, row.course) and media_id not in reads.media_ids(reads.lesson_text(row, access.enrolment).body):
        raise Http404
    return item


@private
@require_GET
def media(request: HttpRequest, course_slug: str, lesson_slug: str, media_id: int) -> HttpResponse:
    """Lead to one file of this lesson as it was sent."""
    return redirect(presigned_address(media_for(request, course_slug, lesson_slug, media_id).key))


@private
@require_GET
def player(request: HttpRequest, course_slug: str, lesson_slug: str, media_id: int) -> HttpResponse:
    """The player of a film that was being prepared when the page was read; 204 while it still is."""
    item = media_for(request, course_slug, lesson_slug, media_id)
    if in_preparation([item]):
        return HttpResponse(status=204)
    row = reads.lesson_at(course_slug, lesson_slug)
    body = reads.lesson_text(row, lesson_access(request.user, row).enrolment).body
    blocks = [block.value for block in body if block.block_type == "media" and block.value["media"] == item]
    base = reverse("courses:lesson", args=[course_slug, lesson_slug]) + "media/"
    return render(request, "courses/blocks/media.html", {"value": blocks[0] if blocks else {"media": item}, "media_base": base})


@private
@require_GET
def part(request: HttpRequest, course_slug: str, lesson_slug: str, media_id: int, name: str) -> HttpResponse:
    """A part of the prepared form: playlists come from here, segments and the rest from storage."""
    item = media_for(request, course_slug, lesson_slug, media_id)
    if name.startswith("captions-"):
        return _captions(item, name.removeprefix("captions-").removesuffix(".vtt"))
    row = prepared_form(item)
    if row is None:
        raise Http404
    text = playlist(row, name)
    if text is not None:
        return HttpResponse(text, content_type="application/vnd.apple.mpegurl")
    key = part_key(row, name)
    if key is None:
        raise Http404
    return redirect(presigned_address(key))


def _captions(item: Media, language: str) -> HttpResponse:
    if language not in item.captions:
        raise Http404
    return HttpResponse(write_cues(item.captions[language]), content_type="text/vtt; charset=utf-8")
