"""Choosing a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.flows import choose_language


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in the cookie, and in the account of whoever is signed in; back to `next` on our host."""
    code, target = request.POST.get("language", ""), _without_prefix(request.POST.get("next", "/"))
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", httponly=True, secure=request.is_secure()
        )
        if request.user.is_authenticated:
            choose_language(user=request.user, language=code)
    return response


def _without_prefix(path: str) -> str:
    """The path that follows cookie and account. What comes out is judged again: /en//evil.test would become a host."""
    head, _slash, rest = path.lstrip("/").partition("/")
    return f"/{rest}" if head in dict(settings.LANGUAGES) else path
