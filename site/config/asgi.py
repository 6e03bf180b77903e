"""The live process: uvicorn config.asgi:application. Only `/live/`; the site itself is WSGI (config/wsgi.py)."""

import os

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    raise RuntimeError("DJANGO_SETTINGS_MODULE is not set: refusing to guess the settings.")

import django

django.setup()

from notices.live.app import LiveApp  # noqa: E402  (needs the apps)

application = LiveApp()
