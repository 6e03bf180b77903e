from django.apps import AppConfig


class RoofConfig(AppConfig):
    """Holds no models: it lets `manage.py` find the roof's commands and Wagtail its hooks."""

    name = "config"
    label = "roof"
