"""Choosing a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.flows import choose_language
from kit.paths import without_language


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in the cookie, and in the account of whoever is signed in; back to `next` on our host."""
    # What comes out is judged, not what went in: /en//evil.test would become a host.
    code, target = request.POST.get("language", ""), without_language(request.POST.get("next", "/"))
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
