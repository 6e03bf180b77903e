"""Settings shared by every environment. Addresses and secrets come from the environment only."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.settings.community import *  # noqa: F403  (settings inherit this way)
from config.settings.log import LOGGING as LOGGING
from config.settings.parts import broker_options, database_from_url, percent, social_providers, split, time_zones
from config.settings.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE

ROOT = Path(__file__).resolve().parents[3]
SITE_DIR = ROOT / "site"

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = split(os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost"))

INSTALLED_APPS = [
    "config.apps.RoofConfig",
    "search",
    "pages",
    "shop.checkout",
    "shop.payouts",
    "shop.fulfilment",
    "shop.invoices",
    "shop.referrals",
    "shop.payments",
    "shop.orders",
    "shop.catalogue",
    "shop.ledger",
    "courses",
    "community",
    "notices",
    "accounts",
    "stock",
    "kit",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "django_htmx",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.request_log.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language.LanguagePrefixMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.language.LanguageMiddleware",
    "config.middleware.offline.OfflineMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "courses.back_office.guard.OwnCoursesOnly",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
        },
    },
]

FORM_RENDERER = "kit.form_renderer.QuickRenderer"

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and the like must be seen by every process and must not hang on Redis: the database keeps them.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"},
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "renditions"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "accounts.sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "courses:learn"
SECOND_FACTOR_FOR_STAFF = True

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.door_forms.LoginForm",
    "confirm_login_code": "accounts.door_forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.door_forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.door_forms.ConfirmPasswordResetCodeForm",
}
# Six digits can be typed on any keyboard; three tries each and the limits below leave a guesser 3 in 10,000 a day.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
# Mails take their time: allauth's three minutes would send people back to the start.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# By address of the network ("ip") and by account ("key", the e-mail address; "user"), whichever comes first (SAFETY.md).
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key,30/d/key",
    "signup": "20/m/ip,100/h/ip",
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/10s/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
# X-Forwarded-For is believed only as far as our own proxies wrote it; 0: the connection's address counts.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
SOCIALACCOUNT_PROVIDERS = social_providers(os.environ)
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "繁體中文"), ("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SITE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Taipei"

STATIC_URL = "/static/"
STATICFILES_DIRS = [SITE_DIR / "static"]
STATIC_ROOT = ROOT / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "kit.storage.PrivateStorage"},
    "public": {"BACKEND": "kit.storage.PublicStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
S3_ENDPOINT_URL = os.environ.get("S3_ENDPOINT_URL", "")
S3_ACCESS_KEY_ID = os.environ.get("S3_ACCESS_KEY_ID", "")
S3_SECRET_ACCESS_KEY = os.environ.get("S3_SECRET_ACCESS_KEY", "")
S3_REGION = os.environ.get("S3_REGION", "us-east-1")
S3_PRIVATE_BUCKET = os.environ.get("S3_PRIVATE_BUCKET", "courseyard-private")
S3_PUBLIC_BUCKET = os.environ.get("S3_PUBLIC_BUCKET", "courseyard-public")
S3_PUBLIC_URL = os.environ.get("S3_PUBLIC_URL", "")
MEDIA_ADDRESS_SECONDS = 15 * 60
MEDIA_MAX_BYTES = 1024 * 1024 * 1024
UPLOAD_MAX_BYTES = 8 * 1024 * 1024 * 1024  # straight into storage, not through this server
MEDIA_MAX_SECONDS = 4 * 3600
FFMPEG = os.environ.get("FFMPEG", "")  # its path, where it is not on the PATH; ffprobe lies beside it
TRANSCODE_MAX_SECONDS = 3 * 3600  # of one run of ffmpeg
HOMEWORK_MAX_BYTES = 200 * 1024 * 1024
CHECK_IN_MAX_BYTES = 30 * 1024 * 1024

STRIPE_API_BASE = os.environ.get("STRIPE_API_BASE", "")
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS = split(os.environ.get("STRIPE_WEBHOOK_SECRET", ""))
STRIPE_TIMEOUT_SECONDS = 8

# What prices are shown in where an offer has several, and the tax (in hundredths of a percent) where no rate is set.
SHOP_CURRENCY = os.environ.get("SHOP_CURRENCY", "CNY")
SETTLED_SECONDS = 1
SHOP_TAX_BASIS_POINTS = int(os.environ.get("SHOP_TAX_BASIS_POINTS", "0"))

# An instructor's first share of a new course; balances (minor units) from which teachers and referrers are paid.
INSTRUCTOR_SHARE_PERCENT = percent(os.environ.get("INSTRUCTOR_SHARE_PERCENT", "70"))
PAYOUT_MINIMUMS = {
    "CNY": 5000, "TWD": 20000, "USD": 1000, "EUR": 1000, "JPY": 1500, "HKD": 8000, "SGD": 1500, "GBP": 1000, "KRW": 15000,
}  # fmt: skip
# A payout of this much or more (minor units) leaves only after another owner than the one who prepared it has approved it.
PAYOUT_APPROVAL_FROM = {
    "CNY": 2_000_000, "TWD": 9_000_000, "USD": 300_000, "EUR": 300_000, "JPY": 450_000, "HKD": 2_300_000, "SGD": 400_000,
    "GBP": 250_000, "KRW": 4_000_000,
}  # fmt: skip

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = os.environ.get("BEAT_SCHEDULE_FILE", "celerybeat-schedule")

# How long a seat is held for the next in line; the time begins and ends by day where they live.
WAIT_LIST_HOURS = int(os.environ.get("WAIT_LIST_HOURS", "24"))
HOMEWORK_REPLY_HOURS = int(os.environ.get("HOMEWORK_REPLY_HOURS", "48"))  # a class's rest days are left out

# Limits (SAFETY.md)
OFFLINE_DAYS = 14  # how long a phone may keep a lesson (SAFETY.md)
COUPON_GUESSES_PER_MINUTE = 10
REPORTS_PER_HOUR = 5
UNPAID_ORDERS_AT_ONCE = 5

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Courseyard <hello@courseyard.test>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Seconds added to every reading of kit.clock.now(); for demonstrations and browser tests only.
CLOCK_OFFSET = 0

WAGTAIL_SITE_NAME = "Courseyard"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_USER_TIME_ZONES = time_zones()
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("zh-hant", "繁體中文"), ("zh-hans", "简体中文"), ("en", "English")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [
    ("en", "English"),
    ("zh-hant", _("Chinese (Traditional)")),
    ("zh-hans", _("Chinese (Simplified)")),
]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "kit.Picture"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
REFERRAL_COOKIE_NAME = "cy_ref"
# How long clicks are known: the day's salt (after it no hash can be tried against an address), the hash, the click itself,
# which no programme's window (a year at most) needs for longer.
CASE_ANSWER_DAYS, CASE_DECIDE_DAYS, CASE_APPEAL_DAYS = 7, 14, 14
CLICK_SALT_DAYS, CLICK_HASH_DAYS, CLICK_DAYS = 7, 30, 400
# What the fraud queue calls too much.
FRAUD_CLICKS_AN_HOUR, FRAUD_SIGN_UPS_AN_HOUR = 30, 8
FRAUD_REFUND_PERCENT, FRAUD_REFUND_ORDERS = 25, 4
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
