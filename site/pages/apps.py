from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from pages.flows import ensure_site_after_migrate

        # Wagtail's own handlers run for its apps first: `pages` stands above it in INSTALLED_APPS only by name.
        post_migrate.connect(ensure_site_after_migrate, sender=self)
