"""Letters of teachers, and the one press that ends a kind of mail (RFC 8058)."""

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notices import flows, letters
from notices.groups import BY_NAME
from notices.stopping import read_token


@login_required
@cache_control(private=True, no_store=True)
def letters_page(request: HttpRequest) -> HttpResponse:
    """Whether one wants letters of one's teachers, and the button that changes it."""
    if request.method == "POST":
        letters.set_consent(user=request.user, wanted=request.POST.get("wanted") == "yes")
        return redirect("notices:letters")
    return render(request, "notices/letters.html", {"wanted": letters.has_consent(request.user)})


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in: a mail program's own button posts here (RFC 8058), people see a page with a button first.

    Opening the address alone changes nothing: mail scanners follow links.
    """
    person = get_object_or_404(get_user_model(), pk=letters.person_of(token))
    if request.method == "POST":
        letters.set_consent(user=person, wanted=False)
    return render(request, "notices/letters_stopped.html", {"stopped": request.method == "POST"})


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The same for every other kind of mail: without signing in, for the person and kind that the address was signed for.

    The token is the permission (nobody can make one), so no CSRF token: mail programs have none.
    """
    found = read_token(token)
    if found is None:
        raise Http404("not an address of ours")
    ident, about = found
    person = get_object_or_404(get_user_model(), pk=ident, is_active=True)
    if request.method == "POST":
        flows.stop_mail(user=person, about=about)
    context = {"stopped": request.method == "POST", "group": BY_NAME.get(about)}
    return render(request, "notices/stopped.html", context)
