"""What a person sets about their answers; what the owner is shown."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import oversees
from community import contacts, flows
from community.errors import NotSound
from community.message_access import reported_message_for
from community.message_forms import AnswerRulesForm, CannedForm
from community.models import AnswerRules
from community.reads.messages import canned_of, open_reports
from community.views.messages.common import private
from notices.reads import unread_count


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Hours, words for an absence, canned answers. `what`: rules | canned (`id`: which one)."""
    what = request.POST.get("what", "")
    rules = AnswerRules.objects.filter(user=request.user).first()
    initial = {"hours": rules.hours, "away_text": rules.away_text} if rules else {}
    form = AnswerRulesForm(request.POST if what == "rules" else None, initial=initial)
    canned = CannedForm(request.POST if what == "canned" else None, prefix="new" if "id" not in request.POST else None)
    if what == "rules" and form.is_valid():
        flows.set_answer_rules(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("community:message_settings")
    if what == "canned" and canned.is_valid() and _kept(request, canned):
        return redirect("community:message_settings")
    context = {
        "form": form,
        "canned": canned,
        "rows": [
            (row, CannedForm(initial={"title": row.title, "source": row.source}, auto_id=f"c{row.pk}_%s"))
            for row in canned_of(request.user)
        ],
        "away": contacts.away_until(request.user.pk),
        "notice_count": unread_count(request.user),
    }
    status = 400 if form.errors or canned.errors else 200
    return private(render(request, "community/messages/settings.html", context, status=status))


def _kept(request: HttpRequest, form: CannedForm) -> bool:
    ident = request.POST.get("id", "")
    try:
        flows.keep_canned(
            owner=request.user, pk=int(ident) if ident.isdecimal() and len(ident) < 19 else None, **form.cleaned_data
        )
    except NotSound as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
@require_POST
def drop_canned(request: HttpRequest, canned_id: int) -> HttpResponse:
    flows.drop_canned(owner=request.user, pk=canned_id)
    return redirect("community:message_settings")


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Reported messages, for the site's owner alone; to everybody else this address does not exist."""
    if not oversees(request.user):
        raise Http404("not the owner")
    context = {"reports": open_reports(), "notice_count": unread_count(request.user)}
    return private(render(request, "community/messages/reports.html", context))


@login_required
@require_POST
def decide(request: HttpRequest, message_id: int) -> HttpResponse:
    """`do` keep | remove."""
    message = reported_message_for(request.user, message_id)
    flows.decide_report(by=request.user, message=message, remove=request.POST.get("do") == "remove")
    return redirect("community:message_reports")
