"""/admin/courses/<id>/document/: a Word or Markdown file, or pasted Markdown, becomes lessons, once its outline was looked at."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles
from accounts.roles import INSTRUCTOR, OWNER
from courses import flows
from courses.documents import LARGEST_TEXT, Document, DocumentRefused, sections
from courses.models import Course, UploadedDocument
from courses.permissions import Can, taught_courses
from kit.storage import StorageFault


class DocumentForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Word (.docx) or Markdown (.md, .txt)"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or paste Markdown"),
        required=False,
        max_length=LARGEST_TEXT // 4,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("file")) == bool(values.get("text", "").strip()) and not self.errors:
            raise forms.ValidationError(_("Choose a file or paste your text: one of them."))
        return values

    @property
    def document(self) -> Any:
        """The file, or the pasted words as one."""
        pasted = ContentFile(self.cleaned_data["text"].encode(), name="Markdown.md")
        return self.cleaned_data["file"] or pasted


def _own_course(request: HttpRequest, course_id: int) -> Course:
    return get_object_or_404(taught_courses(request.user, Can.EDIT), pk=course_id)


@for_roles(INSTRUCTOR, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, course_id: int) -> HttpResponse:
    """The form; a file that can be read leads on to its outline."""
    course = _own_course(request, course_id)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if form.is_bound and form.is_valid():
        try:
            row = flows.keep_document(course=course, author=request.user, file=form.document)
        except DocumentRefused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
        except StorageFault:
            form.add_error(None, _("Storage does not answer: nothing was stored. Try again later."))
        else:
            return redirect("course_document_preview", course.pk, row.pk)
    return _page(request, course, "courses/admin/document.html", {"form": form})


@for_roles(INSTRUCTOR, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, course_id: int, document_id: int) -> HttpResponse:
    """`?level=` which headings begin a lesson. POST `action` add | drop."""
    course = _own_course(request, course_id)
    row = get_object_or_404(UploadedDocument, pk=document_id, course=course, author=request.user)
    level = _level(request)
    try:
        if request.method == "POST":
            return _decide(request, row, level)
        document = flows.document_of(row)
        context = {"row": row, "lessons": sections(document, level), **_outline(document, level)}
    except DocumentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("course_document", course.pk)
    except StorageFault:
        messages.error(request, _("Storage does not answer. Nothing is lost: try again later."))
        return redirect("course_document", course.pk)
    return _page(request, course, "courses/admin/document_preview.html", context)


def _level(request: HttpRequest) -> int:
    value = (request.POST or request.GET).get("level", "")
    return int(value) if value in set("123456") else 0


def _outline(document: Document, level: int) -> dict[str, Any]:
    choices = [
        ("", _("as it seems right")),
        *((str(one), _("headings of level %(level)d") % {"level": one}) for one in document.levels),
    ]
    return {"choices": choices, "level": str(level or ""), "lost": document.lost}


def _decide(request: HttpRequest, row: UploadedDocument, level: int) -> HttpResponse:
    if request.POST.get("action") != "add":
        flows.drop_document(row=row)
        return redirect("course_document", row.course_id)
    added = flows.add_document(row=row, level=level)
    count = len(added.lessons)
    words = ngettext("%(count)d lesson was added as a draft.", "%(count)d lessons were added as drafts.", count)
    messages.success(request, words % {"count": count})
    for lost in added.lost[:10]:
        messages.warning(request, _("Not taken: %(what)s") % {"what": lost})
    return redirect("guided:lessons", row.course_id)


def _page(request: HttpRequest, course: Course, template: str, context: dict[str, Any]) -> HttpResponse:
    parents = [(course.title, reverse("guided:outline", args=[course.pk]))]
    context = {"course": course, **context}
    return admin_page(request, template, context, title=_("Lessons from a document"), icon="doc-full", parents=parents)
