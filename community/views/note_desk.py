"""Writing a note: words and pictures, then what is tagged in them; drafts, publishing, taking it away."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.portraits import BadPortrait
from community import note_access
from community.errors import NotSound, Refused, TooFast
from community.flows import notes as flows
from community.models import Note, NotePicture
from community.note_forms import NoteForm, PictureForm, ThingForm
from community.reads import notes as reads
from community.views.common import said, with_retry
from kit import things
from kit.pictures import picture_urls
from notices.reads import unread_count

# The picture one presses to tag something is this wide on every screen: a press then says where without JavaScript.
PRESS, PRESS_WIDTH = "width-320|format-webp", 320
KINDS = {"course": "course", "lesson": "lesson", "shelf": "offer"}


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    context = {"notes": reads.own_notes(request.user), "notice_count": unread_count(request.user)}
    return render(request, "community/notes/mine.html", context)


@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or None, request.FILES or None)
    return _written(request, form, None)


@never_cache
@login_required
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    note = note_access.own_note(request.user, note_id)
    words = {"title": note.title, "source": note.source, "tags": ", ".join(row.name for row in note.tags.all())}
    form = NoteForm(request.POST or None, request.FILES or None, initial=words)
    return _written(request, form, note)


def _written(request: HttpRequest, form: NoteForm, note: Note | None) -> HttpResponse:
    """Keeps words and pictures; then on to tagging, or published at once with `do=publish`."""
    status = 200
    if request.method == "POST":
        status = 413 if _is_too_large(request) else 400
        if status == 413:
            form.add_error("pictures", _("The picture is too large: 8 MB at most."))
        elif form.is_valid():
            try:
                return _kept(request, form, note)
            except (NotSound, BadPortrait, TooFast) as error:
                form.add_error("pictures" if isinstance(error, BadPortrait) else None, said(error))
                if isinstance(error, TooFast):
                    response = render(request, "community/notes/write.html", {"form": form, "note": note}, status=429)
                    return with_retry(response, error)
    context = {"form": form, "note": note, "notice_count": unread_count(request.user)}
    return render(request, "community/notes/write.html", context, status=status)


def _kept(request: HttpRequest, form: NoteForm, note: Note | None) -> HttpResponse:
    if note is None:
        key = form.sent_key(request.headers.get("Idempotency-Key", ""))
        kept = flows.write_note(author=request.user, key=key, **form.words)
        if kept.pictures.exists():
            return redirect("community:note_desk", kept.pk)  # the same form sent twice
    else:
        kept = flows.edit_note(note=note, **form.words)
    try:
        for upload in form.cleaned_data["pictures"]:
            flows.add_picture(note=kept, upload=upload)
    except (BadPortrait, NotSound) as error:
        messages.error(request, said(error))
        return redirect("community:edit_note", kept.pk)
    for row in kept.pictures.select_related("picture"):
        for spec in reads.SPECS:
            picture_urls([row.picture], spec)
    return redirect("community:note_desk", kept.pk)


def _is_too_large(request: HttpRequest) -> bool:
    return any((file.size or 0) > settings.NOTE_PICTURE_BYTES for file in request.FILES.getlist("pictures"))


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, note_id: int) -> HttpResponse:
    """Pictures with their words, what is tagged, and publishing."""
    note = note_access.own_note(request.user, note_id)
    pictures, points = reads.shown_pictures(note, request)
    press = picture_urls([shown.row.picture for shown in pictures], PRESS)
    context = {
        "note": note,
        "pictures": [
            (shown, press.get(shown.row.picture_id, ""), PictureForm(initial={"alt": shown.row.alt})) for shown in pictures
        ],
        "points": points,
        "things": ThingForm(offered=_offered(request), initial={"ref": request.GET.get("ref", "")}),
        "press_width": PRESS_WIDTH,
        "notice_count": unread_count(request.user),
    }
    return render(request, "community/notes/desk.html", context)


def _offered(request: HttpRequest) -> dict[str, dict[str, str]]:
    """What may be tagged: announced courses, lessons of one's own courses, everything for sale."""
    names = {"course": _("Courses"), "lesson": _("Lessons"), "shelf": _("In the shop")}
    return {
        names[kind]: {f"{ref}:{ident}": _named(card) for ident, card in things.choices(kind, request).items()}
        for kind, ref in KINDS.items()
    }


def _named(card: things.Card) -> str:
    return f"{card.title} · {card.summary}" if card.summary and len(card.summary) < 40 else card.title


@login_required
@require_POST
def tag(request: HttpRequest, note_id: int) -> HttpResponse:
    """`ref`, and where: a press on picture `at-<id>` sends at-<id>.x and .y in pixels of a picture PRESS_WIDTH wide."""
    note = note_access.own_note(request.user, note_id)
    if "untag" in request.POST:
        flows.untag_thing(note=note, ref=request.POST["untag"])
        return redirect("community:note_desk", note.pk)
    form = ThingForm(request.POST, offered=_offered(request))
    if not form.is_valid():
        messages.error(request, _("Choose first what to tag, then press the place in the picture."))
        return redirect("community:note_desk", note.pk)
    try:
        flows.tag_thing(note=note, ref=form.cleaned_data["ref"], **_point(note, request.POST))
    except NotSound as error:
        messages.error(request, said(error))
    return redirect("community:note_desk", note.pk)


def _point(note: Note, sent: Any) -> dict[str, Any]:
    """Where the press fell, in per mille; nothing for the plain button."""
    for picture in note.pictures.select_related("picture"):
        x, y = sent.get(f"at-{picture.pk}.x", ""), sent.get(f"at-{picture.pk}.y", "")
        if x.isdecimal() and y.isdecimal() and len(x) < 6 and len(y) < 6:
            height = max(1, PRESS_WIDTH * picture.picture.height // picture.picture.width)
            return {"picture": picture, "x": min(1000, int(x) * 1000 // PRESS_WIDTH), "y": min(1000, int(y) * 1000 // height)}
    return {}


@login_required
@require_POST
def picture(request: HttpRequest, note_id: int, picture_id: int) -> HttpResponse:
    """`do`: save (with `alt`), first, drop."""
    note = note_access.own_note(request.user, note_id)
    row = get_object_or_404(NotePicture.objects.select_related("note", "picture"), pk=picture_id, note=note)
    wish = request.POST.get("do", "")
    try:
        if wish == "drop":
            flows.drop_picture(picture=row)
        else:
            flows.change_picture(picture=row, alt=request.POST.get("alt", row.alt), first=wish == "first")
    except NotSound as error:
        messages.error(request, said(error))
    return redirect("community:note_desk", note.pk)


@login_required
@require_POST
def publish(request: HttpRequest, note_id: int) -> HttpResponse:
    note = note_access.own_note(request.user, note_id)
    try:
        published = flows.publish_note(note=note)
    except (NotSound, Refused) as error:
        messages.error(request, said(error))
        return redirect("community:note_desk", note.pk)
    messages.success(request, _("Everybody can see it now."))
    return redirect(published.path)


@login_required
@require_POST
def delete(request: HttpRequest, note_id: int) -> HttpResponse:
    """Its author's alone, a removed one too."""
    note = get_object_or_404(Note, pk=note_id, author=request.user)
    flows.delete_note(note=note)
    messages.success(request, _("The note and its pictures are gone."))
    return redirect("community:my_notes")
