"""What one does with a note: like, comment, flag; what editors and stewards do. Each works without JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community import note_access
from community.errors import NotSound, Refused, TooFast
from community.flows import note_replies as flows
from community.flows.notes import remove_note
from community.forms import ReasonForm
from community.models import Note, NoteComment, NoteReport
from community.note_forms import CommentForm
from community.reads.notes import open_reports
from community.views.common import refusal, said, status_of, with_retry
from community.views.notes import note_page
from notices.reads import unread_count


@login_required
@require_POST
def like(request: HttpRequest, note_id: int) -> HttpResponse:
    note = note_access.public_note(note_id)
    try:
        flows.like_note(user=request.user, note=note, on=request.POST.get("on") != "no")
    except Refused as error:
        return refusal(request, error)
    return redirect(f"{note.path}#likes")


@login_required
@require_POST
def comment(request: HttpRequest, note_id: int) -> HttpResponse:
    note = note_access.public_note(note_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return note_page(request, note, form, status=400)
    key = form.sent_key(request.headers.get("Idempotency-Key", ""))
    try:
        made = flows.comment_on_note(author=request.user, note=note, source=form.cleaned_data["source"], key=key)
    except (NotSound, Refused, TooFast) as error:
        form.add_error(None, said(error))
        return with_retry(note_page(request, note, form, status=status_of(error)), error)
    return redirect(f"{note.path}?after={max(0, made.pk - 1)}#comment-{made.pk}" if _is_far(made) else f"{note.path}#comments")


def _is_far(made: NoteComment) -> bool:
    """Whether it stands beyond the first page."""
    return NoteComment.objects.filter(note=made.note_id, removed_at=None)[50:51].exists()


@login_required
@require_POST
def remove_comment(request: HttpRequest, note_id: int, comment_id: int) -> HttpResponse:
    found = note_access.comment_for(note_access.public_note(note_id), comment_id)
    try:
        flows.remove_comment(by=request.user, comment=found)
    except Refused as error:
        raise Http404 from error
    return redirect(f"{found.note.path}#comments")


@login_required
def report(request: HttpRequest, note_id: int, comment_id: int = 0) -> HttpResponse:
    note = note_access.public_note(note_id)
    found = note_access.comment_for(note, comment_id) if comment_id else None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.report_note(reporter=request.user, note=note, comment=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("Thank you. Those who run this site will look at it."))
        return redirect(note.path)
    return _asked(request, note, form, "report")


@login_required
def remove(request: HttpRequest, note_id: int) -> HttpResponse:
    _steward(request)
    note = note_access.public_note(note_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remove_note(by=request.user, note=note, reason=form.cleaned_data["reason"])
        messages.success(request, _("Removed. The author has been told why."))
        return redirect("community:note_reports")
    return _asked(request, note, form, "remove")


@login_required
def pick(request: HttpRequest, note_id: int) -> HttpResponse:
    """`reason` puts it on top of the wall; `do=end` takes it down."""
    if not flows.may_pick(request.user):
        raise Http404("no editor")
    note = note_access.public_note(note_id)
    if request.POST.get("do") == "end":
        flows.unpick_note(by=request.user, note=note)
        return redirect(note.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.pick_note(by=request.user, note=note, reason=form.cleaned_data["reason"])
        messages.success(request, _("It stands on top of the wall now."))
        return redirect("community:notes")
    return _asked(request, note, form, "pick")


@never_cache
@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    _steward(request)
    context = {"reports": open_reports(), "notice_count": unread_count(request.user)}
    return render(request, "community/notes/reports.html", context)


@login_required
@require_POST
def keep(request: HttpRequest, report_id: int) -> HttpResponse:
    _steward(request)
    flows.keep_reported(by=request.user, report=get_object_or_404(NoteReport, pk=report_id))
    return redirect("community:note_reports")


def _steward(request: Any) -> None:
    if not flows.is_steward(request.user):
        raise Http404("nobody who runs this site")


def _asked(request: HttpRequest, note: Note, form: ReasonForm, asks: str) -> HttpResponse:
    context = {"note": note, "form": form, "asks": asks}
    return render(request, "community/notes/reason.html", context, status=400 if form.errors else 200)
