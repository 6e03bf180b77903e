"""/admin/shop/programmes/: programmes, their versions of rules, who may join, and whether we keep our own price floor."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.models import User
from accounts.roles import OWNER
from shop.checkout.admin.programme_form import ProgrammeForm
from shop.referrals import flows
from shop.referrals.floors import breaches
from shop.referrals.models import Admission, Agreement, Programme
from shop.referrals.rules import Rules


@for_roles(OWNER)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    waiting = Count("admissions", filter=Q(admissions__state="waiting"), distinct=True)
    people = Count("agreements", filter=Q(agreements__ended_at=None), distinct=True)
    rows = Programme.objects.select_related("offer").annotate(waiting=waiting, people=people, version=Max("versions__number"))
    context = {"page": page_of(request, rows.order_by("-waiting", "name", "pk"))}
    return admin_page(request, "shop/admin/programmes.html", context, title=_("Programmes"), icon="group")


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, kept=Rules())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = flows.create_programme(
            name=values["name"],
            offer=values["offer"],
            joining=values["joining"],
            text=values["text"],
            rules=form.rules(),
            actor=request.user,
        )
        messages.success(request, _("Made. People can join now."))
        return redirect("shop_programme", made.pk)
    context = {"form": form}
    return admin_page(request, "shop/admin/programme_new.html", context, title=_("A new programme"), icon="group", parents=_up())


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Its rules now, and a form for the next version; orders that are placed keep theirs."""
    row = get_object_or_404(Programme.objects.select_related("offer"), pk=programme_id)
    versions = list(row.versions.order_by("-number")[:20])
    kept = Rules.from_json(versions[0].rules)
    form = ProgrammeForm(request.POST or None, kept=kept, programme=row, text=versions[0].text)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        flows.set_joining(programme=row, joining=values["joining"], is_open=values["is_open"], actor=request.user)
        if form.rules() != kept or values["text"] != versions[0].text:
            flows.change_rules(programme=row, rules=form.rules(), text=values["text"], actor=request.user)
        messages.success(request, _("Kept. It counts for orders from now on."))
        return redirect("shop_programme", row.pk)
    context: dict[str, Any] = {
        "programme": row,
        "form": form,
        "versions": versions,
        "breaches": breaches(row, kept),
        "waiting": list(row.admissions.filter(state=Admission.State.WAITING).select_related("user").order_by("pk")[:50]),
        "agreements": list(row.agreements.filter(ended_at=None).select_related("user", "version").order_by("-pk")[:50]),
    }
    return admin_page(request, "shop/admin/programme.html", context, title=row.name, icon="group", parents=_up())


@for_roles(OWNER)
@require_POST
def invite(request: HttpRequest, programme_id: int) -> HttpResponse:
    row = get_object_or_404(Programme, pk=programme_id)
    user = User.objects.filter(email__iexact=request.POST.get("email", "").strip(), is_active=True).first()
    if user is None:
        messages.error(request, _("Nobody here has this e-mail address."))
    else:
        flows.invite(user=user, programme=row, actor=request.user)
        messages.success(request, _("Invited, and told."))
    return redirect("shop_programme", row.pk)


@for_roles(OWNER)
@require_POST
def decide_application(request: HttpRequest, admission_id: int) -> HttpResponse:
    row = get_object_or_404(Admission, pk=admission_id)
    why, action = request.POST.get("reason", "").strip(), request.POST.get("action", "")
    if action in {"accept", "refuse"}:
        flows.decide_application(admission=row, accept=action == "accept", actor=request.user, reason=why)
    return redirect("shop_programme", row.programme_id)


@for_roles(OWNER)
@require_POST
def end_agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    row = get_object_or_404(Agreement, pk=agreement_id)
    why = request.POST.get("reason", "").strip()
    if why:
        flows.end_agreement(agreement=row, actor=request.user, reason=why[:300])
        messages.success(request, _("Ended: links to it earn nothing from now on."))
    else:
        messages.error(request, _("Please say why."))
    return redirect("shop_programme", row.programme_id)


def _up() -> list[tuple[str, str]]:
    return [(_("Programmes"), reverse("shop_programmes"))]
