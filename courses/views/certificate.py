"""Certificates: anyone may verify one."""

from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from courses.certificate_pdf import certificate_sheet
from courses.models import Certificate
from kit.paths import site_address


def _found(uuid: UUID) -> Certificate:
    return get_object_or_404(Certificate.objects.select_related("enrolment__cohort__course__teacher"), uuid=uuid)


def _address(certificate: Certificate) -> str:
    return site_address(reverse("courses:certificate", args=[certificate.uuid]))


@require_GET
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who finished what and when, or that it was withdrawn. Nothing else about the person."""
    row = _found(uuid)
    code = segno.make(_address(row), error="m")
    context: dict[str, Any] = {
        "certificate": row,
        "course": row.enrolment.cohort.course,
        "address": _address(row),
        "is_own": request.user.is_authenticated and request.user.pk == row.enrolment.user_id,
        # segno draws the code of our own address: no words of people in it.
        "code": mark_safe(code.svg_inline(scale=4, border=2, dark="#1d2130", light="#fffdf8", omitsize=True)),  # noqa: S308
    }
    return render(request, "courses/certificate.html", context)


@require_GET
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The certificate to print; a withdrawn one is no longer printed."""
    row = _found(uuid)
    if row.revoked_at is not None:
        raise Http404
    sheet = certificate_sheet(certificate=row, address=_address(row))
    name = f'attachment; filename="certificate-{row.uuid}.pdf"'
    return HttpResponse(sheet, content_type="application/pdf", headers={"Content-Disposition": name})
