"""WSGI entry. Refuses to start where DJANGO_SETTINGS_MODULE is unset rather than fall back to development."""

import os

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    raise RuntimeError("DJANGO_SETTINGS_MODULE is not set: refusing to guess the settings.")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
