"""Tests: as production where it matters, quick where it does not."""

import os

from config.settings.base import *  # noqa: F403  (settings inherit this way)

SECRET_KEY = "a-key-for-tests-only-that-protects-nothing-at-all"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECOND_FACTOR_FOR_STAFF = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# No collected files here: WhiteNoise would warn at every start that their folder is missing.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STRIPE_SECRET_KEY = "sk_test_courseyard"  # noqa: S105
STRIPE_WEBHOOK_SECRETS = ["whsec_test", "whsec_test_old"]
# Tests undo their rows: nothing read may outlive them (kit/settled.py).
SETTLED_SECONDS = 0
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = False
ACCOUNT_RATE_LIMITS = False
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# Two workers of one run share the servers, never a bucket: a test may count what is stored.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    S3_PRIVATE_BUCKET = f"{S3_PRIVATE_BUCKET}-{worker}"  # noqa: F405
# Two shells may run tests on one server at once: each brings a name of its own (launch/services.py).
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME") or None}  # noqa: F405
