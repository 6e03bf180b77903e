"""Production without the redirect to TLS and with plain cookie names, so that a benchmark can speak HTTP."""

from config.settings.production import *  # noqa: F403  (settings inherit this way)

SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = None  # type: ignore[assignment]
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = False
SECOND_FACTOR_FOR_STAFF = False
