"""Wagtail's sign-in, sign-out and password reset, led to allauth: one door, one set of limits, one second factor."""

from allauth.account.views import logout as account_logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def login(request: HttpRequest) -> HttpResponse:
    """To our sign-in, and back to where somebody wanted to go in the back office."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


def logout(request: HttpRequest) -> HttpResponse:
    return account_logout(request)


def password_reset(request: HttpRequest) -> HttpResponse:
    return redirect("account_reset_password")
