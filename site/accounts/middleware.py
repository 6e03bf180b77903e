"""Staff and instructors need a second factor before they may enter the back office (SAFETY.md, Accounts)."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

Handler = Callable[[HttpRequest], HttpResponse]
GUARDED = ("/admin/", "/teach/")


class SecondFactorMiddleware:
    """Leads staff without a second factor to where they set one up. Off in the demo (settings)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._lacks_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks_factor(self, request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_FOR_STAFF or not request.path_info.startswith(GUARDED):
            return False
        user = request.user
        return user.is_authenticated and user.is_staff and not is_mfa_enabled(user)
