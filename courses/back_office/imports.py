"""/admin/courses/import/: upload a Common Cartridge, see what became of it."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.backoffice import admin_page, for_roles
from accounts.roles import INSTRUCTOR, OWNER
from courses.flows import CartridgeRefused, upload_cartridge
from courses.models import CartridgeImport, ImportJob
from courses.permissions import taught_courses
from kit.storage import StorageFault

MOST_SHOWN = 20


class CartridgeForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Cartridge (.imscc or .zip)"))
    title = forms.CharField(
        label=gettext_lazy("Title of the course"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty: the title that stands in the cartridge."),
    )


@for_roles(INSTRUCTOR, OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and one's last uploads with their state."""
    form = CartridgeForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            upload_cartridge(teacher=request.user, file=form.cleaned_data["file"], title=form.cleaned_data["title"])
        except CartridgeRefused as refusal:
            form.add_error("file", str(refusal))
        except StorageFault:
            form.add_error("file", _("Storage does not answer: nothing was stored. Try again later."))
        else:
            messages.success(request, _("The cartridge is being read. Look again in a moment."))
            return redirect("course_imports")
    jobs = ImportJob.objects.filter(teacher=request.user).select_related("course").order_by("-pk")[:MOST_SHOWN]
    context = {"form": form, "jobs": jobs}
    return admin_page(request, "courses/admin/imports.html", context, title=_("Import a course"), icon="upload")


@for_roles(INSTRUCTOR, OWNER)
@require_safe
def report(request: HttpRequest, course_id: int) -> HttpResponse:
    """What became what, and what could not be used; another's is not there."""
    row = get_object_or_404(
        CartridgeImport.objects.select_related("course"), course=course_id, course__in=taught_courses(request.user)
    )
    lines = [dict(zip(("what", "name", "state", "note"), line, strict=True)) for line in row.report["lines"]]
    context: dict[str, Any] = {
        "course": row.course,
        "left": [line for line in lines if line["state"] == "left"],
        "used": [line for line in lines if line["state"] == "used"],
        "parts": sum(1 for line in lines if line["state"] == "part"),
        "became": Counter(line["note"] for line in lines if line["what"] == "item").most_common(),
    }
    parents = [(_("Import a course"), reverse("course_imports"))]
    return admin_page(
        request, "courses/admin/import_report.html", context, title=row.course.title, icon="upload", parents=parents
    )
