"""Content-Security-Policy and its friends (SAFETY.md, Headers)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kit.embeds import FRAME_HOSTS

Handler = Callable[[HttpRequest], HttpResponse]


def origin(url: str) -> str:
    """scheme://host:port of an address, or ''."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


# Browsers judge form-action by where a form's answer redirects to, too.
SOCIAL = {"google": "https://accounts.google.com", "line": "https://access.line.me"}


def site_policy() -> str:
    """For all pages of ours: no inline script or style, media from storage, forms to ourselves, Stripe's page and sign-ins."""
    pictures, media = origin(settings.S3_PUBLIC_URL), origin(settings.S3_ENDPOINT_URL)
    pay = origin(settings.STRIPE_API_BASE) or "https://checkout.stripe.com"
    return "; ".join(
        [
            "default-src 'self'",
            f"img-src 'self' data: {pictures} {media}".rstrip(),
            f"media-src 'self' {media}".rstrip(),
            # Live updates come from a process of their own (docs/running.md).
            f"connect-src 'self' {origin(settings.LIVE_URL)}".rstrip(),
            " ".join(["frame-src", *FRAME_HOSTS]),
            " ".join(["form-action 'self'", pay, *(SOCIAL[name] for name in settings.SOCIALACCOUNT_PROVIDERS)]),
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def admin_policy() -> str:
    """Wagtail's admin needs inline script and style, and shows pictures from storage."""
    pictures, media = origin(settings.S3_PUBLIC_URL), origin(settings.S3_ENDPOINT_URL)
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: {pictures} {media}; media-src 'self' {media}; "
        # Films go straight into storage.
        f"connect-src 'self' {media}; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.site, self.admin = site_policy(), admin_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # By now a language prefix is off path_info: /en/admin/ is the admin too.
        is_admin = request.path_info.startswith("/admin/")
        # A preview was rendered by a request of its own within this one, and keeps the policy that it got as a page.
        response.headers.setdefault("Content-Security-Policy", self.admin if is_admin else self.site)
        if is_admin and "/preview/" in request.path_info:
            _allow_own_frames(response)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
        return response


def _allow_own_frames(response: HttpResponse) -> None:
    """Wagtail's editor shows previews in a frame of its own (SAFETY.md: there alone)."""
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
