"""Development and the demo: mails become files, the Stripe stand-in is spoken to, second factor off."""

import os

from config.settings.base import *  # noqa: F403  (settings inherit this way)
from config.settings.base import ROOT
from config.settings.parts import clock_offset

DEVELOPMENT = True
SECRET_KEY = os.environ.get("SECRET_KEY", "development-only-key-that-protects-nothing")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ.get("MAIL_DIR", str(ROOT / "var" / "mail"))
CLOCK_OFFSET = clock_offset(os.environ.get("CLOCK_OFFSET", "0"))
SECOND_FACTOR_FOR_STAFF = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# The demo is tried by hand and by browser tests: limits meant for strangers on the internet would stop them.
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "20/m/key",
    "request_login_code": "60/m/ip",
    "signup": "60/m/ip",
    "confirm_email": "10/s/key",
    "reset_password": "60/m/ip",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
