"""What every form with the editor shares: its draft, its files, its preview, and what was pressed."""

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from community import access, flows, markup, reads
from community.access import Standing
from community.errors import Refused
from community.forms import KeyedForm
from community.models import Attachment, Draft
from community.views.common import REFUSALS
from kit import things


def desk(request: HttpRequest, place: str, *, draft: Draft | None = None) -> dict[str, Any]:
    """What the editor's template shows beside the form: place, unsent files, the draft and whether another device wrote."""
    return {"place": place, "draft": draft, "unsent": reads.unsent_files(request.user, place)}


def filled(draft: Draft | None) -> dict[str, Any]:
    """A form's first values from what was kept."""
    if draft is None:
        return {}
    values = {"source": draft.source, "title": draft.title, "kind": draft.kind, "answers": draft.answers_no, "round": draft.round}
    return {name: value for name, value in values.items() if value}


def chosen_files(request: HttpRequest, standing: Standing, place: str) -> list[int]:
    """Ids of the files that go with what is sent: those ticked, and those that come with a form without script. What was
    shown and is not ticked any more is dropped. Raises Refused, FileRefused, TooFast or StorageFault; then nothing is stored.
    """
    require_writer(standing)
    ticked, seen = (numbers(request.POST.getlist(name)) for name in ("files", "seen"))
    key = request.POST.get("key", "")[:40] or uuid4().hex
    fresh: list[int] = []
    try:
        for number, file in enumerate(request.FILES.getlist("upload")):
            fresh.append(flows.keep_file(owner=request.user, place=place, file=file, key=f"{key}:{number}").pk)
    except REFUSALS:
        flows.drop_files(owner=request.user, files=fresh)
        raise
    if unwanted := set(seen) - set(ticked):
        flows.drop_files(owner=request.user, files=unwanted)
    return [*ticked, *fresh]


def preview_of(request: HttpRequest, standing: Standing, place: str, source: str, files: list[int]) -> str:
    """How it would look; nothing is stored."""
    mine = reads.unsent_files(request.user, place)
    kind, _colon, ident = place.partition(":")
    if kind == "post":
        mine += list(Attachment.objects.filter(post=ident, owner=request.user))
    shown = reads.files_as_shown([file for file in mine if file.pk in files])
    html = markup.render(source)
    people = markup.addresses(reads.handles_of_members(standing.space, markup.handles_in(html)))
    lesson = lesson_of(request, reads.about_of(place) if kind != "space" else request.POST.get("about", ""))
    return markup.shown(html, space=standing.space.slug, files=shown, people=people, lesson=lesson)


def require_writer(standing: Standing) -> None:
    """Raises Refused: who may not write here keeps neither drafts nor files."""
    if not standing.may_write:
        raise Refused(_("Only members write here."))


def kept_aside(request: HttpRequest, standing: Standing, place: str, form: KeyedForm) -> HttpResponse | None:
    """The button "Keep as draft"; answers where htmx asked, else None. Raises Refused or NotSound."""
    require_writer(standing)
    flows.keep_draft(owner=request.user, place=place, words=words_in(request, form))
    said = _("Kept. You can go on here, or on another device.")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": said})})
    messages.success(request, said)
    return None


def quotation(standing: Standing, topic_id: int, no: int) -> str:
    """A post as Markdown that quotes it; Http404 for one that is not there, a removed one too."""
    post = access.post_for(standing, topic_id, no)
    if post.removed_at is not None:
        raise Http404("no such post")
    return markup.quoted(post.source, post.author.display_name, f"/community/{standing.space.slug}/{topic_id}/{no}/")


def words_in(request: HttpRequest, form: KeyedForm) -> flows.Words:
    values = {name: request.POST.get(name, "") for name in ("source", "title", "kind")}
    answers, seen = (numbers([request.POST.get(name, "")]) for name in ("answers", "round"))
    key = str(form.cleaned_data.get("key", "")) if form.is_valid() else ""
    return flows.Words(**values, answers_no=next(iter(answers), None), round=next(iter(seen), 0), key=key)


def numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts[:100] if text.isascii() and text.isdecimal() and len(text) < 10]


def lesson_of(request: HttpRequest, about: str) -> str:
    """The address of the lesson that a topic is about, for whom it may be shown to; else ""."""
    card = things.card(about, request) if about.startswith("lesson:") else None
    return card.url if card else ""
