"""/account/confirm/: a code by e-mail, for accounts without password or second factor."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.proof import check_code, send_code


@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code; sending it is a POST, so that no link can make us send mails."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = reverse("people:account")
    context = {"target": target, "sent": False}
    if request.method == "POST" and "code" not in request.POST:
        send_code(request)
        context["sent"] = True
    elif request.method == "POST":
        if check_code(request, request.POST["code"]):
            return HttpResponseRedirect(target)
        context |= {"sent": True, "error": _("This is not the code, or it is too old. Ask for a new one after three tries.")}
    return render(request, "account/confirm.html", context, status=422 if "error" in context else 200)
