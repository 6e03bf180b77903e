"""How allauth behaves here."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.flows import end_sessions
from kit.paths import without_language


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """E-mail accounts; addresses of redirects stay on our host (allauth checks them)."""

    def logout(self, request: HttpRequest) -> None:
        """Signing out ends the other sessions too: whoever forgot one at a friend's need not remember it."""
        if request.user.is_authenticated:
            end_sessions(user=request.user)
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The front page, in the language that was asked for."""
        return get_script_prefix()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mails are built on SITE_URL, never on a Host header that a stranger may have chosen."""
        links = {
            "signup_url": site_address("account_signup"),
            "login_code_url": site_address("account_request_login_code"),
            "password_reset_url": site_address("account_reset_password"),
        }
        super().send_mail(template_prefix, email, {**context, **links, "site_name": settings.WAGTAIL_SITE_NAME})

    def is_safe_url(self, url: str) -> bool:
        """Only our own host: allauth would let any of ALLOWED_HOSTS pass. And no door that sends the person back here."""
        request = context.request
        if request.user.is_authenticated and leads_to_back_office(url) and not request.user.has_perm("wagtailadmin.access_admin"):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Social sign-in, where a provider is configured."""


def leads_to_back_office(url: str) -> bool:
    """Whether an address is in /admin/, which leads whoever may not enter to the sign-in page."""
    return without_language(urlsplit(url).path).startswith("/admin/")


def site_address(name: str) -> str:
    """The absolute address of one of our pages, by its name."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse(name)}"
