"""What every page may use. Nothing here asks the database by itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.roles import BACK_OFFICE, INSTRUCTOR, OWNER, has_role
from shop.orders.cookies import basket_count


def page(request: HttpRequest) -> dict[str, Any]:
    """site_name, site_url, canonical path (without a language's prefix), and what the menu may offer."""
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.SITE_URL,
        "development": getattr(settings, "DEVELOPMENT", False),
        "live_url": settings.LIVE_URL,
        "canonical_path": request.path_info,
        "basket_count": basket_count(request),
        "menu": Menu(getattr(request, "user", None)),
    }


class Menu:
    """Which doors to show; roles are looked up only when the template asks, and only for staff."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def teaches(self) -> bool:
        return self._is_staff() and has_role(self.user, INSTRUCTOR, OWNER)

    @property
    def back_office(self) -> bool:
        return self._is_staff() and has_role(self.user, *BACK_OFFICE)

    def _is_staff(self) -> bool:
        return bool(self.user and self.user.is_authenticated and self.user.is_staff)
