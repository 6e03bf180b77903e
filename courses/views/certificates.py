"""/teach/courses/…/certificates/: the rule of a course's certificate, and the ones issued."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import flows
from courses.forms import CertificateRuleForm, ReasonForm
from courses.models import Certificate, CertificateRule
from courses.permissions import Can, refuse_without, taught_course
from courses.views.teach import teachers_only

PAGE = 50


@teachers_only
def certificates(request: HttpRequest, course_slug: str) -> HttpResponse:
    """What the certificate asks; who has one."""
    course = taught_course(request.user, course_slug, Can.REVOKE)
    rule = CertificateRule.objects.filter(course=course).first() or CertificateRule(course=course)
    form = CertificateRuleForm(request.POST or None, instance=rule)
    if request.method == "POST":
        refuse_without(request.user, course, Can.PUBLISH)
        if form.is_valid():
            flows.set_certificate_rule(course=course, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Saved. Who meets the rule gets the certificate."))
            return redirect("courses:certificates", course_slug=course.slug)
    before = request.GET.get("before", "")
    rows = Certificate.objects.filter(enrolment__cohort__course=course).select_related("enrolment__cohort").order_by("-pk")
    found = list((rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 18 else rows)[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {"course": course, "form": form, "certificates": found[:PAGE], "older": older}
    return render(request, "courses/teach/certificates.html", context)


@teachers_only
@require_POST
def change(request: HttpRequest, course_slug: str, certificate_id: int) -> HttpResponse:
    """Withdraw a certificate, or restore it, each with a reason for the trail."""
    course = taught_course(request.user, course_slug, Can.REVOKE)
    row = get_object_or_404(Certificate, pk=certificate_id, enrolment__cohort__course=course)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why."))
        return redirect("courses:certificates", course_slug=course.slug)
    act = flows.restore_certificate if "restore" in request.POST else flows.revoke_certificate
    act(certificate=row, actor=request.user, reason=form.cleaned_data["reason"])
    return redirect("courses:certificates", course_slug=course.slug)
