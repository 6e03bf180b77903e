"""The URL map (PRODUCT.md): rooms in front, Wagtail's pages behind them."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from config import health
from config.views import set_language

handler429 = "config.errors.too_many"  # allauth's name for it
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", health.healthz, name="healthz"),
    path("readyz/", health.readyz, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("", include("courses.urls")),
    path("", include("community.urls")),
    path("", include("shop.catalogue.urls")),
    path("", include("shop.orders.urls")),
    path("", include("shop.fulfilment.urls")),
    path("", include("shop.invoices.urls")),
    path("", include("shop.checkout.urls")),
    path("", include("shop.payouts.urls")),
    path("", include("shop.referrals.urls")),
    path("", include("search.urls")),
    path("", include("notices.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("pages.urls")),
]
if getattr(settings, "DEVELOPMENT", False):
    urlpatterns.append(path("", include("config.dev_urls")))
urlpatterns.append(path("", include(wagtail_urls)))
