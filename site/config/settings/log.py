"""Structured logs: one JSON object a line (kit/log.py); what libraries tell of their own work is left out."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "kit.log.RequestFilter"}},
    "formatters": {"json": {"()": "kit.log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("django.server", "botocore", "stripe", "fontTools", "fpdf", "django_tasks", "wagtail")
    },
}
