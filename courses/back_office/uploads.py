"""/admin/courses/upload/: films straight into storage, in parts that this server signs one by one."""

import base64
import binascii
import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.backoffice import admin_page, for_roles
from accounts.roles import INSTRUCTOR, OWNER
from courses import flows
from courses.files import FileRefused, FileTooLarge
from courses.flows.uploads import TooManyUploads, UploadIncomplete
from courses.models import MediaUpload
from courses.permissions import Can, taught_courses
from kit.multipart import UploadLost
from kit.storage import StorageFault

View = Callable[..., HttpResponse]


class BeginForm(forms.Form):
    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=None)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    mark = forms.CharField(max_length=300, widget=forms.HiddenInput)
    size = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    head = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = taught_courses(user, Can.EDIT)  # type: ignore[attr-defined]

    def clean_head(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["head"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(_("The file cannot be read.")) from error


def in_words(view: View) -> View:
    """What goes wrong is said in words that the page shows."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except FileRefused as error:
            return _error(str(error), 413 if isinstance(error, FileTooLarge) else 400)
        except TooManyUploads:
            return _error(_("You have five unfinished uploads. End or stop one of them first."), 429)
        except UploadIncomplete:
            return _error(_("Parts of the file are missing. Choose the same file again: the upload goes on."), 409)
        except UploadLost:
            return _error(_("Storage no longer knows this upload. Please start it again."), 410)
        except StorageFault:
            return _error(_("Storage does not answer. Choose the same file again later: the upload goes on."), 503)

    return wrapped


def _error(text: str, status: int) -> HttpResponse:
    response = JsonResponse({"error": text}, status=status)
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def own_upload(request: HttpRequest, upload_id: int) -> MediaUpload:
    """One's own upload, while one may still change its course; else 404."""
    return get_object_or_404(MediaUpload, pk=upload_id, owner=request.user, course__in=taught_courses(request.user, Can.EDIT))


@for_roles(INSTRUCTOR, OWNER)
@require_safe
def uploads(request: HttpRequest) -> HttpResponse:
    """The form, and what of one's own is not finished."""
    rows = MediaUpload.objects.filter(owner=request.user, media=None).select_related("course").order_by("-pk")
    context = {"form": BeginForm(request.user), "uploads": rows}
    return admin_page(request, "courses/admin/uploads.html", context, title=_("Upload film or sound"), icon="upload")


@for_roles(INSTRUCTOR, OWNER)
@require_POST
@in_words
def begin(request: HttpRequest) -> HttpResponse:
    """{id, part_size, parts, sent: [numbers]} of a new upload, or of the unfinished one of this file."""
    form = BeginForm(request.user, request.POST)
    if not form.is_valid():
        return _error(next(iter(form.errors.values()))[0], 400)
    upload = flows.begin_upload(owner=request.user, **form.cleaned_data)
    sent = flows.sent_parts(upload=upload)
    return JsonResponse({"id": upload.pk, "part_size": upload.part_size, "parts": upload.parts, "sent": sent})


@for_roles(INSTRUCTOR, OWNER)
@require_POST
@in_words
def part(request: HttpRequest, upload_id: int, number: int) -> HttpResponse:
    """{address} for one part."""
    try:
        return JsonResponse({"address": flows.sign_part(upload=own_upload(request, upload_id), number=number)})
    except ValueError:
        return _error(_("Parts of the file are missing. Choose the same file again: the upload goes on."), 400)


@for_roles(INSTRUCTOR, OWNER)
@require_POST
@in_words
def finish(request: HttpRequest, upload_id: int) -> HttpResponse:
    """{next}: where the new file stands."""
    item = flows.finish_upload(upload=own_upload(request, upload_id))
    return JsonResponse({"next": reverse("wagtailsnippets_courses_media:edit", args=[item.pk])})


@for_roles(INSTRUCTOR, OWNER)
@require_POST
def stop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Give an upload up."""
    upload = own_upload(request, upload_id)
    try:
        flows.abort_upload(upload=upload)
    except StorageFault:
        messages.error(request, _("Storage does not answer. Try again later."))
    return redirect("course_uploads")
